"""Rows of a CSV file: streamed, strict about quotes, exact about lines."""

import csv
import io
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Final

from alumusic.domain.errors import UnreadableFileError
from alumusic.ingest.readers.dialect import Dialect
from alumusic.ingest.readers.limits import MAX_CELL

# The library's own limit (131,072) is for the whole process and would refuse a row for one long cell. A comment
# that long is refused by itself; a cell of a million characters is a quote that nobody closed.
csv.field_size_limit(MAX_CELL)

_UNCLOSED: Final = "aspas_sem_fecho"


def csv_rows(open_text: Callable[[], io.TextIOBase], dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line it begins on; blank rows are left out.

    Args:
        open_text: gives the text from its beginning, newlines untouched. Called again to look at a broken place.
        dialect: how cells are separated.

    Raises:
        UnreadableFileError: a quote that is not closed (with the line where it was opened), a quote in the middle
            of a cell, a cell or line without end.
    """
    lines = _lines(open_text())
    for _ in range(dialect.skipped_lines):
        next(lines, None)
    rows = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        skipinitialspace=dialect.spaced,
        quoting=csv.QUOTE_NONE if dialect.plain else csv.QUOTE_MINIMAL,
        strict=True,
    )
    begins = 1 + dialect.skipped_lines
    try:
        for row in rows:
            if row and ((row[0] and not row[0].isspace()) or (not "".join(row).isspace() and any(row))):
                yield begins, row
            begins = rows.line_num + 1 + dialect.skipped_lines
    except csv.Error as trouble:
        ends = rows.line_num + dialect.skipped_lines
        raise _explained(trouble, open_text, dialect, begins, ends) from trouble


def _lines(text: io.TextIOBase) -> Iterator[str]:
    for number, line in enumerate(iter(partial(text.readline, MAX_CELL + 1), ""), 1):
        if len(line) > MAX_CELL:
            raise UnreadableFileError("linha_sem_fim", line=number, max_characters=MAX_CELL)
        yield line


def _explained(
    trouble: csv.Error, open_text: Callable[[], io.TextIOBase], dialect: Dialect, begins: int, ends: int
) -> UnreadableFileError:
    message = str(trouble)
    if "field larger" in message and begins == ends:
        return UnreadableFileError("celula_grande", line=begins, max_characters=MAX_CELL)
    opened = _last_quote(open_text, dialect, begins, ends)
    if "expected after" in message and opened == ends:
        return UnreadableFileError("aspas_fora_do_lugar", line=opened)
    return UnreadableFileError(_UNCLOSED, line=opened)


def _last_quote(open_text: Callable[[], io.TextIOBase], dialect: Dialect, begins: int, ends: int) -> int:
    """The line of the last quote that opens a cell in the row between two lines (from 1, both included)."""
    opened = begins
    inside = just_closed = False
    at_start = True
    for number, line in enumerate(islice(_lines(open_text()), begins - 1, ends), begins):
        for letter in line:
            if inside:
                inside = letter != '"'
                just_closed = not inside
                continue
            if letter == '"' and (just_closed or at_start):
                inside = True
                opened = opened if just_closed else number
            at_start = letter == dialect.delimiter or letter in "\r\n" or (at_start and letter == " ")
            just_closed = False
    return opened
