"""Days and ISO weeks of the house's own time zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

_NAME: Final = re.compile(r"(\d{4})-W(\d{2})")
_YEARS: Final = range(1970, 9999)
"""No comment is older, and the weeks around each of them are in the calendar too."""


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day on which `moment` fell in `zone`."""
    return moment.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which `day` began in `zone`."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO 8601 week: Monday to Sunday, and 2027-01-03 is in 2026-W53."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The week that `day` is in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, name: str) -> Self:
        """Read a name such as "2026-W47", of 1970 or later.

        Raises:
            ValueError: there is no such week.
        """
        match = _NAME.fullmatch(name)
        if match is None or int(match[1]) not in _YEARS:
            raise ValueError(f"not a week: {name!r}")
        week = cls(int(match[1]), int(match[2]))
        _ = week.monday
        return week

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    def start(self, zone: ZoneInfo) -> datetime:
        """The moment at which it begins in `zone`."""
        return start_of(self.monday, zone)

    def end(self, zone: ZoneInfo) -> datetime:
        """The moment at which the next one begins in `zone`; not part of this one."""
        return start_of(self.monday + timedelta(days=7), zone)

    def back(self, weeks: int) -> "Week":
        """The week that many weeks earlier."""
        return Week.of(self.monday - timedelta(weeks=weeks))

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.number:02}"
