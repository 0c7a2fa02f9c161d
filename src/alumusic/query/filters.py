"""Which comments somebody wants to see, as conditions on their rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from unicodedata import normalize

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import Join

from alumusic.domain.batches import BatchKind
from alumusic.domain.comments import Status
from alumusic.domain.search import CommentFilter
from alumusic.store.tables import batches, comment_tags, comments
from alumusic.store.words import indexed
from alumusic.text.names import fold_name


class _InThisOrder(Join):
    """A join whose left side is gone through, once, for the right one.

    SQLite takes the index of words for cheap and may ask it anew for every comment of a class: minutes instead of
    milliseconds. What it calls CROSS JOIN it does not turn around (https://sqlite.org/optoverview.html#crossjoin).
    """

    inherit_cache = True


@compiles(_InThisOrder, "sqlite")
def _cross_join(join: Join, compiler: SQLCompiler, from_linter: object = None, **options: Any) -> str:  # noqa: ARG001
    left, right = (compiler.process(side, **options | {"asfrom": True}) for side in (join.left, join.right))
    condition = compiler.process(join.onclause, **options) if join.onclause is not None else "1"
    return f"{left} CROSS JOIN {right} ON {condition}"


def resolved(db: Connection, wanted: CommentFilter) -> CommentFilter:
    """`wanted` with what only the database knows: which kind its batch is of."""
    if wanted.batch_id is None:
        return wanted
    kind = db.scalar(select(batches.c.kind).where(batches.c.id == wanted.batch_id))
    return replace(wanted, batch_is_rerun=kind == BatchKind.RERUN)


def conditions(wanted: CommentFilter, *, now: datetime) -> list[ColumnElement[bool]]:
    """What a row must meet, except for the words of a search and for a single tag, which lead to it."""
    c = comments.c
    found: list[ColumnElement[bool]] = []
    if wanted.statuses:
        found.append(or_(*(_has_status(status, now) for status in wanted.statuses)))
    if wanted.categories:
        found.append(_any_of(c.category, wanted.categories))
    for column, name in (
        (c.artist_key, wanted.artist),
        (c.album_key, wanted.album),
        (c.song_key, wanted.song),
        (c.source_key, wanted.source),
        (c.author_key, wanted.author),
    ):
        if name is not None:
            found.append(column == fold_name(name))
    if wanted.failures:
        found += [c.status == Status.FAILED, _any_of(c.error, wanted.failures)]
    if wanted.ids:
        found.append(c.id.in_(wanted.ids))
    return found + _ranges(wanted) + _belonging(wanted)


def _has_status(status: Status, now: datetime) -> ColumnElement[bool]:
    c = comments.c
    # A dead worker's comment waits like any other: people see it as pending.
    if status is Status.PENDING:
        return or_(c.status == Status.PENDING, and_(c.status == Status.PROCESSING, c.available_at <= now))
    if status is Status.PROCESSING:
        return and_(c.status == Status.PROCESSING, c.available_at > now)
    return c.status == status


def _any_of(column: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    return column == values[0] if len(values) == 1 else column.in_(values)


def _ranges(wanted: CommentFilter) -> list[ColumnElement[bool]]:
    c = comments.c
    found: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        found.append(c.written_at >= wanted.since)
    if wanted.until is not None:
        found.append(c.written_at < wanted.until)
    if wanted.confidence_min is not None:
        found.append(c.confidence >= wanted.confidence_min)
    if wanted.confidence_max is not None:
        found.append(c.confidence <= wanted.confidence_max)
    return found


def _belonging(wanted: CommentFilter) -> list[ColumnElement[bool]]:
    c = comments.c
    found: list[ColumnElement[bool]] = []
    if wanted.batch_id is not None:
        found.append((c.rerun_id if wanted.batch_is_rerun else c.batch_id) == wanted.batch_id)
    if wanted.reviewed is not None:
        found.append(c.reviewed_at.is_not(None) if wanted.reviewed else c.reviewed_at.is_(None))
    if len(wanted.tags) > 1:
        found.append(exists().where(comment_tags.c.seq == c.seq, comment_tags.c.tag.in_(wanted.tags)))
    return found


def narrowed(
    question: Select[Any], wanted: CommentFilter, *, sqlite: bool, now: datetime, by_index: bool = True
) -> Select[Any]:
    """`question` about the comments that are wanted.

    With `by_index` a search of words starts from their index, which suits rare words; without it the rows are gone
    through in the order asked for, which suits words that many comments have.
    """
    question = question.where(*conditions(wanted, now=now))
    if len(wanted.tags) == 1:
        question = question.join(comment_tags, comment_tags.c.seq == comments.c.seq).where(
            comment_tags.c.tag == wanted.tags[0]
        )
    terms = [indexed(term) for term in wanted.terms]
    signs = normalize("NFC", wanted.words or "").strip()
    if not terms and not signs:
        return question
    if not terms:
        # Signs alone ("!!!", an emoji): the index knows only words. SQLite's LIKE takes some of them for others.
        return question.where((func.instr if sqlite else func.strpos)(comments.c.text, signs) > 0)
    if not sqlite:
        # Written out as a tsquery: to_tsquery has ideas of its own about what is one word ("12e3x" would be two).
        query = cast(" & ".join(f"'{term}':*" for term in terms), TSQUERY)
        matches = literal_column("comments.words_vector").op("@@")(query)
        if not by_index:
            return question.where(matches)
        # PostgreSQL takes any word for a frequent one, and walks a million rows in order to find the one. The array
        # keeps it from mixing two questions: first which comments, by whatever indexes suit, then their order.
        few = narrowed(select(comments.c.seq), wanted, sqlite=sqlite, now=now, by_index=False)
        return question.where(comments.c.seq == any_(func.array(few.scalar_subquery())))
    if by_index:
        match = text("comments_fts MATCH :fts").bindparams(bindparam("fts", " ".join(f'"{term}"*' for term in terms)))
        fts = select(literal_column("rowid").label("seq")).select_from(text("comments_fts")).where(match).subquery()
        return question.select_from(_InThisOrder(fts, comments, fts.c.seq == comments.c.seq))
    spaced = literal_column("' '").op("||")(comments.c.words)
    return question.where(*(spaced.like(f"% {term}%") for term in terms))
