"""Texts that are one: the quick way finds what comparing all with all finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alumusic.evals.overlap import grams, overlaps, similarity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Que refrão CHATO!!!", "que refrao chato"),
        ("🔥🔥", "🔥🔥"),
        ("top", "Top."),
        ("essa música me lembra muito a minha avó querida", "essa música me lembra muito a minha avó queridaa"),
    ],
)
def test_details_do_not_make_another_text(one, other):
    assert [(found.left, found.right) for found in overlaps([one], [other])] == [(0, 0)]


@pytest.mark.parametrize(("one", "other"), [("amei o refrão", "odiei o refrão"), ("🔥", "💩"), ("top", "topo")])
def test_another_word_makes_another_text(one, other):
    assert list(overlaps([one], [other])) == []


def test_similarity_is_that_of_a_calculation_by_hand():
    # abcdefg has abcde bcdef cdefg; abcdefh shares two of them: 2 / 4.
    assert similarity(grams("abcdefg"), grams("abcdefh")) == 0.5


WORDS = st.lists(st.sampled_from("que refrão som lindo chato de mais o a".split()), min_size=1, max_size=8)
TEXTS = st.lists(WORDS.map(" ".join), max_size=12)


@settings(deadline=None)
@given(left=TEXTS, right=TEXTS, alike=st.sampled_from([0.3, 0.5, 0.8, 1.0]))
def test_the_index_misses_nothing(left, right, alike):
    found = {(pair.left, pair.right) for pair in overlaps(left, right, alike=alike)}

    assert found == {
        (at, other)
        for at, one in enumerate(left)
        for other, another in enumerate(right)
        if similarity(grams(one), grams(another)) >= alike
    }
