"""What people do to comments that are here: correct them, send them back to work, erase them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from alumusic.domain.batches import ERASED
from alumusic.domain.comments import FINAL_STATUSES, Category, Classification, Origin, Status
from alumusic.domain.errors import InvalidInputError
from alumusic.store.counters import Tally
from alumusic.store.database import is_sqlite
from alumusic.store.opinions import HeldComment, Opinion, hold, keep_counts, put_into_effect, take_back
from alumusic.store.tables import batches, classifications, comments
from alumusic.store.tombstones import keep_tombstones, let_nobody_keep, tombstone_hash

CURATOR_MODEL: Final = "humano"
"""What the history names as the model of a person's opinion."""

_CERTAIN: Final = 1.0


def correct(
    db: Connection,
    *,
    comment_id: UUID,
    category: Category | None,
    tags: Sequence[str] | None,
    by_user_id: int,
    now: datetime,
) -> Classification | None:
    """Put a curator's opinion into effect, over any machine's and over work under way; None without such a comment.

    What is None stays as it is; what is in effect now is returned.

    Raises:
        InvalidInputError: nobody has classified the comment yet, and no category is given.
    """
    held = hold(db, comments.c.id == comment_id)
    if not held:
        return None
    comment = _next_generation(db, held[0])
    kept = category or comment.category
    if kept is None:
        raise InvalidInputError("sem_categoria")
    said = Classification(kept, _CERTAIN, tuple(comment.tags if tags is None else tags))
    put_into_effect(db, [(comment, Opinion(said, Origin.CURATOR, CURATOR_MODEL, by_user_id=by_user_id))], now=now)
    return said


def _next_generation(db: Connection, comment: HeldComment) -> HeldComment:
    """The same comment with a generation that no opinion has yet."""
    last = db.scalar(select(func.max(classifications.c.generation)).where(classifications.c.comment_id == comment.id))
    # Work under way holds the generation of the row, and will find its lease gone.
    generation = comment.generation if last is None else max(last, comment.generation) + 1
    return replace(comment, generation=generation)


def send_back(
    db: Connection, conditions: Sequence[ColumnElement[bool]], *, batch_id: UUID, now: datetime, at_most: int
) -> int:
    """Send finished comments back to work as members of `batch_id`; return how many.

    What a person has decided stays decided, and what waits already keeps its place.
    """
    chosen = (
        select(comments.c.seq)
        .where(comments.c.status.in_(FINAL_STATUSES), comments.c.reviewed_at.is_(None), *conditions)
        .order_by(comments.c.seq)
        .limit(at_most)
    )
    if not is_sqlite(db):
        # Locked before they are changed: of two orders at once, the second must see what the first has sent already.
        chosen = select(chosen.with_for_update().cte("chosen").c.seq)
    return db.execute(
        update(comments)
        .where(comments.c.seq.in_(chosen))
        .values(
            status=Status.PENDING,
            generation=comments.c.generation + 1,
            attempts=0,
            deferrals=0,
            error=None,
            done_at=None,
            rerun_id=batch_id,
            available_at=now,
        )
    ).rowcount


def erase(db: Connection, *, comment_id: UUID, now: datetime) -> bool:
    """Erase a comment with all that was said of it, and refuse it for ever; whether it existed.

    An answer under way finds no row to write to.
    """
    held = hold(db, comments.c.id == comment_id)
    erase_held(db, held, now=now)
    return bool(held)


def erase_held(db: Connection, held: Sequence[HeldComment], *, now: datetime) -> None:
    """Erase comments that this transaction holds, as `erase` does."""
    if not held:
        return
    let_nobody_keep(db)
    _forget_what_batches_quote(db, held)
    tally = Tally()
    for comment in held:
        take_back(tally, comment)
        tally.batches[comment.batch_id, ERASED] += 1
    db.execute(delete(comments).where(comments.c.seq.in_([comment.seq for comment in held])))
    keep_tombstones(db, [tombstone_hash(comment.id) for comment in held], now=now)
    keep_counts(db, tally, now=now)


def _forget_what_batches_quote(db: Connection, held: Sequence[HeldComment]) -> None:
    """Blank what the batches that brought these comments repeat of their file: its name, and values that were refused.

    A row that was refused does not say whose it was.
    """
    brought = set(db.scalars(select(comments.c.batch_id).where(comments.c.seq.in_([one.seq for one in held]))))
    # Locked in order, with those that will be counted for: whoever counts for the same ones waits, and locks nobody.
    ids = sorted(brought | {one.batch_id for one in held})
    rows = db.execute(
        select(batches.c.id, batches.c.name, batches.c.rejects)
        .where(batches.c.id.in_(ids))
        .order_by(batches.c.id)
        .with_for_update()
    )
    for batch_id, name, rejects in rows.all():
        if batch_id in brought and (name is not None or any(detail for _, _, detail in rejects)):
            blanked = [[line, reason, ""] for line, reason, _ in rejects]
            db.execute(update(batches).where(batches.c.id == batch_id).values(name=None, rejects=blanked))
