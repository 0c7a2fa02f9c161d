"""Says how far batches have come, from counters and not from rows."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, or_, select

from alumusic.domain.batches import ERASED, BatchKind, Progress
from alumusic.domain.comments import Category, Failure, Reject, RejectReason, Status
from alumusic.domain.errors import NotFoundError
from alumusic.store.tables import batch_counts, batches, comments


def was_sent_by(db: Connection, batch_id: UUID, user_id: int) -> bool:
    """Whether it was this account that handed the batch in."""
    found = db.scalar(select(batches.c.id).where(batches.c.id == batch_id, batches.c.user_id == user_id))
    return found is not None


def progress(db: Connection, batch_id: UUID, *, now: datetime) -> Progress:
    """How far the batch of that id has come.

    Raises:
        NotFoundError: there is none.
    """
    batch = db.execute(select(batches).where(batches.c.id == batch_id)).one_or_none()
    if batch is None:
        raise NotFoundError("tarefa_nao_encontrada")
    outcomes = {
        outcome: n
        for outcome, n in db.execute(
            select(batch_counts.c.outcome, batch_counts.c.n).where(batch_counts.c.batch_id == batch_id)
        )
        if n > 0
    }
    by_category = {category: outcomes[category] for category in Category if category in outcomes}
    failures = {failure: outcomes[failure] for failure in Failure if failure in outcomes}
    done = sum(by_category.values())
    return Progress(
        batch_id=batch.id,
        kind=BatchKind(batch.kind),
        name=batch.name,
        received_at=batch.received_at,
        finished_at=batch.finished_at,
        total=batch.total,
        processing=0 if batch.finished_at else _processing(db, batch_id, now=now),
        done=done,
        failed=sum(failures.values()),
        erased=outcomes.get(ERASED, 0),
        duplicates=batch.duplicates,
        rejected=batch.rejected,
        by_category=by_category,
        failures=failures,
        per_minute=_per_minute(batch, done, now=now),
    )


def _processing(db: Connection, batch_id: UUID, *, now: datetime) -> int:
    # Only rows that somebody holds are in this index: a few thousand at most, whatever the batch's size.
    held = (
        select(func.count())
        .select_from(comments)
        .where(
            comments.c.lease.is_not(None),
            comments.c.status == Status.PROCESSING,
            comments.c.available_at > now,
            or_(comments.c.rerun_id == batch_id, (comments.c.rerun_id.is_(None)) & (comments.c.batch_id == batch_id)),
        )
    )
    return db.scalar(held) or 0


def _per_minute(batch: Row[Any], done: int, *, now: datetime) -> float | None:
    lived: timedelta = (batch.finished_at or now) - batch.received_at
    if not done or lived <= timedelta(0):
        return None
    return done / max(lived, timedelta(seconds=0.001)).total_seconds() * 60


def rejects_of(db: Connection, batch_id: UUID) -> list[Reject]:
    """The first rejects of a batch, as they were listed when it came in."""
    kept = db.scalar(select(batches.c.rejects).where(batches.c.id == batch_id)) or []
    return [Reject(line, RejectReason(reason), detail) for line, reason, detail in kept]


def recent_batches(db: Connection, *, limit: int) -> list[UUID]:
    """The ids of the latest batches."""
    return list(db.scalars(select(batches.c.id).order_by(batches.c.received_at.desc()).limit(limit)))
