"""The corpus validator names what is wrong, and the shipped corpus is right."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from alumusic.classify.local.corpus import HEADER, LABELS, Example, read_examples
from alumusic.evals.corpus import folded, main, near_keys, problems_of, statistics_of, with_statistics
from alumusic.evals.second_labels import SECOND_LABELS, second_reading

ROOT = Path(__file__).parents[2]


def example(text, *, label="ELOGIO", tags=(), language="pt", register="casual", phenomenon="", line=2):
    return Example(
        text=text,
        label=label,
        tags=tuple(tags),
        language=language,
        register=register,
        phenomenon=phenomenon,
        voice="ana",
        line=line,
    )


@pytest.fixture(scope="module")
def shipped():
    return list(read_examples(sorted((ROOT / "corpus").glob("*.csv"))))


def test_the_shipped_corpus_has_no_problem(shipped):
    assert list(problems_of(shipped)) == []


def test_the_shipped_corpus_is_large_and_covers_the_grid(shipped):
    assert len(shipped) >= 8_000
    assert {row.label for row in shipped} == set(LABELS)
    assert len({tag for row in shipped for tag in row.tags}) == 61
    assert {row.language for row in shipped} == {"pt", "en", "es"}


def test_the_statistics_in_the_readme_are_those_of_the_corpus(shipped):
    readme = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
    reading = second_reading(shipped, ROOT / "corpus" / SECOND_LABELS)
    assert with_statistics(readme, f"{reading}\n\n{statistics_of(shipped)}") == readme
    assert reading.share >= 0.099


def test_the_data_card_says_first_that_the_corpus_is_synthetic():
    assert "synthetic" in (ROOT / "corpus" / "README.md").read_text(encoding="utf-8").splitlines()[0]


def test_no_comment_of_the_gold_set_is_in_the_corpus(shipped):
    gold = json.loads((ROOT / "tests" / "evals" / "dataset.json").read_text(encoding="utf-8"))
    texts = [row["texto"] for row in gold]
    known = {folded(row.text) for row in shipped}
    near = {key for row in shipped for key in near_keys(row.text)}
    assert [text for text in texts if folded(text) in known] == []
    assert [text for text in texts if near_keys(text) & near] == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (example(" "), "empty or too long"),
        (example("x" * 5_001), "empty or too long"),
        (example("oi", label="OUTRO"), "unknown class 'OUTRO'"),
        (example("oi", language="fr"), "unknown language 'fr'"),
        (example("oi", register="gritado"), "unknown register 'gritado'"),
        (example("oi", phenomenon="estranho"), "unknown phenomenon 'estranho'"),
        (example("oi", tags=["voz"]), "unknown tags ['voz']"),
        (example("oi", tags=["melodia", "melodia"]), "repeated or too many tags"),
        (example("oi", tags=["melodia", "refrao", "autotune", "nostalgia"]), "repeated or too many tags"),
        (example("oi", tags=["spam_venda"]), "tags of spam belong to SPAM, and no others do"),
        (example("oi", label="SPAM", tags=["melodia"]), "tags of spam belong to SPAM, and no others do"),
    ],
)
def test_a_bad_row_is_named_with_its_place(row, problem):
    assert f"ana.csv:2: {problem}" in list(problems_of([row]))


def test_the_same_comment_twice_is_refused():
    found = list(problems_of([example("Que voz!"), example("que vozzzz", line=3)]))
    assert len([problem for problem in found if "the same as ana.csv:2" in problem]) == 1


@pytest.mark.parametrize(
    "twin",
    [
        "o refrão gruda na cabeça ontem",
        "o refrão gruda bem na cabeça hoje",
        "o refrão na cabeça hoje",
    ],
)
def test_a_comment_one_word_away_is_refused(twin):
    found = list(problems_of([example("o refrão gruda na cabeça hoje"), example(twin, line=3)]))
    assert any("one word from ana.csv:2" in problem for problem in found)


def test_a_template_above_one_per_cent_is_refused():
    rows = [example(f"essa música é {'a' * count}b", line=count) for count in range(1, 150)]
    assert any("'essa musica e'" in problem for problem in problems_of(rows))


def test_short_comments_may_be_alike():
    assert near_keys("que música linda") == set()


def test_the_command_fails_on_a_bad_corpus(tmp_path):
    (tmp_path / "bia.csv").write_text(",".join(HEADER) + "\noi,OUTRO,,pt,casual,\n", encoding="utf-8")
    result = CliRunner().invoke(main, [str(tmp_path)])
    assert result.exit_code == 1
    assert "bia.csv:2: unknown class 'OUTRO'" in result.output


def test_the_command_writes_statistics_between_the_marks(tmp_path):
    (tmp_path / "bia.csv").write_text(",".join(HEADER) + "\namei,ELOGIO,,pt,curto,\n", encoding="utf-8")
    readme = tmp_path / "README.md"
    readme.write_text("top\n<!-- statistics: start -->\nold\n<!-- statistics: end -->\nend\n", encoding="utf-8")

    CliRunner().invoke(main, [str(tmp_path), "--write"])

    text = readme.read_text(encoding="utf-8")
    assert text.startswith("top\n")
    assert text.endswith("\nend\n")
    assert "old" not in text
    assert "| bia | 1 |" in text


def test_another_header_is_refused(tmp_path):
    file = tmp_path / "caio.csv"
    file.write_text("text,label\noi,ELOGIO\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"caio\.csv: the header must be"):
        list(read_examples([file]))
