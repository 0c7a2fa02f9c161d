"""What a classifier said about labelled comments: the values that scoring, comparing and reports share."""

from collections.abc import Mapping
from dataclasses import dataclass

from alumusic.domain.comments import Category
from alumusic.evals.reading import Labelled


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of a classifier."""

    category: Category | None
    """None where it gave no usable answer: that is counted as wrong."""
    confidence: float = 0.0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """A labelled comment and what the classifier said of it."""

    comment: Labelled
    said: Said

    @property
    def right(self) -> bool:
        """Whether the category is the expected one; never for NEUTRO, which has none."""
        return self.comment.category is not None and self.said.category is self.comment.category


@dataclass(frozen=True, slots=True)
class Effort:
    """What the answers cost."""

    seconds: float
    comments_per_second: float
    own_time: bool
    """Whether the time is that of one processor core; otherwise that of the clock, waiting for others included."""
    usage: Mapping[str, float] | None = None
    """Tokens and cost, where the classifier reports them."""


@dataclass(frozen=True, slots=True)
class AnsweredSet:
    """A set with all its answers."""

    name: str
    answers: tuple[Answered, ...]
    effort: Effort
    notes: tuple[str, ...] = ()
    """What a reader of the figures should know, in Portuguese."""

    @property
    def scored(self) -> tuple[Answered, ...]:
        """The answers to comments of the five categories."""
        return tuple(answer for answer in self.answers if answer.comment.category is not None)

    @property
    def neutral(self) -> tuple[Answered, ...]:
        """The answers to comments that fit no category."""
        return tuple(answer for answer in self.answers if answer.comment.category is None)
