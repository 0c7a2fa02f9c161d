"""What a summary of a week is: figures, sentences with evidence, and where they came from."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from alumusic.domain.comments import Category, Origin
from alumusic.domain.weeks import Week

SPOKEN: Final = (Category.CRITICISM, Category.SUGGESTION, Category.QUESTION, Category.PRAISE)
"""The classes a summary speaks about, what needs an answer first; SPAM is counted and never quoted."""


class Trouble(StrEnum):
    """Why a summary was written from the template although there is a language model."""

    UNAVAILABLE = "llm_indisponivel"
    UNUSABLE = "llm_sem_resposta_util"
    UNFOUNDED = "llm_sem_evidencia"


@dataclass(frozen=True, slots=True)
class TagCount:
    """How often a tag was given, and how often the week before."""

    code: str
    n: int
    before: int


@dataclass(frozen=True, slots=True)
class RisingTag:
    """A tag of one class that was given more often than the weeks before let expect."""

    category: Category
    code: str
    n: int
    expected: float
    new: bool = False
    """Whether nobody had spoken of it in the four weeks before."""


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """One class in one week."""

    category: Category
    n: int
    share: float
    """Of all comments of the week, from 0 to 100."""
    change: float | None
    """Points of share against the week before; None where that had no comments."""
    change_of_four: float | None
    """Points of share against the four weeks before; None where they had no comments."""
    tags: tuple[TagCount, ...]
    """The most frequent ones first."""


@dataclass(frozen=True, slots=True)
class ArtistCount:
    """An artist in one week."""

    name: str
    n: int
    criticism: int


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """Every number that a summary of a week may say; all of them come from the database."""

    week: str
    total: int
    total_before: int
    average_of_four: float
    waiting: int
    """Comments of the week that nobody has classified yet."""
    categories: tuple[CategoryFacts, ...]
    tags: tuple[TagCount, ...]
    rising: tuple[RisingTag, ...]
    artists: tuple[ArtistCount, ...]

    def of(self, category: Category) -> CategoryFacts:
        """The facts of one class."""
        return next(facts for facts in self.categories if facts.category is category)


@dataclass(frozen=True, slots=True)
class Citation:
    """A comment that bears out a sentence, with words of it."""

    comment_id: UUID
    quote: str
    """An exact part of the comment's text (NFC)."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """One sentence, and the comments that bear it out."""

    sentence: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class SummaryContent:
    """What a summary says, apart from its form."""

    facts: WeekFacts
    highlights: tuple[Highlight, ...]
    considered: int
    """Comments that were read for it."""
    dropped: int = 0
    """Sentences of a language model that were thrown away for want of evidence."""
    partial: bool = False
    """Whether the week was not over."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of a week, as it is kept."""

    week: Week
    content: SummaryContent
    origin: Origin
    model: str
    prompt_version: str | None
    trouble: Trouble | None
    generated_at: datetime
