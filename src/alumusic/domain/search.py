"""What people ask of the kept comments, and what they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID

from alumusic.domain.comments import REVIEW_BELOW, Category, Failure, Origin, Status
from alumusic.text.normalize import search_words

COUNTED_EXACTLY: Final = 10_000
"""A list says how many comments there are in all up to this many; beyond, that there are more."""

MAX_WORDS: Final = 12
"""Words of a search that count; the rest would only make it slower."""


@dataclass(frozen=True, slots=True)
class CommentFilter:
    """What is None or empty does not narrow the choice; several values of one field mean any of them."""

    words: str | None = None
    statuses: tuple[Status, ...] = ()
    categories: tuple[Category, ...] = ()
    tags: tuple[str, ...] = ()
    artist: str | None = None
    album: str | None = None
    song: str | None = None
    source: str | None = None
    author: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Not included."""
    confidence_min: float | None = None
    confidence_max: float | None = None
    batch_id: UUID | None = None
    batch_is_rerun: bool = False
    """Whether that batch sent comments back to work, rather than bringing them in."""
    reviewed: bool | None = None
    failures: tuple[str, ...] = ()
    ids: tuple[UUID, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """The words to look for, folded as the stored ones are; each may be the beginning of a longer one."""
        return tuple(dict.fromkeys(search_words(self.words or "").split()))[:MAX_WORDS]


class Order(StrEnum):
    """How a list is ordered."""

    NEWEST = "recentes"
    OLDEST = "antigos"
    SUREST = "confianca"
    """The most confident first; comments without a category are left out."""


class FoundComment(NamedTuple):
    """A comment as people read it.

    A tuple, because exports make a million: a frozen dataclass of as many fields takes four times as long to make.
    """

    seq: int
    id: UUID
    text: str
    status: Status
    category: Category | None
    confidence: float | None
    tags: tuple[str, ...]
    origin: Origin | None
    provisional: bool
    reviewed: bool
    written_at: datetime
    received_at: datetime
    done_at: datetime | None
    author: str | None
    source: str | None
    artist: str | None
    album: str | None
    song: str | None
    url: str | None
    external_id: str | None
    extra: Mapping[str, Any] = MappingProxyType({})
    attempts: int = 0
    deferrals: int = 0
    failure: Failure | None = None
    waiting_for: str | None = None
    """What keeps it PENDING, if something has gone wrong so far."""
    available_at: datetime | None = None
    batch_id: UUID | None = None
    generation: int = 1

    @property
    def needs_review(self) -> bool:
        """Whether a person should look: the model was unsure, and nobody has looked yet."""
        return self.confidence is not None and self.confidence < REVIEW_BELOW and not self.reviewed


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the comments that are wanted."""

    comments: list[FoundComment]
    next_cursor: str | None
    total: int
    """How many there are in all, counted up to `COUNTED_EXACTLY`."""
    exact: bool


@dataclass(frozen=True, slots=True)
class PastOpinion:
    """An entry of a comment's history."""

    generation: int
    category: Category
    confidence: float
    tags: tuple[str, ...]
    origin: Origin
    model: str
    prompt_version: str | None
    by: str | None
    """The e-mail of the curator, if one said it."""
    at: datetime
