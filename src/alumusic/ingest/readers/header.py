"""Whether a table begins with a header, and which of its columns is the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from alumusic.domain.errors import UnreadableFileError
from alumusic.ingest.readers.columns import ONLY_TEXT, Columns, check_width, columns_of, text_column_error

_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Header:
    """What the first row of a table turned out to be."""

    columns: Columns
    present: bool
    """Whether the first row names columns; without it, it is a comment like the others."""


def read_header(rows: Sequence[Sequence[str]], *, text_column: str | None, lines: bool = False) -> Header:
    """Decide on the first rows of a table (none of them blank).

    A table of one column (or of mere `lines`) needs no header: unless its first row is a name we know, or looks
    like a variable's name above rows that do not, every row is a comment. A wider table needs one.

    Raises:
        UnreadableFileError: no rows, or no column that can be the text; its details list the columns there are.
    """
    if not rows:
        raise UnreadableFileError("sem_comentarios")
    names = _trimmed(rows[0])
    check_width(names)
    columns = columns_of(names, text_column=text_column)
    if columns.text is not None:
        return Header(columns, present=True)
    alone = lines or all(len(_trimmed(row)) <= 1 for row in rows)
    if text_column is not None or not alone or _looks_like_a_name(rows):
        raise text_column_error(names, text_column)
    return Header(ONLY_TEXT, present=False)


def _trimmed(row: Sequence[str]) -> list[str]:
    width = max((at for at, cell in enumerate(row, 1) if cell.strip()), default=0)
    return list(row[:width])


def _looks_like_a_name(rows: Sequence[Sequence[str]]) -> bool:
    first, rest = "".join(rows[0]).strip(), ["".join(row).strip() for row in rows[1:]]
    return _IDENTIFIER.fullmatch(first) is not None and bool(rest) and all(" " in row for row in rest)
