"""A batch is what one request or one file brought in, or what one order sent back to work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from alumusic.domain.comments import Category, Failure, Reject, Status

MAX_LISTED: Final = 1_000
"""How many ids and rejects an answer lists; the rest are only counted."""


class BatchKind(StrEnum):
    """What made the batch."""

    COMMENTS = "comments"
    FILE = "file"
    RERUN = "rerun"


ERASED: Final = "ELIMINADO"
"""The outcome of a comment that was erased before, or after, it was done."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of something that was handed in."""

    batch_id: UUID
    total: int
    """Comments that were kept."""
    duplicates: int
    rejected: int
    rejects: tuple[Reject, ...]
    """The first `MAX_LISTED` of them."""
    accepted_ids: tuple[UUID, ...]
    """The first `MAX_LISTED` of them."""
    replayed: bool = False
    """Whether this had been handed in before, and nothing was kept again."""
    known_file: bool = False
    """Whether it was known by its content, and not by its key."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch has come."""

    batch_id: UUID
    kind: BatchKind
    name: str | None
    received_at: datetime
    finished_at: datetime | None
    total: int
    processing: int
    done: int
    failed: int
    erased: int
    duplicates: int
    rejected: int
    by_category: Mapping[Category, int] = field(default_factory=dict)
    failures: Mapping[Failure, int] = field(default_factory=dict)
    per_minute: float | None = None
    """Comments done per minute since the batch came in; None while nobody knows."""

    @property
    def pending(self) -> int:
        """Comments that nobody has in hand."""
        return max(0, self.total - self.processing - self.done - self.failed - self.erased)

    @property
    def share(self) -> float:
        """From 0 to 1; a batch without comments is finished."""
        return 1.0 if not self.total else (self.done + self.failed + self.erased) / self.total

    @property
    def status(self) -> Status:
        """The state of the whole: FAILED only when every comment failed."""
        if self.pending or self.processing:
            return Status.PROCESSING if self.processing or self.done or self.failed else Status.PENDING
        return Status.FAILED if self.failed and not self.done else Status.DONE

    @property
    def seconds_left(self) -> float | None:
        """A guess from the rate; None while nobody knows."""
        left = self.pending + self.processing
        if not left:
            return 0.0
        return left * 60 / self.per_minute if self.per_minute else None
