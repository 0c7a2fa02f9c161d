"""What the queue must do, said again in plain Python: the measure that both databases are held to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, func, literal_column, select

from alumusic.domain.batches import ERASED
from alumusic.domain.comments import Category, Classification, Failure, Status
from alumusic.store.opinions import join_tags
from alumusic.store.tables import (
    batch_counts,
    batches,
    classifications,
    comment_tags,
    comments,
    daily_counts,
    daily_tags,
    tombstones,
)
from alumusic.store.work import ClaimSizes

TRIES: Final = 8
"""Said again here: a change of the real number should be noticed."""

CERTAIN: Final = 1.0


@dataclass
class Row:
    """A comment as the model knows it; its text tells it from all others."""

    text: str
    id: UUID
    number: int
    batch: UUID
    artist: str
    least_rung: int
    available_at: datetime | None
    status: Status = Status.PENDING
    rerun: UUID | None = None
    generation: int = 1
    attempts: int = 0
    deferrals: int = 0
    lease: UUID | None = None
    error: str | None = None
    said: Classification | None = None
    reviewed: bool = False
    history: dict[int, Category] = field(default_factory=dict)

    @property
    def owner(self) -> UUID:
        """The batch that waits for it."""
        return self.rerun or self.batch

    @property
    def rung(self) -> int:
        return max(self.least_rung, min(self.attempts, 2))

    def visible(self) -> dict[str, object]:
        return {
            "status": self.status,
            "generation": self.generation,
            "attempts": self.attempts,
            "deferrals": self.deferrals,
            "available_at": self.available_at,
            "lease": self.lease,
            "error": self.error,
            "rung": self.least_rung,
            "category": self.said.category if self.said else None,
            "confidence": self.said.confidence if self.said else None,
            "tags": join_tags(self.said.tags) if self.said else None,
            "reviewed": self.reviewed,
            "batch": self.batch,
            "rerun": self.rerun,
            "history": self.history,
        }


@dataclass(frozen=True)
class Incoming:
    """A comment that somebody hands in; without an id the sender does not care."""

    text: str
    id: UUID | None = None
    artist: str = ""
    rung: int = 0


class Model:
    """The queue in memory."""

    def __init__(self) -> None:
        self.rows: dict[UUID, Row] = {}
        self.totals: dict[UUID, int] = {}
        """Comments of each batch."""
        self.outcomes: dict[tuple[UUID, UUID], str] = {}
        """How the work of a batch on a comment ended; stays when a later batch sends the comment back to work."""
        self.erased: set[UUID] = set()
        self._numbers = 0

    # --- coming and going -----------------------------------------------------------------------------------

    def ingest(self, batch: UUID, new: Iterable[tuple[Incoming, UUID]], *, now: datetime) -> tuple[int, int, int]:
        """Total, duplicates and rejects of handing in comments, each with the id that it has or gets."""
        total = duplicates = rejected = 0
        for given, id_ in new:
            if id_ in self.erased:
                rejected += 1
            elif id_ in self.rows:
                same = self.rows[id_].text == given.text
                duplicates, rejected = duplicates + same, rejected + (not same)
            else:
                self._numbers += 1
                self.rows[id_] = Row(given.text, id_, self._numbers, batch, given.artist, given.rung, now)
                total += 1
        self.totals[batch] = total
        return total, duplicates, rejected

    def erase(self, id_: UUID) -> bool:
        row = self.rows.pop(id_, None)
        if row is None:
            return False
        self.outcomes[row.owner, id_] = ERASED
        self.erased.add(id_)
        return True

    def send_back(self, ids: Iterable[UUID], batch: UUID, *, now: datetime) -> int:
        sent = [row for row in self.rows.values() if row.id in set(ids) and row.available_at is None]
        sent = [row for row in sent if not row.reviewed]
        for row in sent:
            row.status, row.available_at, row.rerun = Status.PENDING, now, batch
            row.generation, row.attempts, row.deferrals, row.error = row.generation + 1, 0, 0, None
        self.totals[batch] = len(sent)
        return len(sent)

    # --- work -------------------------------------------------------------------------------------------------

    def claim(self, lease: UUID, sizes: ClaimSizes, *, until: datetime, now: datetime, newest: bool) -> list[UUID]:
        due = [row for row in self.due(now) if row.attempts < TRIES]
        due.sort(key=lambda row: (row.available_at, row.number), reverse=newest)
        if not due:
            return []
        rung = due[0].rung
        chosen = [row for row in due if row.rung == rung][: (sizes.first, sizes.second, sizes.last)[rung]]
        for row in chosen:
            row.attempts += row.status is Status.PROCESSING
            row.status, row.lease, row.available_at = Status.PROCESSING, lease, until
        return [row.id for row in sorted(chosen, key=lambda row: row.number)]

    def due(self, now: datetime) -> list[Row]:
        return [row for row in self.rows.values() if row.available_at is not None and row.available_at <= now]

    def held(self, lease: UUID, ids: Iterable[UUID] | None = None) -> list[Row]:
        wanted = None if ids is None else set(ids)
        return [row for row in self.rows.values() if row.lease == lease and (wanted is None or row.id in wanted)]

    def complete(self, lease: UUID, opinions: Mapping[UUID, Classification]) -> list[UUID]:
        done = self.held(lease, opinions)
        for row in done:
            self._settle(row, opinions[row.id])
        return [row.id for row in done]

    def put_back(
        self, lease: UUID, ids: Iterable[UUID] | None, *, until: datetime, reason: str | None, cost: int
    ) -> int:
        held = self.held(lease, ids)
        for row in held:
            row.status, row.lease, row.available_at = Status.PENDING, None, until
            row.deferrals += cost
            row.error = reason or row.error
        return len(held)

    def fail(self, lease: UUID, failures: Mapping[UUID, Failure], *, jitter: float, now: datetime) -> list[UUID]:
        held = self.held(lease, failures)
        over = [row for row in held if row.attempts + 1 >= TRIES]
        for row in held:
            if row in over:
                self._end(row, failures[row.id])
                continue
            row.status, row.lease, row.error = Status.PENDING, None, failures[row.id]
            row.available_at = now + timedelta(seconds=min(300, 2**row.attempts)) * jitter
            row.attempts += 1
        return [row.id for row in over]

    def bury(self, *, now: datetime) -> list[UUID]:
        over = [row for row in self.due(now) if row.attempts >= TRIES]
        for row in over:
            self._end(row, Failure.POISON)
        return [row.id for row in over]

    def release_all(self, *, now: datetime) -> int:
        held = [row for row in self.rows.values() if row.lease is not None]
        for row in held:
            row.status, row.lease, row.available_at = Status.PENDING, None, now
        return len(held)

    def correct(self, id_: UUID, category: Category | None, tags: tuple[str, ...] | None) -> bool | None:
        """Whether there is such a comment; None where nobody has said anything of it yet, and no category is given."""
        row = self.rows.get(id_)
        if row is None:
            return False
        kept = category or (row.said.category if row.said else None)
        if kept is None:
            return None
        if row.history:
            row.generation = max(*row.history, row.generation) + 1
        stay = row.said.tags if row.said else ()
        self._settle(row, Classification(kept, CERTAIN, stay if tags is None else tags))
        row.reviewed = True
        return True

    def _settle(self, row: Row, said: Classification) -> None:
        row.status, row.lease, row.available_at, row.error, row.said = Status.DONE, None, None, None, said
        row.history[row.generation] = said.category
        self.outcomes[row.owner, row.id] = said.category

    def _end(self, row: Row, failure: Failure) -> None:
        row.status, row.lease, row.available_at, row.error, row.said = Status.FAILED, None, None, failure, None
        row.attempts = TRIES
        self.outcomes[row.owner, row.id] = failure

    # --- what follows from all that -------------------------------------------------------------------------

    def table(self) -> dict[str, dict[str, object]]:
        """Every comment under its text."""
        return {row.text: row.visible() for row in self.rows.values()}

    def order(self) -> list[str]:
        return [row.text for row in sorted(self.rows.values(), key=lambda row: row.number)]

    def counted_outcomes(self) -> Counter[tuple[UUID, str]]:
        return Counter((batch, outcome) for (batch, _), outcome in self.outcomes.items())

    def finished(self) -> set[UUID]:
        ended = Counter(batch for batch, _ in self.outcomes)
        return {batch for batch, total in self.totals.items() if ended[batch] >= total}

    def members(self, batch: UUID) -> list[Row]:
        """The comments that still wait for this batch, or ended in it."""
        return [row for row in self.rows.values() if row.owner == batch]


# --- what is in the tables ------------------------------------------------------------------------------------


def table(db: Connection) -> dict[str, dict[str, object]]:
    """Every comment of the database under its text, as `Model.table` tells them."""
    said: dict[UUID, dict[int, str]] = {}
    for row in db.execute(select(classifications)):
        assert row.generation not in said.setdefault(row.comment_id, {})
        said[row.comment_id][row.generation] = row.category
    found: dict[str, dict[str, object]] = {}
    for row in db.execute(select(comments)):
        assert row.text not in found, "a comment is doubled"
        found[row.text] = {
            name: getattr(row, name)
            for name in (
                "status", "generation", "attempts", "deferrals", "available_at", "lease", "error", "rung",
                "category", "confidence", "tags",
            )
        } | {
            "reviewed": row.reviewed_at is not None,
            "batch": row.batch_id,
            "rerun": row.rerun_id,
            "history": said.pop(row.id, {}),
        }  # fmt: skip
    assert not said, "a history without its comment"
    return found


def order(db: Connection) -> list[str]:
    return list(db.scalars(select(comments.c.text).order_by(comments.c.seq)))


def check_rules(db: Connection) -> None:
    """Check what must hold of each row, whatever has happened."""
    for row in db.execute(select(comments)):
        assert (row.status == Status.PROCESSING) == (row.lease is not None)
        assert (row.status in {Status.DONE, Status.FAILED}) == (row.available_at is None)
        assert (row.category is None) == (row.confidence is None) == (row.origin is None)
        assert row.category is not None or (row.tags is None and not row.provisional)
        assert (row.status in {Status.DONE, Status.FAILED}) == (row.done_at is not None)
        if row.status == Status.DONE:
            its = classifications.c.comment_id == row.id, classifications.c.generation == row.generation
            assert db.scalars(select(classifications.c.category).where(*its)).all() == [row.category]
        if row.status == Status.FAILED:
            assert row.category is None
            assert row.error in set(Failure)
    kept = [(row.seq, row.tag) for row in db.execute(select(comment_tags).order_by("seq", "position"))]
    told = select(comments.c.seq, comments.c.tags).where(comments.c.tags.is_not(None)).order_by("seq")
    assert kept == [(row.seq, tag) for row in db.execute(told) for tag in row.tags.split(";")]


def check_daily_counts(db: Connection) -> None:
    """Check that the counters of days say what counting the rows says."""
    c = comments.c
    artist = func.coalesce(c.artist_key, literal_column("''"))
    counted = select(c.day, c.category, artist, func.count()).where(c.category.is_not(None))
    counted = counted.group_by(c.day, c.category, artist)
    assert _figures(db, select(daily_counts).where(daily_counts.c.n != 0)) == _figures(db, counted)
    tagged = select(c.day, c.category, comment_tags.c.tag, func.count()).join(comment_tags, comment_tags.c.seq == c.seq)
    tagged = tagged.group_by(c.day, c.category, comment_tags.c.tag)
    assert _figures(db, select(daily_tags).where(daily_tags.c.n != 0)) == _figures(db, tagged)


def _figures(db: Connection, question: object) -> dict[tuple[object, ...], int]:
    found = {tuple(row[:-1]): row[-1] for row in db.execute(question)}  # type: ignore[call-overload]
    assert all(n > 0 for n in found.values())
    return found


def outcomes(db: Connection) -> dict[tuple[UUID, str], int]:
    return {(row.batch_id, row.outcome): row.n for row in db.execute(select(batch_counts)) if row.n}


def finished(db: Connection) -> set[UUID]:
    return set(db.scalars(select(batches.c.id).where(batches.c.finished_at.is_not(None))))


def graves(db: Connection) -> int:
    return db.scalar(select(func.count()).select_from(tombstones)) or 0
