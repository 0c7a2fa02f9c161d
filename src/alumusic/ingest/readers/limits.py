"""How much of a stranger's file we are ready to read, and how much of one row."""

from dataclasses import dataclass
from typing import Final

MAX_CELL: Final = 1_000_000
"""Characters of one CSV cell, physical line or JSON value; a longer one says that the file is broken."""

MAX_COLUMNS: Final = 500
"""Columns of a table; spreadsheets with more are not lists of comments."""

MAX_EXTRA_FIELDS: Final = 100
"""Unknown fields kept with one comment."""

MAX_EXTRA_SIZE: Final = 10_000
"""Characters that the unknown fields of one comment may have together, names included."""

MAX_EXTRA_DEPTH: Final = 8
"""Levels of lists and objects inside one unknown field."""

BLOCK: Final = 1 << 18
"""Bytes or characters taken from a stream at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may have."""

    max_bytes: int = 64 * 1024 * 1024
    max_rows: int = 300_000
    """Rows, refused ones included; blank lines do not count."""
