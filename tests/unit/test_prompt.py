"""What we say to a language model, and what we do not."""

import csv
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alumusic.classify.prompts.question import (
    KEY_ALPHABET,
    ask_about,
    current_prompt,
    estimate_of,
    examples,
    harmless_question,
    render_prompt,
)
from alumusic.domain.comments import MAX_TAGS, Category
from alumusic.domain.tags import KNOWN_CODES, code_named
from alumusic.text.normalize import search_words
from tests.stub_provider import DATA

ROOT = Path(__file__).parents[2]
TEXT_FIELDS = ("texto", "text", "comentario", "comment")


def texts_in(value: object):
    """Every text of a labelled set, however it is laid out."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in TEXT_FIELDS and isinstance(inner, str):
                yield inner
            else:
                yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def labelled_sets() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for folder in ("tests/evals", "evals", "corpus", "examples"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".json":
                found[path.name] = list(texts_in(json.loads(path.read_text(encoding="utf-8"))))
            elif path.suffix == ".csv":
                with path.open(encoding="utf-8-sig", newline="") as file:
                    found[path.name] = [text for row in csv.DictReader(file) for text in texts_in(dict(row))]
    return found


def shingles(text: str) -> set[str]:
    words = search_words(text)
    return {words[start : start + 4] for start in range(max(1, len(words) - 3))}


def likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def test_no_example_is_in_or_nearly_in_a_set_that_measures_or_trains():
    shown = [(example.text, shingles(example.text)) for example in examples()]
    sets = labelled_sets()
    assert "dataset.json" in sets
    assert len(sets["dataset.json"]) > 100
    close = [
        (text, other, name)
        for name, others in sets.items()
        for other in others
        for text, pieces in shown
        if likeness(pieces, shingles(other)) > 0.5
    ]
    assert close == []


def test_every_tag_of_the_taxonomy_has_one_short_name_in_the_prompt():
    names = current_prompt().tags

    assert len(names) == len(set(names)) == 61
    assert {code_named(name) for name in names} == set(KNOWN_CODES)


def test_examples_are_answers_that_we_would_accept_of_every_category():
    for example in examples():
        assert set(example.tags) <= set(current_prompt().tags)
        assert len(example.tags) <= MAX_TAGS
        assert 0 <= example.confidence <= 1
    assert {example.category for example in examples()} == set(Category)


def test_the_version_follows_from_what_is_said():
    assert re.fullmatch(r"2-[0-9a-f]{10}", current_prompt().version)


def test_what_does_not_change_is_short():
    prompt = current_prompt()
    schema = json.dumps(prompt.schema, ensure_ascii=False, separators=(",", ":"))

    assert (len(prompt.instructions) + len(schema)) / 4 < 1400


def test_nothing_is_left_to_fill_in():
    assert not re.search(r"\{(?:tags|examples|exemplos)\}", current_prompt().instructions)


def test_each_call_has_keys_and_a_fence_of_its_own():
    first, first_keys = ask_about(current_prompt(), ["a", "b"])
    second, second_keys = ask_about(current_prompt(), ["a", "b"])

    assert set(first_keys).isdisjoint(second_keys)
    assert DATA.search(first.content)[1] != DATA.search(second.content)[1]


def test_two_comments_never_share_a_key():
    draws = iter(["f" * 10, *["aaaa"] * 3, "bbbb", "x" * 10])

    _, keys = ask_about(current_prompt(), ["um", "dois"], draw=lambda _: next(draws, "cccc"))

    assert len(set(keys)) == 2


@given(st.lists(st.text(), min_size=1, max_size=8))
def test_comments_travel_as_data_whatever_is_in_them(texts):
    question, keys = ask_about(current_prompt(), texts)
    first, *_, last = question.content.split("\n")

    assert question.content.count(first) == 1
    assert last == first.replace("<", "</")
    assert json.loads(DATA.search(question.content)[2]) == [{"k": k, "t": t} for k, t in zip(keys, texts, strict=True)]
    assert all(set(key) <= set(KEY_ALPHABET) for key in keys)


@pytest.mark.parametrize("comments", [1, 30, 50])
def test_an_estimate_is_never_less_than_what_a_question_and_its_longest_answer_cost(comments):
    question, _ = ask_about(current_prompt(), ["x" * 120] * comments)
    asked = (len(question.instructions) + len(question.content)) / 4

    assert estimate_of(current_prompt(), comments) > asked + 20 * comments


def test_the_dry_run_shows_all_that_is_sent_masked():
    shown = render_prompt(["sou ana@gmail.com e amei"])

    assert current_prompt().instructions in shown
    assert "[EMAIL] e amei" in shown
    assert "gmail" not in shown
    assert current_prompt().version in shown
    assert '"enum"' in shown


def test_the_harmless_question_is_about_one_of_our_own_examples():
    assert examples()[0].text in harmless_question(current_prompt()).content
