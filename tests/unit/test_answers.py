"""Only what the contract allows comes out of a model's answer."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alumusic.classify.answers import read_answers
from alumusic.domain.comments import MAX_TAGS, Category, Classification
from alumusic.domain.tags import is_known

KEYS = ["aaaa", "bbbb", "cccc"]
GOOD = {"c": "ELOGIO", "p": 0.9, "t": ["melodia"]}
PRAISE = Classification(Category.PRAISE, 0.9, ("melodia",))


def answer(*items: object) -> str:
    return json.dumps({"r": items}, ensure_ascii=False)


def item(key: str, **changes: object) -> dict[str, object]:
    return {"k": key, **GOOD, **changes}


def test_a_good_answer_is_read_by_key_and_not_by_position():
    reading = read_answers(answer(item("cccc"), item("aaaa", c="SPAM", t=[]), item("bbbb", c="CRÍTICA")), KEYS)

    assert [reading.by_key[key].category for key in KEYS] == [Category.SPAM, Category.CRITICISM, Category.PRAISE]
    assert reading.foreign == reading.repeated == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"c": "RECLAMAÇÃO"},
        {"c": "'; DROP TABLE comments; --"},
        {"c": "<b>ELOGIO</b> e mais e mais"},
        {"c": None},
        {"c": ["ELOGIO"]},
        {"c": {}},
        {"p": 7.5},
        {"p": -0.1},
        {"p": math.nan},
        {"p": math.inf},
        {"p": True},
        {"p": "0.9"},
        {"p": "alta"},
        {"p": None},
        {"p": 10**400},
        {"t": "melodia"},
        {"t": ["melodia"] * 1000},
        {"t": {"melodia": 1}},
        {"k": 5},
        {"k": None},
    ],
)
def test_a_wrong_item_is_left_out_and_its_neighbours_are_kept(wrong):
    reading = read_answers(answer(item("aaaa"), item("bbbb", **wrong), item("cccc")), KEYS)

    assert reading.by_key == {"aaaa": PRAISE, "cccc": PRAISE}


@pytest.mark.parametrize("field", ["k", "c", "p"])
def test_an_item_without_a_field_is_left_out(field):
    broken = {name: value for name, value in item("bbbb").items() if name != field}

    assert set(read_answers(answer(item("aaaa"), broken), KEYS).by_key) == {"aaaa"}


def test_a_key_that_is_answered_twice_is_not_answered_and_is_counted():
    reading = read_answers(answer(item("aaaa"), item("aaaa", c="SPAM"), item("bbbb")), KEYS)

    assert set(reading.by_key) == {"bbbb"}
    assert reading.repeated == 1


def test_a_key_that_nobody_gave_out_is_counted_and_touches_nobody():
    reading = read_answers(answer(item("zzzz", c="SPAM"), item("bbbb")), KEYS)

    assert reading.by_key == {"bbbb": PRAISE}
    assert reading.foreign == 1


@pytest.mark.parametrize("said", ["CRÍTICA", "CRITICA", "crítica", "Crítica "])
def test_accents_and_letter_case_of_a_category_do_not_matter(said):
    assert read_answers(answer(item("aaaa", c=said)), KEYS).by_key["aaaa"].category is Category.CRITICISM


def test_tags_that_do_not_exist_are_dropped_and_short_names_become_codes():
    said = ["letra", "<b>", "=1+1", "nao_existe", "voz", "letra"]

    assert read_answers(answer(item("aaaa", t=said)), KEYS).by_key["aaaa"].tags == (
        "composicao_letra",
        "qualidade_vocal",
    )


@pytest.mark.parametrize(
    "wrapped",
    [
        "```json\n{}\n```",
        "Aqui está a resposta:\n```\n{}\n```\nEspero ter ajudado.",
        "\ufeff{}",
        "  {}  ",
    ],
)
def test_a_fence_or_chatter_around_an_answer_does_not_matter(wrapped):
    assert read_answers(wrapped.replace("{}", answer(item("aaaa"))), KEYS).by_key == {"aaaa": PRAISE}


def test_a_bare_list_and_a_lone_item_are_understood():
    assert read_answers(json.dumps([item("aaaa")]), KEYS).by_key == {"aaaa": PRAISE}
    assert read_answers(json.dumps(item("aaaa")), KEYS).by_key == {"aaaa": PRAISE}


def test_whole_items_of_a_truncated_answer_are_kept():
    whole = answer(item("aaaa"), item("bbbb"), item("cccc"))

    assert set(read_answers(whole[: whole.index('"cccc"') + 10], KEYS).by_key) == {"aaaa", "bbbb"}


def test_whole_items_of_a_malformed_answer_are_kept():
    broken = answer(item("aaaa"), item("bbbb"), item("cccc")).replace('"k": "bbbb"', '"k" "bbbb"') + ",,"

    assert set(read_answers(broken, KEYS).by_key) == {"aaaa", "cccc"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "7",
        '"r"',
        '{"r": 5}',
        "[" * 100_000,
        "{" * 100_000,
        "x" * 1_000_000,
        '{"r":[1,[],null]}',
    ],
)
def test_nothing_comes_out_of_nonsense(text):
    assert read_answers(text, KEYS).by_key == {}


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.sampled_from([*KEYS, "ELOGIO", "melodia"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["r", "k", "c", "p", "t"]) | st.text(), inner),
    max_leaves=25,
)


@given(json_values.map(lambda value: json.dumps(value, ensure_ascii=False)) | st.text())
def test_whatever_a_model_says_only_keys_that_were_asked_and_values_of_the_contract_come_out(text):
    reading = read_answers(text, KEYS)

    assert set(reading.by_key) <= set(KEYS)
    for said in reading.by_key.values():
        assert said.category in Category
        assert 0 <= said.confidence <= 1
        assert len(said.tags) <= MAX_TAGS
        assert all(is_known(tag) for tag in said.tags)
