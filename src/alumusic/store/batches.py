"""Keeps batches, and remembers which requests were seen before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from alumusic.domain.batches import MAX_LISTED, BatchKind, Receipt
from alumusic.domain.comments import Reject, RejectReason
from alumusic.domain.errors import IdempotencyMismatchError
from alumusic.store.database import serialize
from alumusic.store.tables import batches, comments, idempotency


@dataclass(frozen=True, slots=True)
class Delivery:
    """What tells one handing-in from another: who, and by which key or content."""

    user_id: int | None
    key: str | None = None
    """The sender's `Idempotency-Key`."""
    request_hash: bytes = b""
    """SHA-256 of the request's body."""
    content_hash: bytes | None = None
    """SHA-256 of a file whose second coming adds nothing; None to accept it again."""


_NEW_BATCH: Final = insert(batches)
_FIGURES: Final = (
    update(batches)
    .where(batches.c.id == bindparam("b_id"))
    .values({name: bindparam(name) for name in ("total", "duplicates", "rejected", "rejects", "finished_at")})
)


def open_batch(
    db: Connection, *, batch_id: UUID, kind: BatchKind, name: str | None, delivery: Delivery, now: datetime
) -> None:
    """Begin a batch; its figures follow with `close_batch` in the same transaction."""
    # Rows as parameters, not as values of the statement: it is built and compiled once.
    db.execute(
        _NEW_BATCH,
        {
            "id": batch_id,
            "user_id": delivery.user_id,
            "kind": kind,
            "name": name,
            "received_at": now,
            "total": 0,
            "rejects": [],
            "content_hash": delivery.content_hash,
        },
    )
    _remember_key(db, delivery, batch_id, now)


def _remember_key(db: Connection, delivery: Delivery, batch_id: UUID, now: datetime) -> None:
    if delivery.key is None:
        return
    db.execute(
        insert(idempotency),
        {
            "user_id": delivery.user_id,
            "key": delivery.key,
            "request_hash": delivery.request_hash,
            "batch_id": batch_id,
            "created_at": now,
        },
    )


def close_batch(
    db: Connection,
    *,
    batch_id: UUID,
    total: int,
    duplicates: int,
    rejected: int,
    rejects: Sequence[Reject],
    now: datetime,
) -> None:
    """Keep the figures of a batch; one that brought nothing is finished."""
    listed = [[reject.line, reject.reason, reject.detail] for reject in rejects[:MAX_LISTED]]
    db.execute(
        _FIGURES,
        {
            "b_id": batch_id,
            "total": total,
            "duplicates": duplicates,
            "rejected": rejected,
            "rejects": listed,
            "finished_at": None if total else now,
        },
    )


def earlier_delivery(db: Connection, delivery: Delivery, *, now: datetime) -> Receipt | None:
    """What was answered when the same thing was handed in before; None when it is new.

    A key that comes with a file we know is remembered too: it stands for that file from now on.

    Raises:
        IdempotencyMismatchError: the key was used for another body.
    """
    if delivery.key is not None:
        # Two requests with one key at once: the second waits here for what the first one is given.
        serialize(db, name=f"{delivery.user_id}/{delivery.key}")
        seen = db.execute(
            select(idempotency.c.request_hash, idempotency.c.batch_id).where(
                idempotency.c.user_id == delivery.user_id, idempotency.c.key == delivery.key
            )
        ).one_or_none()
        if seen is not None:
            if seen.request_hash != delivery.request_hash:
                raise IdempotencyMismatchError(chave=delivery.key)
            return receipt_of(db, seen.batch_id)
    if delivery.content_hash is not None:
        serialize(db, name=f"{delivery.user_id}/{delivery.content_hash.hex()}")
        found = db.scalar(
            select(batches.c.id)
            .where(batches.c.user_id == delivery.user_id, batches.c.content_hash == delivery.content_hash)
            .order_by(batches.c.received_at.desc())
            .limit(1)
        )
        if found is not None:
            _remember_key(db, delivery, found, now)
            return replace(receipt_of(db, found), known_file=True)
    return None


def receipt_of(db: Connection, batch_id: UUID) -> Receipt:
    """The receipt that was given for a batch, made again from what is kept."""
    batch: Row[Any] = db.execute(select(batches).where(batches.c.id == batch_id)).one()
    ids = db.scalars(
        select(comments.c.id).where(comments.c.batch_id == batch_id).order_by(comments.c.seq).limit(MAX_LISTED)
    )
    return Receipt(
        batch_id=batch_id,
        total=batch.total,
        duplicates=batch.duplicates,
        rejected=batch.rejected,
        rejects=tuple(Reject(line, RejectReason(reason), detail) for line, reason, detail in batch.rejects),
        accepted_ids=tuple(ids),
        replayed=True,
    )
