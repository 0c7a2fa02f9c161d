"""Answers the first page of the dashboard in one go, from the counters of days alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from alumusic.domain.comments import Category
from alumusic.domain.trends import Rise
from alumusic.query.counts import (
    artist_counts,
    artist_names,
    category_counts,
    daily_category_counts,
    first_day,
    tag_counts,
)
from alumusic.query.trends import trends

DAYS_SHOWN: Final = 28
MOST_TAGS: Final = 10
MOST_ARTISTS: Final = 10
MOST_NAMES: Final = 200
"""Artists that a list to choose from offers; the others can be typed."""

Counts = Mapping[Category, int]


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, beside as many before them."""

    first: date
    last: date
    counts: Counts
    before: Counts


@dataclass(frozen=True, slots=True)
class TagFigure:
    """How often a tag was given in the last seven days, and in the seven before; SPAM apart."""

    code: str
    n: int
    before: int


@dataclass(frozen=True, slots=True)
class ArtistFigure:
    """The comments about an artist in the last 28 days."""

    name: str
    n: int
    criticism: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page shows."""

    today: Period
    week: Period
    days: tuple[tuple[date, Counts], ...]
    tags: tuple[TagFigure, ...]
    rises: tuple[Rise, ...]
    days_of_history: int
    can_tell_rises: bool
    artists: tuple[ArtistFigure, ...]
    first_day: date | None


def overview(db: Connection, today: date) -> Overview:
    """The figures of the days up to `today`, in the house's time zone."""
    latest = trends(db, today)
    # Early in a day there is little to tell by; what rose yesterday is news until then.
    found = {(rise.category, rise.tag): rise for rise in trends(db, today - timedelta(days=1)).rises}
    found |= {(rise.category, rise.tag): rise for rise in latest.rises}
    return Overview(
        today=_period(db, today, days=1),
        week=_period(db, today, days=7),
        days=_days(db, today),
        tags=_tags(db, today),
        rises=tuple(sorted(found.values(), key=lambda rise: rise.probability)),
        days_of_history=latest.days_of_history,
        can_tell_rises=latest.can_tell,
        artists=_artists(db, today),
        first_day=first_day(db),
    )


def _period(db: Connection, today: date, *, days: int) -> Period:
    first, length = today - timedelta(days=days - 1), timedelta(days=days)
    return Period(
        first=first,
        last=today,
        counts=category_counts(db, first, today),
        before=category_counts(db, first - length, today - length),
    )


def _days(db: Connection, today: date) -> tuple[tuple[date, Counts], ...]:
    first = today - timedelta(days=DAYS_SHOWN - 1)
    found = daily_category_counts(db, first, today)
    days = [first + timedelta(days=n) for n in range(DAYS_SHOWN)]
    return tuple((day, {category: found.get((day, category), 0) for category in Category}) for day in days)


def _tags(db: Connection, today: date) -> tuple[TagFigure, ...]:
    now = _by_tag(tag_counts(db, today - timedelta(days=6), today))
    before = _by_tag(tag_counts(db, today - timedelta(days=13), today - timedelta(days=7)))
    leading = sorted(now, key=lambda code: (-now[code], code))[:MOST_TAGS]
    return tuple(TagFigure(code, now[code], before.get(code, 0)) for code in leading)


def _by_tag(counts: Mapping[tuple[Category, str], int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for (category, tag), n in counts.items():
        if category is not Category.SPAM:
            found[tag] = found.get(tag, 0) + n
    return found


def _artists(db: Connection, today: date) -> tuple[ArtistFigure, ...]:
    found = artist_counts(db, today - timedelta(days=DAYS_SHOWN - 1), today, limit=MOST_ARTISTS)
    names = artist_names(db, list(found))
    return tuple(
        ArtistFigure(names[key], sum(counts.values()), counts[Category.CRITICISM]) for key, counts in found.items()
    )


def known_artists(db: Connection, today: date) -> list[str]:
    """The artists with most comments in a year, in alphabetical order, spelled as people spell them."""
    found = artist_counts(db, today - timedelta(days=364), today, limit=MOST_NAMES)
    return sorted(artist_names(db, list(found)).values(), key=str.casefold)
