"""Reads kept summaries, which weeks lack one, and the comments that a summary may be written from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, select

from alumusic.domain.comments import Category, Status
from alumusic.domain.summaries import SPOKEN, Summary
from alumusic.domain.weeks import Week
from alumusic.store.opinions import split_tags
from alumusic.store.summaries import summary_of_row
from alumusic.store.tables import comment_tags, comments, daily_counts, summaries

_C: Final = comments.c


_WRITTEN: Final = summaries.c.generated_at.is_not(None)


def summary_of(db: Connection, week: Week) -> Summary | None:
    """The summary of `week`; None while there is none."""
    row = db.execute(select(summaries).where(summaries.c.week == str(week), _WRITTEN)).one_or_none()
    return None if row is None else summary_of_row(row)


def latest_summaries(db: Connection, *, limit: int, until: Week | None = None) -> list[Summary]:
    """The summaries of the latest weeks, the latest first."""
    question = select(summaries).where(_WRITTEN).order_by(summaries.c.week.desc()).limit(limit)
    if until is not None:
        question = question.where(summaries.c.week <= str(until))
    return [summary_of_row(row) for row in db.execute(question)]


def erased_among(db: Connection, ids: Iterable[UUID]) -> set[UUID]:
    """Those of `ids` of which there is no comment any more."""
    wanted = set(ids)
    return wanted - set(db.scalars(select(_C.id).where(_C.id.in_(wanted)))) if wanted else set()


def totals_of_weeks(db: Connection, weeks: Sequence[Week]) -> dict[Week, int]:
    """How many classified comments each of `weeks` has; weeks without any are left out."""
    if not weeks:
        return {}
    first, last = min(weeks).monday, max(weeks).sunday
    rows = db.execute(
        select(daily_counts.c.day, func.sum(daily_counts.c.n))
        .where(daily_counts.c.day.between(first, last))
        .group_by(daily_counts.c.day)
    )
    totals: dict[Week, int] = {}
    for day, n in rows:
        totals[Week.of(day)] = totals.get(Week.of(day), 0) + int(n)
    return {week: totals[week] for week in weeks if totals.get(week, 0) > 0}


@dataclass(frozen=True, slots=True)
class KeptTotal:
    """What is known of a week's summary without reading it."""

    total: int
    generated_at: datetime


def kept_totals(db: Connection, weeks: Sequence[Week]) -> dict[Week, KeptTotal]:
    """For those of `weeks` that have a summary: how many comments it counted, and when it was written."""
    s = summaries.c
    rows = db.execute(
        select(s.week, s.total, s.generated_at).where(s.week.in_([str(week) for week in weeks]), _WRITTEN)
    )
    return {Week.parse(row.week): KeptTotal(row.total, row.generated_at) for row in rows}


# --- what a summary is written from ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A comment that a summary might read."""

    id: UUID
    text: str
    words: frozenset[str]
    category: Category
    tags: tuple[str, ...]
    confidence: float


def most_confident(db: Connection, week: Week, category: Category, *, zone: ZoneInfo, limit: int) -> list[Candidate]:
    """The comments of a class and week whose class is surest."""
    question = (
        _candidates()
        .where(
            _C.status == Status.DONE,
            _C.category == category,
            _C.written_at >= week.start(zone),
            _C.written_at < week.end(zone),
        )
        .order_by(_C.confidence.desc(), _C.seq)
        .limit(limit)
    )
    return [_candidate(row) for row in db.execute(question)]


def with_tag(db: Connection, week: Week, tag: str, *, zone: ZoneInfo, limit: int) -> list[Candidate]:
    """The latest comments of a week that carry `tag`, SPAM apart."""
    t = comment_tags.c
    question = (
        _candidates()
        .join(comment_tags, t.seq == _C.seq)
        .where(
            t.tag == tag,
            t.written_at >= week.start(zone),
            t.written_at < week.end(zone),
            _C.status == Status.DONE,
            _C.category.in_(SPOKEN),
        )
        .order_by(t.written_at.desc(), t.seq.desc())
        .limit(limit)
    )
    return [_candidate(row) for row in db.execute(question)]


def _candidates() -> Any:
    return select(_C.id, _C.text, _C.words, _C.category, _C.tags, _C.confidence)


def _candidate(row: Row[Any]) -> Candidate:
    return Candidate(
        id=row.id,
        text=row.text,
        words=frozenset(row.words.split()),
        category=Category(row.category),
        tags=split_tags(row.tags),
        confidence=row.confidence,
    )
