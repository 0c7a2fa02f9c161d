"""Figures against values computed by hand, and what must hold for any answers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alumusic.domain.comments import Category
from alumusic.evals.answers import Answered, AnsweredSet, Effort, Said
from alumusic.evals.floors import ACCURACY, SPAM_RECALL, TAG_F1, Floor, fallen
from alumusic.evals.reading import Labelled
from alumusic.evals.scoring import (
    NO_ANSWER,
    bootstrap_intervals,
    calibration_bins,
    calibration_error,
    coverage,
    score,
)

PRAISE, CRITICISM, SPAM = Category.PRAISE, Category.CRITICISM, Category.SPAM
EFFORT = Effort(seconds=1.0, comments_per_second=10.0, own_time=True)


def answer(expected, said, confidence=0.9, *, tags=None, given_tags=(), slices=()):
    expected_tags = None if tags is None else frozenset(tags)
    return Answered(Labelled("x", expected, expected_tags, slices), Said(said, confidence, tuple(given_tags)))


def scored(*answers, name="set"):
    return score(AnsweredSet(name, answers, EFFORT))


FOUR_OF_SIX = (
    answer(PRAISE, PRAISE),
    answer(PRAISE, PRAISE),
    answer(PRAISE, CRITICISM),
    answer(CRITICISM, CRITICISM),
    answer(CRITICISM, PRAISE),
    answer(SPAM, SPAM),
)


def test_accuracy_and_f1_are_those_of_a_calculation_by_hand():
    found = scored(*FOUR_OF_SIX)

    assert found.n == 6
    assert found.accuracy == pytest.approx(4 / 6)
    praise, criticism = found.by_category[PRAISE], found.by_category[CRITICISM]
    assert (praise.precision, praise.recall, praise.f1, praise.n) == pytest.approx((2 / 3, 2 / 3, 2 / 3, 3))
    assert (criticism.precision, criticism.recall, criticism.f1, criticism.n) == pytest.approx((1 / 2, 1 / 2, 1 / 2, 2))
    # Only the three categories that occur: (2/3 + 1/2 + 1) / 3.
    assert found.macro_f1 == pytest.approx(13 / 18)
    assert found.spam_recall == 1.0


def test_the_confusion_matrix_has_the_expected_in_rows():
    confusion = scored(*FOUR_OF_SIX).confusion

    assert confusion["ELOGIO"] == {"ELOGIO": 2, "CRÍTICA": 1, "SUGESTÃO": 0, "DÚVIDA": 0, "SPAM": 0}
    assert confusion["CRÍTICA"]["ELOGIO"] == 1


def test_no_answer_is_wrong_and_has_a_column_of_its_own():
    found = scored(answer(PRAISE, None, 0.0), answer(PRAISE, PRAISE))

    assert found.accuracy == 0.5
    assert found.confusion["ELOGIO"][NO_ANSWER] == 1


def test_the_calibration_error_is_that_of_a_calculation_by_hand():
    # Two bins of ten: [0.6, 0.7) says 0.65 and is right once in two; [0.9, 1] says 0.95 and is right twice in two.
    answers = [
        answer(PRAISE, PRAISE, 0.62),
        answer(PRAISE, SPAM, 0.68),
        answer(PRAISE, PRAISE, 0.9),
        answer(PRAISE, PRAISE, 1.0),
    ]

    bins = calibration_bins(answers, count=10)

    assert [(found.low, found.n, found.accuracy) for found in bins] == [(0.6, 2, 0.5), (0.9, 2, 1.0)]
    assert [found.confidence for found in bins] == pytest.approx([0.65, 0.95])
    assert calibration_error(bins) == pytest.approx(0.5 * 0.15 + 0.5 * 0.05)


def test_coverage_is_what_lies_at_the_threshold_or_above():
    answers = [answer(PRAISE, SPAM, 0.3), answer(PRAISE, PRAISE, 0.6), answer(PRAISE, PRAISE, 0.8)]

    points = coverage(answers, thresholds=[0.0, 0.6, 0.9])

    assert [(point.coverage, point.accuracy) for point in points] == [
        (1.0, pytest.approx(2 / 3)),
        (pytest.approx(2 / 3), 1.0),
        (0.0, None),
    ]


def test_tags_are_scored_over_comments_that_somebody_tagged():
    found = scored(
        answer(PRAISE, PRAISE, tags={"refrao", "melodia"}, given_tags=("refrao",)),
        answer(PRAISE, PRAISE, tags={"melodia"}, given_tags=("refrao",)),
        answer(PRAISE, PRAISE, tags=(), given_tags=("melodia",)),
        answer(PRAISE, PRAISE, given_tags=("melodia", "refrao")),
    ).tags

    # One right; two too many; two missing: 2·1 / (2·1 + 2 + 2).
    assert found.n == 3
    assert found.micro_f1 == pytest.approx(1 / 3)
    assert found.any_right == 0.5


def test_without_expected_tags_there_is_no_score_of_tags():
    assert scored(answer(PRAISE, PRAISE, given_tags=("refrao",))).tags is None


def test_neutral_comments_count_apart_and_are_held_back_by_a_low_confidence():
    found = scored(answer(None, SPAM, 0.3), answer(None, PRAISE, 0.59), answer(None, PRAISE, 0.6), *FOUR_OF_SIX)

    assert found.n == 6
    assert found.accuracy == pytest.approx(4 / 6)
    assert found.neutral.n == 3
    assert found.neutral.held_back == pytest.approx(2 / 3)
    assert found.neutral.by_category == {"ELOGIO": 1}
    assert found.neutral.by_threshold[0.5] == pytest.approx(1 / 3)


def test_a_set_of_nothing_but_neutral_comments_has_no_accuracy():
    found = scored(answer(None, SPAM, 0.3))

    assert (found.n, found.accuracy, found.macro_f1, found.ece) == (0, None, None, None)
    assert found.neutral.held_back == 1.0


def test_slices_are_scored_by_themselves_the_largest_first():
    found = scored(
        answer(PRAISE, PRAISE, slices=("giria", "curto")),
        answer(PRAISE, SPAM, slices=("giria",)),
        answer(None, SPAM, slices=("giria",)),
    ).slices

    assert [(one.name, one.n, one.accuracy) for one in found] == [("giria", 2, 0.5), ("curto", 1, 1.0)]


def test_the_most_confident_mistakes_come_first():
    mistakes = scored(answer(PRAISE, SPAM, 0.5), answer(PRAISE, SPAM, 0.9), answer(PRAISE, PRAISE, 1.0)).mistakes

    assert [one.said.confidence for one in mistakes] == [0.9, 0.5]


def test_the_interval_is_about_as_wide_as_theory_says():
    # A share of 0.9 of 400 has a standard error of 0.015: 0.8706 to 0.9294.
    low, high = bootstrap_intervals(np.array([[180, 20], [20, 180]]))[0]

    assert (low, high) == pytest.approx((0.8706, 0.9294), abs=0.004)


CONFUSIONS = st.lists(st.integers(0, 40), min_size=9, max_size=9).filter(any)


@settings(deadline=None)
@given(cells=CONFUSIONS)
def test_an_interval_is_inside_zero_and_one_around_the_value_and_always_the_same(cells):
    confusion = np.array(cells).reshape(3, 3)
    accuracy = np.trace(confusion) / confusion.sum()

    (low, high), macro = bootstrap_intervals(confusion, resamples=400)

    assert 0 <= low <= accuracy + 1e-9
    assert accuracy - 1e-9 <= high <= 1
    assert 0 <= macro[0] <= macro[1] <= 1
    assert bootstrap_intervals(confusion, resamples=400) == ((low, high), macro)


ANSWERS = st.lists(
    st.builds(
        answer,
        st.sampled_from([*Category, None]),
        st.sampled_from(Category),
        st.floats(0, 1),
        tags=st.sets(st.sampled_from(["refrao", "melodia"])),
        given_tags=st.lists(st.sampled_from(["refrao", "melodia"]), unique=True),
    ),
    min_size=1,
    max_size=30,
)


@settings(deadline=None)
@given(answers=ANSWERS)
def test_all_figures_are_shares_and_agree_with_each_other(answers):
    found = scored(*answers)

    shares = [found.accuracy, found.macro_f1, found.ece, *(point.coverage for point in found.coverage)]
    shares += [point.accuracy for point in found.coverage]
    assert all(share is None or (0 <= share <= 1 and not math.isnan(share)) for share in shares)
    assert sum(sum(row.values()) for row in found.confusion.values()) == found.n
    assert sum(one.n for one in found.bins) == found.n
    kept = [point.coverage for point in found.coverage]
    assert kept == sorted(kept, reverse=True)


# --- floors -----------------------------------------------------------------------------------------------------


def test_a_set_under_a_floor_is_named_with_the_figure_and_the_option():
    (sentence,) = fallen([scored(*FOUR_OF_SIX, name="ouro")], [Floor(ACCURACY, 0.7), Floor(SPAM_RECALL, 1.0)])

    assert sentence == "ouro: acurácia 0.6667 está abaixo do mínimo 0.7000 (--min-accuracy)."


def test_a_figure_that_equals_its_floor_is_good_enough():
    assert fallen([scored(answer(PRAISE, PRAISE), answer(PRAISE, SPAM))], [Floor(ACCURACY, 0.5)]) == []


def test_a_set_without_tags_is_not_held_to_their_floor_unless_none_has_any():
    untagged = scored(answer(PRAISE, PRAISE))
    tagged = scored(answer(PRAISE, PRAISE, tags={"refrao"}, given_tags=("refrao",)))

    assert fallen([untagged, tagged], [Floor(TAG_F1, 0.9)]) == []
    assert fallen([untagged], [Floor(TAG_F1, 0.9)]) == [
        "--min-tag-f1: nenhum conjunto permite medir micro-F1 das tags."
    ]
