"""What an artist brought out, and when: the day from which comments about it are counted."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Release:
    """A single, an album, a video."""

    id: int
    artist: str
    artist_key: str
    """The name folded, as comments keep it."""
    title: str
    day: date
    created_at: datetime
