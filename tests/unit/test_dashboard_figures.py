"""What stands beside the bars: the numbers, or that one may not be shown."""

from streamlit.testing.v1 import AppTest

from alumusic.dashboard.components.figures import HIDDEN, class_rows
from alumusic.domain.comments import Category

IMPORT = "from alumusic.dashboard.components.figures import around"


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


def release(counts):
    points = [{"dia": n, "criticas": count} for n, count in enumerate(counts)]
    app = AppTest.from_string(f"{IMPORT}\naround({points}, key='k', colour='#000')").run()
    return [one.value for one in app.caption], len(app.get("vega_lite_chart"))


def test_a_release_of_which_no_count_may_be_shown_is_told_in_words():
    assert release([None, None]) == (["Ainda não há contagem bastante para mostrar\\."], 0)


def test_a_release_with_a_count_is_drawn():
    assert release([None, 7]) == ([], 1)
