"""Remembers which workers live."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete
from sqlalchemy.dialects import postgresql, sqlite

from alumusic.store.database import is_sqlite
from alumusic.store.tables import workers

FORGOTTEN_AFTER: Final = timedelta(days=1)
"""How long a worker that is not seen any more stays in the list."""


def seen(db: Connection, *, worker: str, now: datetime) -> None:
    """Note that `worker` lives."""
    insert = sqlite.insert if is_sqlite(db) else postgresql.insert
    statement = insert(workers).values(name=worker, seen_at=now)
    db.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"seen_at": now}))


def forget_the_dead(db: Connection, *, now: datetime) -> int:
    """Drop workers that nobody has seen for long; return how many."""
    return db.execute(delete(workers).where(workers.c.seen_at < now - FORGOTTEN_AFTER)).rowcount
