"""The gold set measures only what nobody showed to the model: neither corpus nor prompt holds its comments."""

import json
from collections import Counter
from pathlib import Path

import pytest

from alumusic.classify.local.corpus import read_examples
from alumusic.classify.prompts.question import examples
from alumusic.domain.comments import Category
from alumusic.evals.overlap import overlaps
from alumusic.evals.reading import read_dataset

ROOT = Path(__file__).parents[2]
GOLD = read_dataset(ROOT / "tests" / "evals" / "dataset.json")
TEXTS = [comment.text for comment in GOLD.comments]


def pairs(others, places):
    return [
        f"{found.similarity:.2f}  {TEXTS[found.left]!r} = {places[found.right]}: {others[found.right]!r}"
        for found in overlaps(TEXTS, others)
    ]


def test_no_comment_of_the_gold_set_is_in_the_corpus():
    rows = list(read_examples(sorted((ROOT / "corpus").glob("*.csv"))))

    found = pairs([row.text for row in rows], [f"{row.voice}.csv:{row.line}" for row in rows])

    assert not found, "remove these rows from the corpus:\n" + "\n".join(found)


def test_no_comment_of_the_gold_set_is_an_example_of_the_prompt():
    shown = [example.text for example in examples()]

    found = pairs(shown, ["examples.json"] * len(shown))

    assert not found, "change these examples:\n" + "\n".join(found)


def test_no_comment_of_the_gold_set_is_there_twice():
    twins = [(TEXTS[found.left], TEXTS[found.right]) for found in overlaps(TEXTS, TEXTS) if found.left < found.right]

    assert not twins


@pytest.mark.parametrize("category", Category)
def test_the_gold_set_is_large_enough_to_measure(category):
    counts = Counter(comment.category for comment in GOLD.comments)

    assert counts.total() >= 600
    assert counts[category] >= 80


def test_the_gold_set_uses_only_tags_and_fields_that_exist():
    rows = json.loads((ROOT / "tests" / "evals" / "dataset.json").read_text(encoding="utf-8"))

    assert GOLD.unknown_tags == ()
    assert {key for row in rows for key in row} == {
        "texto", "categoria_esperada", "tags_esperadas", "fatias", "idioma",
    }  # fmt: skip
    assert all(row["fatias"] for row in rows)
