"""The words a search compares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alumusic.text.normalize import search_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ação, Coração!", "acao coracao"),
        ("  refrão\t\nchiclete  ", "refrao chiclete"),
        ("Anos 90 — vinil", "anos 90 vinil"),
        ("faixa_bonus", "faixa bonus"),
        ("𝓛𝓲𝓷𝓭𝓪 ﬁcha", "linda ficha"),
        ("İSTANBUL STRAßE", "istanbul strasse"),
        ("🔥🔥🔥", ""),
        ("", ""),
        ("東京 Ñandú", "東京 nandu"),
    ],
)
def test_accents_case_and_punctuation_do_not_matter_to_a_search(text, words):
    assert search_words(text) == words


def test_composed_and_decomposed_accents_are_the_same_word():
    assert search_words("Mu\u0301sica") == search_words("M\u00fasica")


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert search_words(search_words(text)) == search_words(text)


@given(st.text())
def test_what_is_searched_never_holds_capitals_or_runs_of_spaces(text):
    words = search_words(text)
    assert "  " not in words
    assert words == words.strip()
