"""Finds comments: lists of them page by page, one with its history, and all of a filter as a stream."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select, tuple_, type_coerce

from alumusic.domain.comments import Category, Failure, Origin, Status
from alumusic.domain.errors import FieldProblem, InvalidInputError, NotFoundError
from alumusic.domain.search import COUNTED_EXACTLY, CommentFilter, FoundComment, Order, Page, PastOpinion
from alumusic.query.filters import narrowed, resolved
from alumusic.store.database import is_sqlite
from alumusic.store.opinions import split_tags
from alumusic.store.tables import classifications, comment_tags, comments, users
from alumusic.store.types import SharedUuid, from_microseconds, to_microseconds

_C: Final = comments.c
_READ: Final = (
    _C.seq, _C.id, _C.text, _C.status, _C.category, _C.confidence, _C.tags, _C.origin, _C.provisional, _C.reviewed_at,
    _C.written_at, _C.received_at, _C.done_at, _C.author, _C.source, _C.artist, _C.album, _C.song, _C.url,
    _C.external_id, _C.extra, _C.attempts, _C.deferrals, _C.error, _C.available_at,
    type_coerce(_C.batch_id, SharedUuid()), _C.generation,
)  # fmt: skip


def search(
    db: Connection, wanted: CommentFilter, *, order: Order, limit: int, cursor: str | None, now: datetime
) -> Page:
    """The next `limit` comments after `cursor`, in `order`.

    Raises:
        InvalidInputError: the cursor is none of ours, or belongs to another order.
    """
    sqlite, wanted = is_sqlite(db), resolved(db, wanted)
    total, exact = _count(db, wanted, order, now=now)
    question = _in_order(narrowed(select(*_READ), wanted, sqlite=sqlite, now=now, by_index=exact), order)
    keys = _keys(order, wanted)
    if cursor is not None:
        question = question.where(_after(keys, order, _decode(cursor, order)))
    rows = db.execute(_ordered(question, keys, order).limit(limit + 1)).all()
    found = [_found(row, now) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(found, _encode(order, found[-1]) if more else None, total, exact)


def _count(db: Connection, wanted: CommentFilter, order: Order, *, now: datetime) -> tuple[int, bool]:
    """How many comments are listed, and whether that is exact: counting stops beyond `COUNTED_EXACTLY`."""
    sqlite = is_sqlite(db)
    # PostgreSQL stops counting in mid-index only where the words are a condition like any other.
    rows = narrowed(select(literal_column("1")).select_from(comments), wanted, sqlite=sqlite, now=now, by_index=sqlite)
    rows = _in_order(rows, order)
    counted = db.scalar(select(func.count()).select_from(rows.limit(COUNTED_EXACTLY + 1).subquery())) or 0
    return (counted, True) if counted <= COUNTED_EXACTLY else (COUNTED_EXACTLY, False)


def stream(db: Connection, wanted: CommentFilter, *, order: Order, now: datetime) -> Iterator[FoundComment]:
    """Every comment that is wanted, in `order`, a few thousand in memory at a time."""
    wanted = resolved(db, wanted)
    _, exact = _count(db, wanted, order, now=now)
    question = narrowed(select(*_READ), wanted, sqlite=is_sqlite(db), now=now, by_index=exact)
    question = _ordered(_in_order(question, order), _keys(order, wanted), order)
    streaming = db.execution_options(stream_results=True, yield_per=2_000)
    for row in streaming.execute(question):
        yield _found(row, now)


def one(db: Connection, comment_id: UUID, *, now: datetime) -> FoundComment:
    """The comment of that id.

    Raises:
        NotFoundError: there is none.
    """
    row = db.execute(select(*_READ).where(_C.id == comment_id)).one_or_none()
    if row is None:
        raise NotFoundError("comentario_nao_encontrado")
    return _found(row, now)


def history(db: Connection, comment_id: UUID) -> list[PastOpinion]:
    """Everything that was ever said of a comment, the latest last."""
    said = classifications.c
    rows = db.execute(
        select(classifications, users.c.email)
        .outerjoin(users, users.c.id == said.by_user_id)
        .where(said.comment_id == comment_id)
        .order_by(said.generation)
    )
    return [
        PastOpinion(
            generation=row.generation,
            category=Category(row.category),
            confidence=row.confidence,
            tags=tuple(row.tags),
            origin=Origin(row.origin),
            model=row.model,
            prompt_version=row.prompt_version,
            by=row.email,
            at=row.at,
        )
        for row in rows
    ]


# Looked up a million times for one export: asking the class takes ten times longer.
_STATUSES: Final = {status.value: status for status in Status}
_CATEGORIES: Final = {category.value: category for category in Category}
_ORIGINS: Final = {origin.value: origin for origin in Origin}


def _found(row: Sequence[Any], now: datetime) -> FoundComment:
    (
        seq, id_, text, status, category, confidence, tags, origin, provisional, reviewed_at, written_at, received_at,
        done_at, author, source, artist, album, song, url, external_id, extra, attempts, deferrals, error,
        available_at, batch_id, generation,
    ) = row  # fmt: skip
    if status == Status.PROCESSING and available_at <= now:
        status = Status.PENDING
    failed = status == Status.FAILED
    return FoundComment(
        seq, id_, text, _STATUSES[status], None if category is None else _CATEGORIES[category], confidence,
        split_tags(tags), None if origin is None else _ORIGINS[origin], provisional, reviewed_at is not None,
        written_at, received_at, done_at, author, source, artist, album, song, url, external_id, extra or {},
        attempts, deferrals,
        Failure(error) if failed and error else None, error if not failed else None, available_at, batch_id, generation,
    )  # fmt: skip


# --- order and place -----------------------------------------------------------------------------------------


def _keys(order: Order, wanted: CommentFilter) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    if order is Order.SUREST:
        return _C.confidence, _C.seq
    if len(wanted.tags) == 1:
        # The rows of one tag are kept in this order.
        return comment_tags.c.written_at, comment_tags.c.seq
    return _C.written_at, _C.seq


def _in_order(question: Select[Any], order: Order) -> Select[Any]:
    """`question` about those comments that have a place in `order`."""
    return question.where(_C.confidence.is_not(None)) if order is Order.SUREST else question


def _ordered(question: Select[Any], keys: tuple[ColumnElement[Any], ColumnElement[Any]], order: Order) -> Select[Any]:
    if order is Order.OLDEST:
        return question.order_by(*keys)
    return question.order_by(*(key.desc() for key in keys))


def _after(
    keys: tuple[ColumnElement[Any], ColumnElement[Any]], order: Order, place: tuple[Any, int]
) -> ColumnElement[bool]:
    here, there = tuple_(*keys), tuple_(*place, types=[key.type for key in keys])
    return here > there if order is Order.OLDEST else here < there


def _encode(order: Order, last: FoundComment) -> str:
    key = last.confidence if order is Order.SUREST else to_microseconds(last.written_at)
    return base64.urlsafe_b64encode(orjson.dumps([order, key, last.seq])).decode().rstrip("=")


def _decode(cursor: str, order: Order) -> tuple[Any, int]:
    try:
        made_for, key, seq = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        place = (float(key) if order is Order.SUREST else from_microseconds(int(key))), int(seq)
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        raise _bad_cursor() from error
    if made_for != order or not 0 <= place[1] < 2**63:
        raise _bad_cursor()
    return place


def _bad_cursor() -> InvalidInputError:
    return InvalidInputError(fields=[FieldProblem("cursor", "cursor_invalido")])
