"""What is kept of one person beside their comments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from alumusic.domain.users import User


@dataclass(frozen=True, slots=True)
class QuotedIn:
    """A summary that quotes a comment."""

    week: str
    comment_id: UUID
    quote: str


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account, with what the house wrote down about it."""

    user: User
    invites: tuple[tuple[datetime, datetime | None], ...]
    """When each invite to this address was made, and used."""
    audit: tuple[tuple[datetime, str, Mapping[str, Any]], ...]
    """The lines of the log of security about it: when, what, details."""
