"""What stands beside the bars: the numbers, or that one may not be shown."""

from alumusic.dashboard.components.figures import HIDDEN, class_rows
from alumusic.domain.comments import Category


def labels(counts):
    return [row["rotulo"] for row in class_rows(counts)]


def test_each_class_has_its_number_and_its_share():
    counts = dict.fromkeys(Category, 0) | {Category.PRAISE: 3, Category.SPAM: 1}

    assert labels(counts) == ["3  (75%)", "0  (0%)", "0  (0%)", "0  (0%)", "1  (25%)"]


def test_a_class_without_comments_has_none():
    assert labels({}) == ["0  (0%)"] * 5


def test_a_number_that_may_not_be_shown_is_not_nought_and_shares_do_not_give_it_away():
    counts = dict.fromkeys(Category, 20) | {Category.QUESTION: None}

    assert labels(counts) == ["20", "20", "20", HIDDEN, "20"]


def test_a_number_is_not_called_small_when_it_only_hides_another():
    assert HIDDEN == "oculto"
