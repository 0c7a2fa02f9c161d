"""Counts failures by key, in the database, so that every process slows down the same guesser."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from alumusic.store.database import serialize
from alumusic.store.tables import throttles


@dataclass(frozen=True, slots=True)
class Throttle:
    """Failures counted for a key `since` then, and until when it is blocked."""

    failures: int
    since: datetime
    blocked_until: datetime | None


def find_throttle(db: Connection, key: str) -> Throttle | None:
    """What is counted for `key`."""
    row = db.execute(select(throttles).where(throttles.c.key == key)).one_or_none()
    return Throttle(row.failures, row.since, row.blocked_until) if row is not None else None


def hold_throttle(db: Connection, key: str) -> Throttle | None:
    """What is counted for `key`, which nobody else changes until this transaction ends."""
    serialize(db, name=f"throttle {key}")
    return find_throttle(db, key)


def put_throttle(db: Connection, key: str, throttle: Throttle) -> None:
    """Keep the count of a key that this transaction holds."""
    values = {"failures": throttle.failures, "since": throttle.since, "blocked_until": throttle.blocked_until}
    if not db.execute(update(throttles).where(throttles.c.key == key).values(values)).rowcount:
        db.execute(insert(throttles).values(key=key, **values))


def clear_throttle(db: Connection, key: str) -> None:
    """Forget the failures of `key`."""
    db.execute(delete(throttles).where(throttles.c.key == key))


def forget_throttles(db: Connection, *, before: datetime) -> int:
    """Remove what was counted before then; return how many keys."""
    return db.execute(delete(throttles).where(throttles.c.since < before)).rowcount
