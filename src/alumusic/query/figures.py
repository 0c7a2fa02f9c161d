"""Tells how the house is doing, in figures that any process can read from the rows: queue, workers, providers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, case, func, select, text

from alumusic.domain.comments import Failure, Status
from alumusic.domain.providers import ProviderState
from alumusic.store.database import is_exactly, is_sqlite
from alumusic.store.ledger import Account, accounts
from alumusic.store.providers import states
from alumusic.store.tables import batches, comments, daily_counts, provider_calls, workers

SEEN_WITHIN: Final = timedelta(seconds=60)
"""A worker that was seen so lately lives."""

LATENCY_SECONDS: Final = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 45.0)
"""Upper bounds of the classes that calls are counted in, by how long they took."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long the calls of one provider took."""

    provider: str
    within: tuple[int, ...]
    """Calls within each of `LATENCY_SECONDS`, those of the smaller ones included."""
    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Queue:
    """What is not done."""

    pending: int
    """Those whose worker's lease has ended included."""
    processing: int
    failures: Mapping[Failure, int]
    oldest_due_seconds: float
    """How long the comment has been waiting that has been due for longest; 0 when none is."""

    @property
    def failed(self) -> int:
        """All that failed, whatever for."""
        return sum(self.failures.values())


@dataclass(frozen=True, slots=True)
class Figures:
    """How the house is doing."""

    queue: Queue
    done: int
    open_batches: int
    workers: int
    """Seen within `SEEN_WITHIN`."""
    providers: Sequence[ProviderState]
    calls: Sequence[Account]
    """Since the day began."""
    latencies: Sequence[Latency]
    """Since the day began."""
    database_bytes: int

    @property
    def by_status(self) -> dict[Status, int]:
        """How many comments are in each."""
        return {
            Status.PENDING: self.queue.pending,
            Status.PROCESSING: self.queue.processing,
            Status.DONE: self.done,
            Status.FAILED: self.queue.failed,
        }


def figures(db: Connection, *, now: datetime, day_began: datetime) -> Figures:
    """Read them; nothing of this looks at a finished comment."""
    return Figures(
        queue=queue(db, now=now),
        done=_count(db, select(func.sum(daily_counts.c.n))),
        open_batches=_count(db, select(func.count()).select_from(batches).where(batches.c.finished_at.is_(None))),
        workers=_count(db, select(func.count()).where(workers.c.seen_at >= now - SEEN_WITHIN)),
        providers=states(db),
        calls=accounts(db, since=day_began, until=now + timedelta(seconds=1)),
        latencies=_latencies(db, since=day_began),
        database_bytes=_database_bytes(db),
    )


def _count(db: Connection, question: object) -> int:
    return int(db.scalar(question) or 0)  # type: ignore[call-overload]


def queue(db: Connection, *, now: datetime) -> Queue:
    """What is not done. Nobody counts what is: there may be a million of those."""
    # Both questions are answered by indexes that hold unfinished comments only.
    unfinished = _count(db, select(func.count()).where(comments.c.available_at.is_not(None)))
    # A lease that has ended is nobody's.
    in_hand = _count(db, select(func.count()).where(comments.c.lease.is_not(None), comments.c.available_at > now))
    return Queue(
        pending=unfinished - in_hand,
        processing=in_hand,
        failures=_failures(db),
        oldest_due_seconds=_oldest_due_seconds(db, now=now),
    )


def _oldest_due_seconds(db: Connection, *, now: datetime) -> float:
    # Said although NULL is no minimum: without it SQLite does not take the index that holds nothing else.
    earliest: datetime | None = db.scalar(
        select(func.min(comments.c.available_at)).where(comments.c.available_at.is_not(None))
    )
    return max(0.0, (now - earliest).total_seconds()) if earliest is not None else 0.0


def _failures(db: Connection) -> dict[Failure, int]:
    failed = is_exactly(comments.c.status, Status.FAILED)
    rows = db.execute(select(comments.c.error, func.count()).where(failed).group_by(comments.c.error))
    found = {Failure(error): n for error, n in rows}
    return {failure: found.get(failure, 0) for failure in Failure}


def _latencies(db: Connection, *, since: datetime) -> list[Latency]:
    took = provider_calls.c.milliseconds
    within = [func.sum(case((took <= limit * 1000, 1), else_=0)) for limit in LATENCY_SECONDS]
    rows = db.execute(
        select(provider_calls.c.provider, func.count(), func.sum(took), *within)
        .where(provider_calls.c.at >= since)
        .group_by(provider_calls.c.provider)
        .order_by(provider_calls.c.provider)
    )
    return [
        Latency(provider, within=tuple(map(int, counts)), calls=calls, seconds=float(took_in_all) / 1000)
        for provider, calls, took_in_all, *counts in rows
    ]


def _database_bytes(db: Connection) -> int:
    if is_sqlite(db):
        return _count(db, text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
    return _count(db, text("SELECT pg_database_size(current_database())"))
