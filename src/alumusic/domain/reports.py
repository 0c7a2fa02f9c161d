"""What the live report shows."""

from dataclasses import dataclass
from datetime import date, datetime

from alumusic.domain.comments import Category
from alumusic.domain.releases import Release

Count = int | None
"""None for a count that is not shown."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the live report shows; None stands for what may not be shown."""

    made_at: datetime
    today: date
    classes: dict[Category, tuple[Count, Count]]
    """The last seven days, and the seven before."""
    volume: dict[date, tuple[Count, Count]]
    """All comments and CRÍTICA of each of the last 28 days."""
    tags: list[tuple[str, int]]
    artists: list[tuple[str, dict[Category, Count]]]
    """The last 28 days, the artist with most comments first."""
    releases: list[tuple[Release, list[Count]]]
    """CRÍTICA about the artist, from 7 days before to 28 days after; shorter while that is still to come."""
    confidence: dict[float, Count]
    """By the beginning of the band, the last seven days."""
    review: dict[str, Count]
