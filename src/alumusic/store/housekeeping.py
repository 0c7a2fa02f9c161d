"""Removes what nobody needs any more, in transactions small enough that nobody waits for them."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, exists, select, text, update

from alumusic.domain.comments import FINAL_STATUSES
from alumusic.store.database import is_sqlite
from alumusic.store.opinions import mark_finished
from alumusic.store.tables import audit, batches, comments, idempotency, invites

PIECE: Final = 1_000
"""Rows that one transaction removes."""

PAGES: Final = 200
"""Pages of SQLite's index that one transaction merges: less than a tenth of a second."""
_PAUSE_SECONDS: Final = 0.02
"""Others who want to write look for their turn about as often."""
_MERGE: Final = text("INSERT INTO comments_fts (comments_fts, rank) VALUES ('merge', :pages)")
_CHANGES: Final = text("SELECT total_changes()")


def forget_idempotency_keys(db: Connection, *, before: datetime) -> int:
    """Drop keys of requests that came in before then; return how many."""
    return db.execute(delete(idempotency).where(idempotency.c.created_at < before)).rowcount


def forget_invites(db: Connection, *, ended_before: datetime) -> int:
    """Drop invites that were no good any more by then; return how many."""
    return db.execute(delete(invites).where(invites.c.expires_at < ended_before)).rowcount


def forget_audit(db: Connection, *, before: datetime) -> int:
    """Drop what was written down before then; return how many lines."""
    return db.execute(delete(audit).where(audit.c.at < before)).rowcount


def mark_forgotten_batches(db: Connection, *, received_before: datetime, now: datetime) -> int:
    """Mark batches as finished which are, and whose last worker died before it could say so; return how many."""
    open_ids = list(
        db.scalars(
            select(batches.c.id)
            .where(batches.c.finished_at.is_(None), batches.c.received_at < received_before)
            .order_by(batches.c.received_at)
            .limit(PIECE)
        )
    )
    mark_finished(db, open_ids, now=now)
    still_open = db.scalars(select(batches.c.id).where(batches.c.id.in_(open_ids), batches.c.finished_at.is_(None)))
    return len(open_ids) - len(list(still_open))


def remove_old_comments(engine: Engine, *, received_before: datetime, stopping: Callable[[], bool]) -> int:
    """Remove finished comments that came in before then, with their history; return how many.

    Counts by day and by batch stay: they say nothing about anybody. A batch keeps its figures and loses its name and
    the list of its rejects, which quote the file.
    """
    removed = 0
    while not stopping():
        with engine.begin() as db:
            batch_id = _oldest_full_batch(db, received_before)
            if batch_id is None:
                return removed
            removed += _remove_piece(db, batch_id)
    return removed


def _oldest_full_batch(db: Connection, received_before: datetime) -> UUID | None:
    has_finished = exists().where(comments.c.batch_id == batches.c.id, comments.c.status.in_(FINAL_STATUSES))
    found: UUID | None = db.scalar(
        select(batches.c.id)
        .where(batches.c.received_at < received_before, has_finished)
        .order_by(batches.c.received_at)
        .limit(1)
    )
    return found


def _remove_piece(db: Connection, batch_id: UUID) -> int:
    piece = select(comments.c.seq).where(comments.c.batch_id == batch_id, comments.c.status.in_(FINAL_STATUSES))
    removed = db.execute(delete(comments).where(comments.c.seq.in_(piece.limit(PIECE)))).rowcount
    db.execute(update(batches).where(batches.c.id == batch_id).values(name=None, rejects=[]))
    return removed


def merge_words(engine: Engine, *, stopping: Callable[[], bool], at_once: int = PAGES) -> None:
    """Have no part of SQLite's index of words hold a word of what was erased; PostgreSQL's never does.

    Erasing only adds a note to the index that a word is gone: both stay until the parts with the word and the note are
    merged. Merging goes in small transactions, and costs nothing where there is but one part.
    """
    if not is_sqlite(engine):
        return
    # The first step, told apart by its sign, marks all parts for merging (SQLite's FTS5, 6.8).
    pages = -at_once
    while not stopping() and _merged_some(engine, pages):
        pages = at_once
        time.sleep(_PAUSE_SECONDS)


def _merged_some(engine: Engine, pages: int) -> bool:
    with engine.begin() as db:
        before: int = db.execute(_CHANGES).scalar_one()
        db.execute(_MERGE, {"pages": pages})
        # The order itself counts as one change.
        return int(db.execute(_CHANGES).scalar_one()) - before > 1


def tune(engine: Engine) -> None:
    """Let SQLite look at its tables again; PostgreSQL does so by itself."""
    with engine.begin() as db:
        if is_sqlite(db):
            db.execute(text("PRAGMA optimize"))
