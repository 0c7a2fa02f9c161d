"""What curators are shown to look at."""

from dataclasses import dataclass
from uuid import UUID

from alumusic.domain.comments import Category


@dataclass(frozen=True, slots=True)
class ToReview:
    """A comment that waits for a curator, with what a model said of it."""

    seq: int
    id: UUID
    text: str
    category: Category
    confidence: float
    tags: tuple[str, ...]
    artist: str | None


@dataclass(frozen=True, slots=True)
class ReviewState:
    """How much there is to review."""

    waiting: int
    """Comments of which a model is unsure and that nobody has looked at."""
    reviewed: int
    """Comments that a curator has decided."""
