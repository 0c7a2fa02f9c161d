"""Finds all that is kept of one person: what they wrote, what was said of it, and an account they may have."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, func, or_, select, tuple_

from alumusic.domain.comments import Category, Origin
from alumusic.domain.search import CommentFilter, FoundComment, Order, PastOpinion
from alumusic.domain.subjects import OwnAccount, QuotedIn
from alumusic.query.comments import stream
from alumusic.query.summaries import latest_summaries
from alumusic.store.tables import audit, classifications, comments, invites
from alumusic.store.users import find_login
from alumusic.text.names import fold_name

PIECE: Final = 500
"""Comments whose history is fetched with one question."""

_EVERY_SUMMARY: Final = 10_000


@dataclass(frozen=True, slots=True)
class Told:
    """A comment with everything that was ever said of it."""

    comment: FoundComment
    history: tuple[PastOpinion, ...]


def count_of_author(db: Connection, author: str) -> int:
    """How many comments of `author` there are, however the name is spelt."""
    return db.scalar(select(func.count()).where(comments.c.author_key == fold_name(author))) or 0


def told_of_author(db: Connection, author: str, *, now: datetime) -> Iterator[Told]:
    """Every comment of `author` with its history, the oldest first, a few hundred in memory at a time."""
    rows = stream(db, CommentFilter(author=author), order=Order.OLDEST, now=now)
    while piece := list(islice(rows, PIECE)):
        said = _histories(db, [comment.id for comment in piece])
        yield from (Told(comment, tuple(said.get(comment.id, ()))) for comment in piece)


def _histories(db: Connection, ids: list[UUID]) -> dict[UUID, list[PastOpinion]]:
    c = classifications.c
    rows = db.execute(select(classifications).where(c.comment_id.in_(ids)).order_by(c.comment_id, c.generation))
    found: dict[UUID, list[PastOpinion]] = {}
    for row in rows:
        found.setdefault(row.comment_id, []).append(_opinion(row))
    return found


def _opinion(row: Any) -> PastOpinion:
    # Which curator said it is that curator's own business, and not the author's.
    return PastOpinion(
        row.generation, Category(row.category), row.confidence, tuple(row.tags), Origin(row.origin), row.model,
        row.prompt_version, None, row.at,
    )  # fmt: skip


def quoted_of_author(db: Connection, author: str) -> list[QuotedIn]:
    """Where summaries quote comments of `author`."""
    cited = [
        QuotedIn(str(summary.week), citation.comment_id, citation.quote)
        for summary in latest_summaries(db, limit=_EVERY_SUMMARY)
        for highlight in summary.content.highlights
        for citation in highlight.citations
    ]
    theirs = _of_author(db, [quote.comment_id for quote in cited], fold_name(author))
    return [quote for quote in cited if quote.comment_id in theirs]


def _of_author(db: Connection, ids: list[UUID], author_key: str) -> set[UUID]:
    found: set[UUID] = set()
    for start in range(0, len(ids), PIECE):
        piece = ids[start : start + PIECE]
        found.update(
            db.scalars(select(comments.c.id).where(comments.c.id.in_(piece), comments.c.author_key == author_key))
        )
    return found


def account_of(db: Connection, email: str) -> OwnAccount | None:
    """The account with this address (in lower case), with the invites and the lines of the log about it."""
    login = find_login(db, email)
    if login is None:
        return None
    about = or_(audit.c.user_id == login.user.id, audit.c.subject == email)
    lines = db.execute(select(audit).where(about).order_by(audit.c.id))
    made = db.execute(
        select(invites.c.created_at, invites.c.used_at).where(invites.c.email == email).order_by(invites.c.created_at)
    )
    return OwnAccount(
        login.user,
        tuple((row.created_at, row.used_at) for row in made),
        tuple((row.at, row.event, row.details) for row in lines),
    )


# --- what is about to be erased --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """As much of a comment as its erasure needs."""

    seq: int
    id: UUID
    text: str
    author_key: str | None
    written_at: datetime


_WRITTEN: Final = select(comments.c.seq, comments.c.id, comments.c.text, comments.c.author_key, comments.c.written_at)


def next_of_author(db: Connection, author: str, *, after: Written | None, limit: int) -> list[Written]:
    """The oldest comments of `author` that are still here, or those that follow `after`.

    Naming the last one saves PostgreSQL from going through all that is erased and not swept up yet.
    """
    c = comments.c
    question = _WRITTEN.where(c.author_key == fold_name(author)).order_by(c.written_at, c.seq).limit(limit)
    if after is not None:
        place = tuple_(after.written_at, after.seq, types=[c.written_at.type, c.seq.type])
        question = question.where(tuple_(c.written_at, c.seq) > place)
    return [Written(*row) for row in db.execute(question)]


def next_after(db: Connection, seq: int, *, limit: int) -> list[Written]:
    """The comments that came in after the one numbered `seq`."""
    question = _WRITTEN.where(comments.c.seq > seq).order_by(comments.c.seq).limit(limit)
    return [Written(*row) for row in db.execute(question)]
