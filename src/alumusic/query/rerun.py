"""Which comments an order to work again would reach."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from alumusic.domain.comments import FINAL_STATUSES
from alumusic.domain.search import CommentFilter
from alumusic.query.filters import narrowed, resolved
from alumusic.store.database import is_sqlite
from alumusic.store.tables import comments


@dataclass(frozen=True, slots=True)
class RerunCount:
    """How many comments would go back to work, how many stay because a curator decided them, and how long they are."""

    total: int
    kept: int
    characters: int
    """Of the texts that would be read again: what a model charges for."""


def matching(db: Connection, wanted: CommentFilter, *, now: datetime) -> list[ColumnElement[bool]]:
    """The condition that a row is one of those that are wanted."""
    wanted = resolved(db, wanted)
    return [comments.c.seq.in_(narrowed(select(comments.c.seq), wanted, sqlite=is_sqlite(db), now=now))]


def count_for_rerun(db: Connection, wanted: CommentFilter, *, now: datetime) -> RerunCount:
    """How many finished comments are wanted, with and without a curator's word."""
    decided = comments.c.reviewed_at.is_not(None)
    question = select(decided, func.count(), func.coalesce(func.sum(func.length(comments.c.text)), 0)).where(
        comments.c.status.in_(FINAL_STATUSES), *matching(db, wanted, now=now)
    )
    found = {bool(reviewed): (n, characters) for reviewed, n, characters in db.execute(question.group_by(decided))}
    total, characters = found.get(False, (0, 0))
    return RerunCount(total=total, kept=found.get(True, (0, 0))[0], characters=int(characters))
