"""Who works on which comment: claims with a lease, and all the ways in which a claim ends.

The row is the task. `available_at` is "not before" while PENDING and "the lease ends" while PROCESSING, so claiming
due rows also takes over what a dead worker left. Every write says which lease it belongs to; a worker that comes back
from the dead writes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Uuid, bindparam, delete, func, select, text, update

from alumusic.domain.comments import MAX_ATTEMPTS, Failure, Status
from alumusic.store.counters import Tally
from alumusic.store.database import is_sqlite
from alumusic.store.opinions import HeldComment, Opinion, hold, keep_counts, put_into_effect, take_back
from alumusic.store.tables import comment_tags, comments
from alumusic.store.types import Instant

LONGEST_WAIT: Final = timedelta(seconds=300)
"""The longest that a comment waits for its next try after a fault of its own."""


@dataclass(frozen=True, slots=True)
class ClaimedComment:
    """A comment that one worker has in hand."""

    id: UUID
    generation: int
    attempts: int
    text: str


@dataclass(frozen=True, slots=True)
class ClaimSizes:
    """How many comments a claim takes: fewer of those that have been in trouble, to find out who makes it."""

    first: int
    second: int = 10
    last: int = 1
    isolates: bool = True
    """Whether comments are kept in the small company that is written on them: a local model confuses nobody."""


# One rung for all rows of a claim: untroubled, troubled once, troubled more often or suspicious (store/rungs.py).
_RUNG: Final = (
    "CASE WHEN attempts > 1 OR (:isolates AND rung = 2) THEN 2"
    " WHEN attempts = 1 OR (:isolates AND rung = 1) THEN 1 ELSE 0 END"
)
_SIZE: Final = (
    "CASE {rung} WHEN 0 THEN CAST(:first AS int) WHEN 1 THEN CAST(:second AS int) ELSE CAST(:last AS int) END"
)
_DUE: Final = "available_at <= :now AND attempts < :limit"

# A dead worker's comment carries the suspicion of having killed it: that counts as an attempt.
_CLAIM_POSTGRESQL: Final = """
WITH first_due AS (
  SELECT {rung} AS step, {size} AS size FROM comments
   WHERE {due} ORDER BY available_at {order}, seq {order} LIMIT 1 FOR UPDATE SKIP LOCKED
), chosen AS (
  SELECT c.seq, (c.status = 'PROCESSANDO') AS crashed FROM comments c, first_due f
   WHERE {due} AND {rung} = f.step
   ORDER BY available_at {order}, seq {order}
   LIMIT COALESCE((SELECT size FROM first_due), 0)
   FOR UPDATE OF c SKIP LOCKED
)
UPDATE comments c SET status = 'PROCESSANDO', lease = :lease, available_at = :until,
       attempts = c.attempts + chosen.crashed::int
  FROM chosen WHERE c.seq = chosen.seq
RETURNING c.seq, c.id, c.generation, c.attempts, c.text
"""
_CLAIM_SQLITE: Final = """
UPDATE comments SET attempts = attempts + (status = 'PROCESSANDO'), status = 'PROCESSANDO', lease = :lease,
       available_at = :until
 WHERE seq IN (
   SELECT seq FROM comments
    WHERE {due} AND {rung} = (
      SELECT {rung} FROM comments WHERE {due} ORDER BY available_at {order}, seq {order} LIMIT 1)
    ORDER BY available_at {order}, seq {order}
    LIMIT coalesce((SELECT {size} FROM comments WHERE {due} ORDER BY available_at {order}, seq {order} LIMIT 1), 0))
RETURNING seq, id, generation, attempts, text
"""


def _claim_statement(pattern: str, order: str) -> Any:
    # Only constants of this module go into the text; every value is a parameter.
    filled = pattern.format(rung=_RUNG, size=_SIZE.format(rung=_RUNG), due=_DUE, order=order)
    return (
        text(filled)
        .bindparams(
            bindparam("now", type_=Instant), bindparam("until", type_=Instant), bindparam("lease", type_=Uuid())
        )
        .columns(id=Uuid())
    )


_CLAIMS: Final = {
    (sqlite, newest): _claim_statement(_CLAIM_SQLITE if sqlite else _CLAIM_POSTGRESQL, "DESC" if newest else "ASC")
    for sqlite in (True, False)
    for newest in (True, False)
}


def claim(
    db: Connection, *, lease: UUID, sizes: ClaimSizes, lasts: timedelta, now: datetime, newest_first: bool = False
) -> list[ClaimedComment]:
    """Take due comments in hand under `lease`, oldest first, until `now + lasts`.

    `newest_first` takes the latest arrivals instead: a worker that alternates keeps a small batch from waiting behind
    a million rows.
    """
    rows = db.execute(
        _CLAIMS[is_sqlite(db), newest_first],
        {
            "lease": lease,
            "now": now,
            "until": now + lasts,
            "limit": MAX_ATTEMPTS,
            "first": sizes.first,
            "second": sizes.second,
            "last": sizes.last,
            "isolates": sizes.isolates,
        },
    ).mappings()
    return [_claimed(row) for row in sorted(rows, key=lambda row: row["seq"])]


def _claimed(row: RowMapping) -> ClaimedComment:
    return ClaimedComment(id=row["id"], generation=row["generation"], attempts=row["attempts"], text=row["text"])


def _held_under(db: Connection, lease: UUID, ids: Sequence[UUID]) -> dict[UUID, HeldComment]:
    wanted = set(ids)
    rows = hold(db, comments.c.lease == lease, comments.c.status == Status.PROCESSING)
    return {row.id: row for row in rows if row.id in wanted}


def complete(db: Connection, *, lease: UUID, opinions: dict[UUID, Opinion], now: datetime) -> list[UUID]:
    """Put each opinion into effect, for the comments still held under `lease`; return the ids of those."""
    held = _held_under(db, lease, list(opinions))
    if held:
        put_into_effect(db, [(comment, opinions[comment.id]) for comment in held.values()], now=now)
    return list(held)


def defer(db: Connection, *, lease: UUID, ids: Sequence[UUID], reason: str, until: datetime, free: bool = False) -> int:
    """Put comments back until `until`, at the provider's cost and not theirs; return how many.

    With `free` not even a deferral is counted: nobody was asked.
    """
    return _put_back(db, lease, ids, reason=reason, until=until, deferrals=0 if free else 1)


def release(db: Connection, *, lease: UUID, now: datetime, ids: Sequence[UUID] | None = None) -> int:
    """Give back, untouched and due at once, what is held under `lease` (only `ids`, if given); return how many."""
    return _put_back(db, lease, ids, reason=None, until=now, deferrals=0)


def _put_back(
    db: Connection, lease: UUID, ids: Sequence[UUID] | None, *, reason: str | None, until: datetime, deferrals: int
) -> int:
    statement = update(comments).where(comments.c.lease == lease, comments.c.status == Status.PROCESSING)
    if ids is not None:
        statement = statement.where(comments.c.id.in_(ids))
    changes: dict[Any, Any] = {
        comments.c.status: Status.PENDING,
        comments.c.lease: None,
        comments.c.available_at: until,
        comments.c.deferrals: comments.c.deferrals + deferrals,
    }
    if reason is not None:
        changes[comments.c.error] = reason
    return db.execute(statement.values(changes)).rowcount


def fail(db: Connection, *, lease: UUID, failures: dict[UUID, Failure], jitter: float, now: datetime) -> list[UUID]:
    """Count an attempt against each comment; those at their last end as FAILED, and their ids are returned.

    The others wait 2^attempts seconds times `jitter` (0.5 to 1.5), at most `LONGEST_WAIT`.
    """
    held = _held_under(db, lease, list(failures))
    over = [comment for comment in held.values() if comment.attempts + 1 >= MAX_ATTEMPTS]
    again = [comment for comment in held.values() if comment.attempts + 1 < MAX_ATTEMPTS]
    if again:
        statement = update(comments).where(comments.c.seq == bindparam("b_seq")).values(
            status=Status.PENDING, lease=None, attempts=comments.c.attempts + 1,
            error=bindparam("b_error"), available_at=bindparam("b_until", type_=Instant),
        )  # fmt: skip
        db.execute(
            statement,
            [
                {
                    "b_seq": comment.seq,
                    "b_error": failures[comment.id],
                    "b_until": now + min(LONGEST_WAIT, timedelta(seconds=2**comment.attempts)) * jitter,
                }
                for comment in again
            ],
        )
    _end_as_failed(db, [(comment, failures[comment.id]) for comment in over], now=now)
    return [comment.id for comment in over]


def has_poison(db: Connection, *, now: datetime) -> bool:
    """Whether `bury` would find anything."""
    c = comments.c
    found = db.scalar(select(c.seq).where(c.available_at <= now, c.attempts >= MAX_ATTEMPTS).limit(1))
    return found is not None


def bury(db: Connection, *, now: datetime) -> list[UUID]:
    """End as FAILED the due comments that have used up their attempts by killing whoever worked on them."""
    c = comments.c
    held = hold(db, c.available_at <= now, c.attempts >= MAX_ATTEMPTS)
    _end_as_failed(db, [(comment, Failure.POISON) for comment in held], now=now)
    return [comment.id for comment in held]


def _end_as_failed(db: Connection, failed: Sequence[tuple[HeldComment, Failure]], *, now: datetime) -> None:
    if not failed:
        return
    tally = Tally()
    for comment, failure in failed:
        take_back(tally, comment)
        tally.batches[comment.batch_id, failure] += 1
    db.execute(
        update(comments)
        .where(comments.c.seq == bindparam("b_seq"))
        .values(
            status=Status.FAILED,
            lease=None,
            available_at=None,
            attempts=MAX_ATTEMPTS,
            error=bindparam("b_error"),
            category=None,
            confidence=None,
            tags=None,
            origin=None,
            provisional=False,
            done_at=now,
        ),
        [{"b_seq": comment.seq, "b_error": failure} for comment, failure in failed],
    )
    db.execute(delete(comment_tags).where(comment_tags.c.seq.in_([comment.seq for comment, _ in failed])))
    keep_counts(db, tally, now=now)


def due(db: Connection, *, now: datetime, at_most: int = 1) -> int:
    """How many comments could be claimed right now, counted up to `at_most`."""
    rows = select(comments.c.seq).where(comments.c.available_at <= now).limit(at_most).subquery()
    return db.scalar(select(func.count()).select_from(rows)) or 0


def next_due(db: Connection) -> datetime | None:
    """When the next comment will be due; None when nothing waits."""
    earliest: datetime | None = db.scalar(select(func.min(comments.c.available_at)))
    return earliest


def release_all(db: Connection, *, now: datetime) -> int:
    """Give back everything that anybody holds: only for who knows that no other worker lives."""
    return db.execute(
        update(comments)
        .where(comments.c.lease.is_not(None))
        .values(status=Status.PENDING, lease=None, available_at=now)
    ).rowcount
