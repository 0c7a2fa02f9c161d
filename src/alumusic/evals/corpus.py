"""Checks the corpus (format, tags, duplicates, templates) and writes its statistics: `make corpus` runs this."""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from alumusic.classify.local.corpus import LABELS, Example, read_examples
from alumusic.domain.comments import MAX_TAGS, MAX_TEXT_LENGTH, Category
from alumusic.domain.tags import KNOWN_CODES, group_of, is_known
from alumusic.domain.taxonomy import Group
from alumusic.evals.second_labels import SECOND_LABELS, second_reading
from alumusic.text.normalize import search_words

LANGUAGES: Final = ("pt", "en", "es")
REGISTERS: Final = ("formal", "casual", "giria", "emoji", "curto", "longo", "")
PHENOMENA: Final = (
    "", "fato", "desgosto", "aspero", "neutro_elogio", "sem_interrogacao", "misto", "implicita", "retorica",
    "ironia", "disfarcado", "meme", "nome",
)  # fmt: skip
MOST_OF_ONE_TEMPLATE: Final = 0.01
_OPENING_WORDS: Final = 3
_SHORTEST_NEAR_DUPLICATE: Final = 5
"""Words; shorter comments are allowed to be alike, as they are in life."""
_START, _END = "<!-- statistics: start -->", "<!-- statistics: end -->"
_ELONGATED: Final = re.compile(r"(.)\1{2,}")


def problems_of(examples: Sequence[Example]) -> Iterator[str]:
    """Yield a sentence for everything that is wrong with the corpus."""
    for example in examples:
        for problem in _row_problems(example):
            yield f"{_place(example)}: {problem}"
    yield from _duplicates(examples)
    yield from _templates(examples)


def _place(example: Example) -> str:
    return f"{example.voice}.csv:{example.line}"


def _row_problems(example: Example) -> Iterator[str]:
    if not example.text.strip() or len(example.text) > MAX_TEXT_LENGTH:
        yield "empty or too long"
    for name, value, allowed in (
        ("class", example.label, LABELS),
        ("language", example.language, LANGUAGES),
        ("register", example.register, REGISTERS),
        ("phenomenon", example.phenomenon, PHENOMENA),
    ):
        if value not in allowed:
            yield f"unknown {name} {value!r}"
    yield from _tag_problems(example)


def _tag_problems(example: Example) -> Iterator[str]:
    strangers = [tag for tag in example.tags if not is_known(tag)]
    if strangers:
        yield f"unknown tags {strangers}"
        return
    if len(set(example.tags)) != len(example.tags) or len(example.tags) > MAX_TAGS:
        yield "repeated or too many tags"
    spam = example.label == Category.SPAM.value
    if any((group_of(tag) is Group.SPAM) != spam for tag in example.tags):
        yield "tags of spam belong to SPAM, and no others do"


def folded(text: str) -> str:
    """Return what two comments share when they are the same but for case, accents, signs and long vowels."""
    return _ELONGATED.sub(r"\1", search_words(text)) or text.strip()


def near_keys(text: str) -> set[str]:
    """Return keys of which comments that differ by one word (changed, added, lost) share one."""
    words = folded(text).split()
    if len(words) < _SHORTEST_NEAR_DUPLICATE:
        return set()
    lacking_one = {" ".join([*words[:place], "_", *words[place + 1 :]]) for place in range(len(words))}
    return lacking_one | {" ".join(words)} | {key.replace("_ ", "").replace(" _", "") for key in lacking_one}


def _duplicates(examples: Sequence[Example]) -> Iterator[str]:
    seen: dict[str, Example] = {}
    near: dict[str, Example] = {}
    for example in examples:
        key = folded(example.text)
        keys = near_keys(example.text)
        if key in seen:
            yield f"{_place(example)}: the same as {_place(seen[key])}: {example.text[:60]!r}"
        else:
            twin = next((near[near_key] for near_key in sorted(keys) if near_key in near), None)
            if twin is not None:
                yield f"{_place(example)}: one word from {_place(twin)}: {example.text[:60]!r}"
        seen.setdefault(key, example)
        for near_key in keys:
            near.setdefault(near_key, example)


def _templates(examples: Sequence[Example]) -> Iterator[str]:
    most = len(examples) * MOST_OF_ONE_TEMPLATE
    for name, ends in (("begin", _beginning), ("end", _ending)):
        for words, count in _counted(examples, ends).most_common():
            if count <= most:
                break
            yield f"{count} comments {name} with {words!r}: more than {MOST_OF_ONE_TEMPLATE:.0%}"


def _beginning(words: list[str]) -> str:
    return " ".join(words[:_OPENING_WORDS])


def _ending(words: list[str]) -> str:
    return " ".join(words[-_OPENING_WORDS:])


def _counted(examples: Iterable[Example], ends: Callable[[list[str]], str]) -> Counter[str]:
    texts = (search_words(example.text).split() for example in examples)
    return Counter(ends(words) for words in texts if len(words) > _OPENING_WORDS)


def statistics_of(examples: Sequence[Example]) -> str:
    """Return the corpus in numbers, as Markdown."""
    by_voice: dict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        by_voice[example.voice][example.label] += 1
    total = Counter(example.label for example in examples)
    rows = [[voice, *(str(found[label]) for label in LABELS), str(found.total())] for voice, found in by_voice.items()]
    rows.append(["**all**", *(str(total[label]) for label in LABELS), str(total.total())])
    rows.append(["share", *(f"{total[label] / total.total():.0%}" for label in LABELS), ""])
    tags = Counter(tag for example in examples for tag in example.tags)
    openings = (
        f"“{words}” {count / len(examples):.2%}" for words, count in _counted(examples, _beginning).most_common(3)
    )
    return "\n".join(
        [
            _table(["voice", *LABELS, "rows"], rows),
            "",
            _shares("Languages", (example.language for example in examples)),
            _shares("Registers", (example.register for example in examples)),
            _shares("Phenomena", (example.phenomenon for example in examples)),
            f"Commonest openings: {', '.join(openings)}.",
            "",
            _table(
                ["tag", *LABELS, "rows"],
                [
                    [code, *(str(_count(examples, code, label)) for label in LABELS), str(tags[code])]
                    for code in KNOWN_CODES
                ],
            ),
        ]
    )


def _count(examples: Sequence[Example], code: str, label: str) -> int:
    return sum(code in example.tags and example.label == label for example in examples)


def _shares(name: str, values: Iterable[str]) -> str:
    counts = Counter(values)
    parts = (f"{value or '(none)'} {count / counts.total():.1%}" for value, count in counts.most_common())
    return f"{name}: {', '.join(parts)}.\n"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *("--:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def with_statistics(readme: str, statistics: str) -> str:
    """Return `readme` with what stands between its two marks replaced by `statistics`."""
    before, _, rest = readme.partition(_START)
    after = rest.partition(_END)[2]
    return f"{before}{_START}\n\n{statistics}\n\n{_END}{after}"


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("corpus"))
@click.option("--write", is_flag=True, help="Write the statistics into the folder's README.md.")
def main(folder: Path, *, write: bool) -> None:
    """Check the corpus of FOLDER; exit 1 if anything is wrong with it."""
    examples = list(read_examples(sorted(folder.glob("*.csv"))))
    found = list(problems_of(examples))
    for problem in found:
        click.echo(problem)
    labels = folder / SECOND_LABELS
    reading = f"{second_reading(examples, labels)}\n\n" if labels.exists() else ""
    statistics = reading + statistics_of(examples)
    readme = folder / "README.md"
    if write:
        readme.write_text(with_statistics(readme.read_text(encoding="utf-8"), statistics), encoding="utf-8")
    click.echo(f"{len(examples)} rows, {len(found)} problems")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
