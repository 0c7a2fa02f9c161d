"""Keeps one summary a week, whatever runs twice or late: the row is the task, as it is for comments."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from alumusic.domain.comments import Origin
from alumusic.domain.summaries import Summary, SummaryContent, Trouble
from alumusic.domain.weeks import Week
from alumusic.store.database import is_sqlite
from alumusic.store.tables import summaries

LEASE: Final = timedelta(minutes=5)
"""How long a worker may take over one summary before another one takes over; a model has 45 seconds."""

MOST_ATTEMPTS: Final = 6
"""How often a week is tried, an hour apart; after that it rests until somebody asks for it."""

_CONTENT: Final = TypeAdapter(SummaryContent)
_S: Final = summaries.c


def make_due(db: Connection, weeks: Iterable[Week], *, now: datetime, asked: bool = False) -> None:
    """Note that `weeks` want a summary, a new one where they have one; work in hand goes on.

    What was tried and is not done has a time of its own, or was given up: only somebody who has `asked` begins anew.
    """
    insert = sqlite.insert if is_sqlite(db) else postgresql.insert
    at_rest = and_(_S.lease.is_(None), _S.available_at.is_(None), _S.attempts < MOST_ATTEMPTS)
    rows = [{"week": str(week), "available_at": now} for week in weeks]
    if rows:
        statement = insert(summaries)
        db.execute(
            statement.on_conflict_do_update(
                index_elements=["week"],
                set_={"available_at": statement.excluded.available_at, "attempts": 0},
                where=_S.lease.is_(None) if asked else at_rest,
            ),
            rows,
        )


def claim_due(db: Connection, *, now: datetime) -> tuple[Week, UUID] | None:
    """Take the latest due week in hand, also one whose worker has died; None when nothing is due."""
    week = db.scalar(
        select(_S.week)
        .where(_S.available_at <= now)
        .order_by(_S.week.desc())
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if week is None:
        return None
    lease = uuid4()
    db.execute(
        update(summaries).where(_S.week == week).values(lease=lease, available_at=now + LEASE, attempts=_S.attempts + 1)
    )
    return Week.parse(week), lease


def keep(db: Connection, summary: Summary, *, lease: UUID, again_at: datetime | None = None) -> bool:
    """Write a summary down; whether this worker still held the week. It is due again at `again_at`, if ever."""
    content: dict[str, Any] = _CONTENT.dump_python(summary.content, mode="json")
    done = {} if again_at else {"attempts": 0}
    written = db.execute(
        update(summaries)
        .where(_S.week == str(summary.week), _S.lease == lease)
        .values(
            lease=None,
            available_at=again_at,
            content=content,
            origin=summary.origin,
            model=summary.model,
            prompt_version=summary.prompt_version,
            trouble=summary.trouble,
            total=summary.content.facts.total,
            generated_at=summary.generated_at,
            **done,
        )
    )
    return written.rowcount == 1


def put_off(db: Connection, week: Week, *, lease: UUID, again_at: datetime | None) -> None:
    """Give a week back unwritten; it is due again at `again_at`, and given up until somebody asks without that."""
    db.execute(
        update(summaries).where(_S.week == str(week), _S.lease == lease).values(lease=None, available_at=again_at)
    )


def attempts_at(db: Connection, week: Week) -> int:
    """How often a summary of `week` was tried since it was last written or asked for."""
    return db.scalar(select(_S.attempts).where(_S.week == str(week))) or 0


def rewrite(db: Connection, week: Week, content: SummaryContent) -> None:
    """Replace what a summary says by `content`, which says less: a comment was erased that it quoted."""
    db.execute(
        update(summaries)
        .where(_S.week == str(week), or_(_S.lease.is_(None), _S.content.is_not(None)))
        .values(content=_CONTENT.dump_python(content, mode="json"))
    )


def summary_of_row(row: Row[Any]) -> Summary:
    """The summary that `row` keeps; it must have been written."""
    return Summary(
        week=Week.parse(row.week),
        content=_CONTENT.validate_python(row.content),
        origin=Origin(row.origin),
        model=row.model,
        prompt_version=row.prompt_version,
        trouble=None if row.trouble is None else Trouble(row.trouble),
        generated_at=row.generated_at,
    )
