"""Reads the counters of days: what was said, about what, about whom. None of these touches a comment's row."""

from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from alumusic.domain.comments import Category
from alumusic.store.counters import NO_ARTIST
from alumusic.store.tables import comments, daily_counts, daily_tags

_DAYS: Final = daily_counts.c
_TAGS: Final = daily_tags.c


def _between(column: ColumnElement[Any], first: date, last: date) -> ColumnElement[bool]:
    return column.between(first, last)


def category_counts(db: Connection, first: date, last: date) -> dict[Category, int]:
    """How many comments of the days `first` to `last` are of each class; one that nobody used counts 0."""
    rows = db.execute(
        select(_DAYS.category, func.sum(_DAYS.n)).where(_between(_DAYS.day, first, last)).group_by(_DAYS.category)
    )
    found = {Category(name): int(n) for name, n in rows}
    return {category: found.get(category, 0) for category in Category}


def daily_category_counts(db: Connection, first: date, last: date) -> dict[tuple[date, Category], int]:
    """How many comments each day had of each class; days and classes without any are left out."""
    rows = db.execute(
        select(_DAYS.day, _DAYS.category, func.sum(_DAYS.n))
        .where(_between(_DAYS.day, first, last))
        .group_by(_DAYS.day, _DAYS.category)
    )
    return {(day, Category(name)): int(n) for day, name, n in rows if n > 0}


def tag_counts(db: Connection, first: date, last: date) -> dict[tuple[Category, str], int]:
    """How often each tag was given in each class."""
    rows = db.execute(
        select(_TAGS.category, _TAGS.tag, func.sum(_TAGS.n))
        .where(_between(_TAGS.day, first, last))
        .group_by(_TAGS.category, _TAGS.tag)
    )
    return {(Category(name), tag): int(n) for name, tag, n in rows if n > 0}


def daily_tag_counts(db: Connection, first: date, last: date) -> list[tuple[date, Category, str, int]]:
    """How often each tag was given on each day in each class."""
    rows = db.execute(
        select(_TAGS.day, _TAGS.category, _TAGS.tag, _TAGS.n).where(_between(_TAGS.day, first, last), _TAGS.n > 0)
    )
    return [(day, Category(name), tag, n) for day, name, tag, n in rows]


def artist_counts(db: Connection, first: date, last: date, *, limit: int) -> dict[str, dict[Category, int]]:
    """The artists with most comments, the first one first, and their comments of each class; by folded name."""
    total = func.sum(_DAYS.n)
    leading = (
        select(_DAYS.artist_key)
        .where(_between(_DAYS.day, first, last), _DAYS.artist_key != NO_ARTIST)
        .group_by(_DAYS.artist_key)
        .having(total > 0)
        .order_by(total.desc(), _DAYS.artist_key)
        .limit(limit)
    )
    found: dict[str, dict[Category, int]] = {key: dict.fromkeys(Category, 0) for key in db.scalars(leading)}
    rows = db.execute(
        select(_DAYS.artist_key, _DAYS.category, func.sum(_DAYS.n))
        .where(_between(_DAYS.day, first, last), _DAYS.artist_key.in_(list(found)))
        .group_by(_DAYS.artist_key, _DAYS.category)
    )
    for key, name, n in rows:
        found[key][Category(name)] = int(n)
    return found


def artist_names(db: Connection, keys: list[str]) -> dict[str, str]:
    """How the latest comment about each artist spells the name."""
    names = {}
    for key in keys:
        latest = (
            select(comments.c.artist)
            .where(comments.c.artist_key == key)
            .order_by(comments.c.written_at.desc(), comments.c.seq.desc())
            .limit(1)
        )
        names[key] = db.scalar(latest) or key
    return names


def first_day(db: Connection) -> date | None:
    """The earliest day with comments; None where there are none."""
    earliest: date | None = db.scalar(select(func.min(_DAYS.day)).where(_DAYS.n > 0))
    return earliest
