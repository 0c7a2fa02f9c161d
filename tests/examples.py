"""Ready-made things that tests talk about."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from alumusic.classify.classifier import Classifier
from alumusic.classify.drain import Tally, Terms, classify_due
from alumusic.domain.batches import BatchKind, Receipt
from alumusic.domain.comments import NewComment, Reject
from alumusic.domain.search import FoundComment
from alumusic.ingest.receive import receive
from alumusic.query.comments import one
from alumusic.store.batches import Delivery
from alumusic.store.database import reading
from alumusic.store.tables import comments
from alumusic.store.work import ClaimSizes
from tests.fakes import FakeBell, FakeClock

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MONDAY_NOON = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Noon in São Paulo, in week 2026-W48."""

TERMS = Terms(sizes=ClaimSizes(first=30), lease=timedelta(seconds=90))


def handed_in(
    engine: Engine,
    *rows: NewComment | Reject | str,
    now: datetime = MONDAY_NOON,
    delivery: Delivery | None = None,
    kind: BatchKind = BatchKind.COMMENTS,
    bell: FakeBell | None = None,
) -> Receipt:
    """Hand in comments, given as such or as their texts."""
    given: Iterable[NewComment | Reject] = [NewComment(row) if isinstance(row, str) else row for row in rows]
    return receive(
        given,
        engine=engine,
        bell=bell or FakeBell(),
        delivery=delivery or Delivery(user_id=None),
        kind=kind,
        zone=SAO_PAULO,
        now=now,
    )


def worked(
    engine: Engine, classifier: Classifier, *, clock: FakeClock | None = None, terms: Terms = TERMS, seconds: float = 60
) -> Tally:
    """Let a worker take a turn."""
    at = clock or FakeClock(MONDAY_NOON)
    return classify_due(engine, classifier, terms=terms, clock=at, until=at() + timedelta(seconds=seconds))


def stored(engine: Engine, *, now: datetime = MONDAY_NOON) -> list[FoundComment]:
    """Every comment that is kept, in the order in which they came."""
    with reading(engine) as db:
        ids: Sequence[object] = db.scalars(select(comments.c.id).order_by(comments.c.seq)).all()
        return [one(db, id_, now=now) for id_ in ids]  # type: ignore[arg-type]
