"""Keeps counts beside the rows, in the same transaction, so that nobody ever has to count a million of them."""

from collections import Counter
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite

from alumusic.store.database import is_sqlite
from alumusic.store.tables import batch_counts, daily_counts, daily_tags

NO_ARTIST: Final = ""
"""Stands for the artist of comments that name none."""


class Tally:
    """Changes of counters, gathered over many rows and then kept with one statement for each table."""

    def __init__(self) -> None:
        self.batches: Counter[tuple[UUID, str]] = Counter()
        """By batch and outcome: a category, a failure, or erased."""
        self.days: Counter[tuple[date, str, str]] = Counter()
        """By day, category and artist."""
        self.tags: Counter[tuple[date, str, str]] = Counter()
        """By day, category and tag."""

    def keep(self, db: Connection) -> None:
        """Add the changes to the tables."""
        _add(db, batch_counts, ("batch_id", "outcome"), self.batches)
        _add(db, daily_counts, ("day", "category", "artist_key"), self.days)
        _add(db, daily_tags, ("day", "category", "tag"), self.tags)
        _drop_empty_days(db, self.days)


def _add(db: Connection, table: Table, key: tuple[str, ...], changes: Counter[Any]) -> None:
    # Sorted, so that two workers who count the same days lock them in the same order, and never each other.
    rows = [
        dict(zip(key, values, strict=True)) | {"change": n}
        for values, n in sorted(changes.items(), key=lambda item: tuple(map(str, item[0])))
        if n
    ]
    if not rows:
        return
    insert = sqlite.insert if is_sqlite(db) else postgresql.insert
    statement = insert(table).values({name: bindparam(name) for name in key} | {"n": bindparam("change")})
    db.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_={"n": table.c.n + statement.excluded.n}), rows
    )


def _drop_empty_days(db: Connection, changes: Counter[tuple[date, str, str]]) -> None:
    """Drop the counts that have come down to nothing: the name of an artist is somebody's word too."""
    c = daily_counts.c
    lowered = [dict(zip(("b_day", "b_category", "b_artist"), key, strict=True)) for key, n in changes.items() if n < 0]
    if lowered:
        that = (
            c.day == bindparam("b_day"),
            c.category == bindparam("b_category"),
            c.artist_key == bindparam("b_artist"),
        )
        db.execute(delete(daily_counts).where(*that, c.n == 0), lowered)
