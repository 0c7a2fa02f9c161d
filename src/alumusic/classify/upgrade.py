"""Sends provisional answers back to work, as a batch of its own."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, select

from alumusic.domain.batches import BatchKind
from alumusic.domain.comments import Status
from alumusic.domain.ids import time_ordered_id
from alumusic.store.batches import Delivery, close_batch, open_batch
from alumusic.store.changes import send_back
from alumusic.store.database import reading, serialize
from alumusic.store.tables import comments

AT_ONCE: Final = 1_000
"""Comments of one batch: more follow at the next look."""

_NAME: Final = "provisorios"


def upgrade_provisional(engine: Engine, *, now: datetime) -> int:
    """Send up to `AT_ONCE` comments with a provisional answer back to work; return how many.

    Their answers stay in effect until better ones are there.
    """
    with reading(engine) as db:
        if not _any(db):
            return 0
    batch_id = time_ordered_id(now)
    with engine.begin() as db:
        # Two workers that look at once would send the same comments twice.
        serialize(db, name="upgrade_provisional")
        if not _any(db):
            return 0
        open_batch(db, batch_id=batch_id, kind=BatchKind.RERUN, name=_NAME, delivery=Delivery(user_id=None), now=now)
        total = send_back(db, [comments.c.provisional], batch_id=batch_id, now=now, at_most=AT_ONCE)
        close_batch(db, batch_id=batch_id, total=total, duplicates=0, rejected=0, rejects=(), now=now)
    return total


def _any(db: Connection) -> bool:
    c = comments.c
    question = select(c.seq).where(c.provisional, c.status == Status.DONE, c.reviewed_at.is_(None)).limit(1)
    return db.scalar(question) is not None
