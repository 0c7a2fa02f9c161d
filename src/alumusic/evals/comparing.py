"""Tells whether a classifier got better: its answers against stored ones, slice by slice, with McNemar's test."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scipy.stats import binomtest, chi2

from alumusic.domain.comments import Category
from alumusic.domain.errors import AluMusicError
from alumusic.evals.answers import Answered, AnsweredSet, Said
from alumusic.evals.scoring import Score, neutral_score, tag_score

VERSION: Final = 1
"""Of the format of a baseline."""

EXACT_BELOW: Final = 25
"""Changed answers under which the binomial test is used; from there on its approximation is good."""

SIGNIFICANT: Final = 0.05
ALL: Final = "todos"

_DIGEST_BYTES: Final = 8


class UnreadableBaselineError(AluMusicError):
    """A file that is no baseline; the message tells a person why, in Portuguese."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a classifier said once; texts are kept as digests only."""

    model: str
    answers: Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of comments, before and after."""

    name: str
    n: int
    before: float
    """Accuracy."""
    after: float
    lost: int
    """Right before, wrong now."""
    gained: int
    """Wrong before, right now."""
    p_value: float
    """Of McNemar's test, not corrected for looking at many slices."""
    exact: bool
    """Whether the binomial test was used."""

    @property
    def significant(self) -> bool:
        """Whether chance alone would rarely do this."""
        return self.p_value < SIGNIFICANT


@dataclass(frozen=True, slots=True)
class Comparison:
    """One set, before and after."""

    name: str
    model: str
    """The model before."""
    missing: int
    """Comments the baseline does not know: they are left out here."""
    changes: tuple[Change, ...]
    """All comments first, then the categories, then the slices."""
    tags: tuple[float, float] | None
    """Micro-F1 before and after."""
    held_back: tuple[float, float] | None
    """Share of NEUTRO under the threshold, before and after."""


def digest(text: str) -> str:
    """Return the name under which a baseline keeps the answer to `text`."""
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()


def mcnemar(lost: int, gained: int) -> tuple[float, bool]:
    """Return the two-sided p-value of McNemar's test, and whether it is exact.

    Under `EXACT_BELOW` changes this is the binomial test, else chi-squared with Edwards' correction.
    """
    changed = lost + gained
    if changed == 0:
        return 1.0, True
    if changed < EXACT_BELOW:
        return float(binomtest(gained, changed, 0.5).pvalue), True
    return float(chi2.sf(max(abs(gained - lost) - 1, 0) ** 2 / changed, df=1)), False


def compare(answered: AnsweredSet, baseline: Baseline) -> Comparison:
    """Compare the answers that both have; labels are those of today, so a corrected label counts for both."""
    pairs = [
        (Answered(now.comment, baseline.answers[key]), now)
        for now in answered.answers
        if (key := digest(now.comment.text)) in baseline.answers
    ]
    scored = [pair for pair in pairs if pair[0].comment.category is not None]
    neutral = [pair for pair in pairs if pair[0].comment.category is None]
    tags = [tag_score(side) for side in _sides(scored)]
    held_back = [neutral_score(side) for side in _sides(neutral)]
    return Comparison(
        name=answered.name,
        model=baseline.model,
        missing=len(answered.answers) - len(pairs),
        changes=tuple(_change(name, kind) for name, kind in _kinds(scored).items()),
        tags=(tags[0].micro_f1, tags[1].micro_f1) if tags[0] and tags[1] else None,
        held_back=(held_back[0].held_back, held_back[1].held_back) if held_back[0] and held_back[1] else None,
    )


_Pair = tuple[Answered, Answered]


def _sides(pairs: Sequence[_Pair]) -> tuple[list[Answered], list[Answered]]:
    return [before for before, _ in pairs], [now for _, now in pairs]


def _kinds(pairs: Sequence[_Pair]) -> dict[str, list[_Pair]]:
    categories: dict[str, list[_Pair]] = {category.value: [] for category in Category}
    slices: dict[str, list[_Pair]] = {}
    for pair in pairs:
        categories[str(pair[0].comment.category)].append(pair)
        for name in dict.fromkeys(pair[0].comment.slices):
            slices.setdefault(name, []).append(pair)
    by_size = sorted(slices.items(), key=lambda named: (-len(named[1]), named[0]))
    kinds = {ALL: list(pairs)} | categories | dict(by_size)
    return {name: kind for name, kind in kinds.items() if kind}


def _change(name: str, pairs: Sequence[_Pair]) -> Change:
    lost = sum(before.right and not now.right for before, now in pairs)
    gained = sum(now.right and not before.right for before, now in pairs)
    p_value, exact = mcnemar(lost, gained)
    right_before, right_now = (sum(answer.right for answer in side) for side in _sides(pairs))
    return Change(name, len(pairs), right_before / len(pairs), right_now / len(pairs), lost, gained, p_value, exact)


# --- the file ----------------------------------------------------------------------------------------------------


def save_baseline(path: Path, sets: Iterable[AnsweredSet], scores: Iterable[Score], *, model: str) -> None:
    """Keep the answers of `sets` for later comparisons: the same answers make the same file, a line for each."""
    answers = {digest(answer.comment.text): answer.said for one in sets for answer in one.answers}
    head = {
        "versao": VERSION,
        "modelo": model,
        "resumo": [
            {
                "nome": found.name,
                "n": found.n,
                "acuracia": _rounded(found.accuracy),
                "macro_f1": _rounded(found.macro_f1),
                "tags_micro_f1": _rounded(found.tags.micro_f1 if found.tags else None),
            }
            for found in scores
        ],
    }
    lines = ",\n".join(f"    {json.dumps(key)}: {_line(answers[key])}" for key in sorted(answers))
    text = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{text},\n  "respostas": {{\n{lines}\n  }}\n}}\n', encoding="utf-8")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _line(said: Said) -> str:
    return json.dumps([said.category, round(said.confidence, 4), list(said.tags)], ensure_ascii=False)


def read_baseline(path: Path) -> Baseline:
    """Read what `save_baseline` wrote.

    Raises:
        UnreadableBaselineError: no such file, or not one of ours.
    """
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if kept["versao"] != VERSION:
            raise UnreadableBaselineError(f"{path}: versão {kept['versao']}; esta versão do programa lê a {VERSION}.")
        answers = {key: _read_answer(*answer) for key, answer in kept["respostas"].items()}
        return Baseline(str(kept["modelo"]), answers)
    except OSError as error:
        raise UnreadableBaselineError(f"{path}: não consigo abrir ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path}: não é uma referência gravada com --save-baseline."
        raise UnreadableBaselineError(message) from error


def _read_answer(category: str | None, confidence: float, tags: Sequence[str]) -> Said:
    return Said(None if category is None else Category(category), float(confidence), tuple(tags))
