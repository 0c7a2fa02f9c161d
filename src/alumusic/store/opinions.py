"""Puts an opinion about a comment into effect: row, tags, history and counts change together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from alumusic.domain.comments import Category, Classification, Origin, Status
from alumusic.store.counters import NO_ARTIST, Tally
from alumusic.store.tables import batch_counts, batches, classifications, comment_tags, comments


@dataclass(frozen=True, slots=True)
class HeldComment:
    """A row that this transaction has locked, with what its counts hang on."""

    seq: int
    id: UUID
    generation: int
    attempts: int
    status: Status
    batch_id: UUID
    """The batch that waits for it: the last that sent it to work."""
    day: date
    written_at: datetime
    artist_key: str | None
    category: Category | None
    failure: str | None
    """Why it FAILED, if it did."""
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """A classification with who gave it."""

    classification: Classification
    origin: Origin
    model: str
    prompt_version: str | None = None
    by_user_id: int | None = None


def hold(db: Connection, *conditions: ColumnElement[bool]) -> list[HeldComment]:
    """Lock the rows that meet `conditions` until the transaction ends, in an order that never deadlocks."""
    c = comments.c
    rows = db.execute(
        select(
            c.seq, c.id, c.generation, c.attempts, c.status, c.batch_id, c.rerun_id, c.day, c.written_at, c.artist_key,
            c.category, c.error, c.tags,
        )
        .where(*conditions)
        .order_by(c.seq)
        .with_for_update()
    ).all()  # fmt: skip
    return [
        HeldComment(
            seq=row.seq,
            id=row.id,
            generation=row.generation,
            attempts=row.attempts,
            status=Status(row.status),
            batch_id=row.rerun_id or row.batch_id,
            day=row.day,
            written_at=row.written_at,
            artist_key=row.artist_key,
            category=Category(row.category) if row.category is not None else None,
            failure=row.error if row.status == Status.FAILED else None,
            tags=split_tags(row.tags),
        )
        for row in rows
    ]


def join_tags(tags: Sequence[str]) -> str | None:
    """How a row keeps the codes of its tags: in order, with `;` between them."""
    return ";".join(tags) or None


def split_tags(kept: str | None) -> tuple[str, ...]:
    """The codes that a row keeps as `kept`."""
    return tuple(kept.split(";")) if kept else ()


def put_into_effect(db: Connection, opinions: Sequence[tuple[HeldComment, Opinion]], *, now: datetime) -> None:
    """Make each opinion the one in effect and end the comment's work."""
    tally, rows, history, old_tags, new_tags = Tally(), [], [], [], []
    for comment, opinion in opinions:
        history.append(_history_row(comment, opinion, now))
        said = opinion.classification
        take_back(tally, comment)
        tally.batches[comment.batch_id, said.category] += 1
        tally.days[comment.day, said.category, comment.artist_key or NO_ARTIST] += 1
        for tag in said.tags:
            tally.tags[comment.day, said.category, tag] += 1
        rows.append(_final_row(comment, now) | _opinion_columns(opinion, now))
        if comment.tags:
            old_tags.append({"b_seq": comment.seq})
        new_tags += _tag_rows(comment, said.tags)
    _update_all(db, rows)
    if old_tags:
        db.execute(delete(comment_tags).where(comment_tags.c.seq == bindparam("b_seq")), old_tags)
    if new_tags:
        db.execute(insert(comment_tags), new_tags)
    db.execute(insert(classifications), history)
    keep_counts(db, tally, now=now)


def take_back(tally: Tally, comment: HeldComment) -> None:
    """Take the opinion that was in effect out of the counts of its day, and of its batch if it ended there."""
    if comment.failure is not None:
        tally.batches[comment.batch_id, comment.failure] -= 1
    if comment.category is None:
        return
    tally.days[comment.day, comment.category, comment.artist_key or NO_ARTIST] -= 1
    for tag in comment.tags:
        tally.tags[comment.day, comment.category, tag] -= 1
    if comment.status is Status.DONE:
        tally.batches[comment.batch_id, comment.category] -= 1


def keep_counts(db: Connection, tally: Tally, *, now: datetime) -> None:
    """Keep the changes of `tally`, and note which batches are finished by them."""
    ids = sorted({batch_id for batch_id, _ in tally.batches})
    # Whoever counts last must see all that others counted, or nobody would notice that the batch is finished.
    db.execute(select(batches.c.id).where(batches.c.id.in_(ids)).order_by(batches.c.id).with_for_update()).all()
    tally.keep(db)
    mark_finished(db, ids, now=now)


def mark_finished(db: Connection, ids: Iterable[UUID], *, now: datetime) -> None:
    """Note that those batches of `ids` are finished which have nothing left to do."""
    from_counts = (
        select(batch_counts.c.batch_id)
        .join(batches, batches.c.id == batch_counts.c.batch_id)
        .where(batches.c.id.in_(list(ids)), batches.c.finished_at.is_(None))
        .group_by(batch_counts.c.batch_id, batches.c.total)
        .having(batches.c.total <= func.sum(batch_counts.c.n))
    )
    db.execute(update(batches).where(batches.c.id.in_(from_counts)).values(finished_at=now))


def _history_row(comment: HeldComment, opinion: Opinion, now: datetime) -> dict[str, Any]:
    said = opinion.classification
    return {
        "comment_id": comment.id,
        "generation": comment.generation,
        "category": said.category,
        "confidence": said.confidence,
        "tags": list(said.tags),
        "origin": said.origin or opinion.origin,
        "model": said.model or opinion.model,
        "prompt_version": opinion.prompt_version,
        "by_user_id": opinion.by_user_id,
        "at": now,
    }


def _final_row(comment: HeldComment, now: datetime) -> dict[str, Any]:
    return {
        "b_seq": comment.seq,
        "generation": comment.generation,
        "status": Status.DONE,
        "lease": None,
        "available_at": None,
        "error": None,
        "done_at": now,
    }


def _opinion_columns(opinion: Opinion, now: datetime) -> dict[str, Any]:
    said = opinion.classification
    columns: dict[str, Any] = {
        "category": said.category,
        "confidence": said.confidence,
        "tags": join_tags(said.tags),
        "origin": said.origin or opinion.origin,
        "provisional": said.provisional,
    }
    if opinion.origin is Origin.CURATOR:
        columns["reviewed_at"] = now
    return columns


def _tag_rows(comment: HeldComment, tags: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"tag": tag, "written_at": comment.written_at, "seq": comment.seq, "position": position}
        for position, tag in enumerate(tags)
    ]


def _update_all(db: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Update rows by `b_seq`; rows that change the same columns go in one statement."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    for columns, group in groups.items():
        changes: dict[str, Any] = {name: bindparam(f"v_{name}") for name in columns if name != "b_seq"}
        db.execute(
            update(comments).where(comments.c.seq == bindparam("b_seq")).values(changes),
            [{"b_seq": row["b_seq"]} | {f"v_{name}": row[name] for name in changes} for row in group],
        )
