"""Finds what is rising on a day, from the counters of days alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from sqlalchemy import Connection

from alumusic.domain.comments import Category
from alumusic.domain.trends import BASELINE_DAYS, MIN_DAYS, SERIES, Counts, Rise, rises
from alumusic.query.counts import daily_category_counts, daily_tag_counts

_COLUMNS: Final[Mapping[tuple[Category, str | None], int]] = {series: n for n, series in enumerate(SERIES)}


@dataclass(frozen=True, slots=True)
class Trends:
    """What rose on one day."""

    day: date
    volume: int
    """Comments of the day."""
    days_of_history: int
    """Days with comments among the eight weeks before."""
    rises: tuple[Rise, ...]
    """The most improbable first."""

    @property
    def can_tell(self) -> bool:
        """Whether there is enough history to say what is usual."""
        return self.days_of_history >= MIN_DAYS


def trends(db: Connection, day: date) -> Trends:
    """What rose on `day`, against the eight weeks before it."""
    first = day - timedelta(days=BASELINE_DAYS)
    counts, volumes = _read(db, first, day)
    weekdays = np.array([(first + timedelta(days=n)).weekday() for n in range(BASELINE_DAYS)])
    found = rises(counts[-1], float(volumes[-1]), counts[:-1], volumes[:-1], weekdays, weekday=day.weekday())
    return Trends(
        day=day,
        volume=int(volumes[-1]),
        days_of_history=int((volumes[:-1] > 0).sum()),
        rises=tuple(
            Rise(*SERIES[column], day, int(counts[-1][column]), expected, int(volumes[-1]), probability)
            for column, expected, probability in found
        ),
    )


def _read(db: Connection, first: date, last: date) -> tuple[Counts, Counts]:
    days = (last - first).days + 1
    counts, volumes = np.zeros((days, len(SERIES))), np.zeros(days)
    for (day, category), n in daily_category_counts(db, first, last).items():
        row = (day - first).days
        counts[row, _COLUMNS[category, None]] = n
        volumes[row] += n
    for day, category, tag, n in daily_tag_counts(db, first, last):
        column = _COLUMNS.get((category, tag))
        # A tag that the taxonomy no longer has is nobody's trend.
        if column is not None:
            counts[(day - first).days, column] = n
    return counts, volumes
