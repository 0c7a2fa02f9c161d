"""Who uses the product, and what each may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an account is for."""

    READER = "leitor"
    CURATOR = "curador"
    ADMIN = "admin"
    INGESTOR = "ingestor"
    """A machine: it may only send comments."""


READERS: Final = frozenset({Role.READER, Role.CURATOR, Role.ADMIN})
SENDERS: Final = frozenset({Role.CURATOR, Role.ADMIN, Role.INGESTOR})
CURATORS: Final = frozenset({Role.CURATOR, Role.ADMIN})
ADMINS: Final = frozenset({Role.ADMIN})
EVERYONE: Final = frozenset(Role)


@dataclass(frozen=True, slots=True)
class User:
    """An account; its password is nobody's business but the store's."""

    id: int
    email: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None
    token_version: int = 1
    timezone: str | None = None
