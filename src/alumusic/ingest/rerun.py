"""Sends comments back to work, and says beforehand what that would cost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Engine

from alumusic.bell.bell import Bell
from alumusic.domain.batches import BatchKind
from alumusic.domain.ids import time_ordered_id
from alumusic.domain.search import CommentFilter
from alumusic.query.rerun import RerunCount, count_for_rerun, matching
from alumusic.store.batches import Delivery, close_batch, open_batch
from alumusic.store.changes import send_back
from alumusic.store.database import reading

MOST_AT_ONCE: Final = 1_000_000
"""Comments that one order may send back."""


@dataclass(frozen=True, slots=True)
class Rerun:
    """What an order to work again did, or would do."""

    batch_id: UUID | None
    """None for a dry run."""
    count: RerunCount


def rerun(wanted: CommentFilter, *, engine: Engine, bell: Bell, user_id: int, now: datetime) -> Rerun:
    """Send the finished comments that are wanted back to work, as a batch of their own.

    What a curator has decided stays decided; what waits already keeps its place.
    """
    batch_id = time_ordered_id(now)
    with engine.begin() as db:
        found = count_for_rerun(db, wanted, now=now)
        open_batch(db, batch_id=batch_id, kind=BatchKind.RERUN, name=None, delivery=Delivery(user_id=user_id), now=now)
        sent = send_back(db, matching(db, wanted, now=now), batch_id=batch_id, now=now, at_most=MOST_AT_ONCE)
        close_batch(db, batch_id=batch_id, total=sent, duplicates=0, rejected=0, rejects=(), now=now)
    if sent:
        bell.ring()
    return Rerun(batch_id, RerunCount(total=sent, kept=found.kept, characters=found.characters))


def rehearse(wanted: CommentFilter, *, engine: Engine, now: datetime) -> Rerun:
    """Say what `rerun` would do, and do nothing."""
    with reading(engine) as db:
        return Rerun(None, count_for_rerun(db, wanted, now=now))
