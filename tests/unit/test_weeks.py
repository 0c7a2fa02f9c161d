"""Weeks are those of ISO 8601, as far back as comments go."""

from datetime import date

import pytest

from alumusic.domain.weeks import Week


@pytest.mark.parametrize(
    ("name", "monday"),
    [
        ("1970-W01", date(1969, 12, 29)),
        ("2026-W53", date(2026, 12, 28)),
        ("9998-W52", date(9998, 12, 21)),
    ],
)
def test_a_week_is_read_by_its_name(name, monday):
    week = Week.parse(name)

    assert (str(week), week.monday) == (name, monday)


@pytest.mark.parametrize("name", ["0001-W01", "1969-W52", "9999-W52", "2026-W54", "2026-W00", "2026-47", ""])
def test_what_is_no_week_or_older_than_any_comment_is_refused(name):
    with pytest.raises(ValueError, match="week"):
        Week.parse(name)
