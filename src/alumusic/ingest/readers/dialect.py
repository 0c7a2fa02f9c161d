"""How a CSV file separates and quotes, found by trying: the delimiter under which its header makes sense."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from alumusic.ingest.readers.columns import columns_of
from alumusic.ingest.readers.header import Header, read_header

DELIMITERS: Final = (";", "\t", ",", "|")
"""Tried in this order; Portuguese spreadsheets write the first, whose numbers have decimal commas."""

NO_DELIMITER: Final = "\x1f"
"""Stands for "one column": a control character that the rules for letters remove anyway."""

_DECLARED: Final = re.compile(r'\s*"?sep=(.)"?[ ;,\t]*(?:\r\n?|\n|$)', re.IGNORECASE)
_ROWS: Final = 20
_ALIKE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to read the cells of one file."""

    delimiter: str
    skipped_lines: int = 0
    """Lines before the table: Excel's `sep=;`."""
    spaced: bool = False
    """Whether a space stands between delimiter and quote."""
    plain: bool = False
    """Whether quotes mean nothing: a text file of comments, one a line."""

    @property
    def shown(self) -> str | None:
        """The delimiter, or None for one column."""
        return None if self.delimiter == NO_DELIMITER else self.delimiter


def find_dialect(sample: str, *, whole: bool, text_column: str | None, plain_lines: bool) -> tuple[Dialect, Header]:
    """Find the dialect and the header of the table that begins with `sample` (not blank).

    Args:
        sample: the first characters of the file.
        whole: whether that is all of it.
        text_column: the name of the column that holds the comments, where the user said so.
        plain_lines: whether a file without a header holds one comment a line, whatever its quotes.

    Raises:
        UnreadableFileError: no column can be the text.
    """
    declared = _DECLARED.match(sample)
    if declared:
        skipped = len(re.findall(r"\r\n?|\n", declared.group()))
        dialect = _refined(Dialect(declared[1], skipped_lines=skipped), sample)
        rows = _rows(sample[declared.end() :], dialect, whole=whole)
        return dialect, read_header(rows, text_column=text_column)
    dialects = [_refined(Dialect(delimiter), sample) for delimiter in DELIMITERS]
    tables = [(dialect, _rows(sample, dialect, whole=whole)) for dialect in dialects]
    best = max(tables, key=lambda table: _sense(table[1], text_column))
    makes_sense, _, width = _sense(best[1], text_column)
    if (makes_sense and width > 1) or any(_is_table(rows, dialect) for dialect, rows in tables):
        return _as_table(tables, best, text_column)
    return _as_lines(sample, whole=whole, text_column=text_column, plain_lines=plain_lines)


_Table = tuple[Dialect, list[list[str]]]


def _as_table(tables: Sequence[_Table], best: _Table, text_column: str | None) -> tuple[Dialect, Header]:
    dialect, rows = best
    if not _sense(rows, text_column)[0]:
        dialect, rows = next(table for table in tables if _is_table(table[1], table[0]))
    return dialect, read_header(rows, text_column=text_column)


def _as_lines(sample: str, *, whole: bool, text_column: str | None, plain_lines: bool) -> tuple[Dialect, Header]:
    dialect = Dialect(NO_DELIMITER)
    rows = _rows(sample, dialect, whole=whole)
    header = read_header(rows, text_column=text_column, lines=True)
    return replace(dialect, plain=plain_lines and not header.present), header


def _refined(dialect: Dialect, sample: str) -> Dialect:
    spaced = rf'(?:^|{re.escape(dialect.delimiter)}) +"[^"\r\n]*"(?={re.escape(dialect.delimiter)}|[\r\n]|$)'
    return replace(dialect, spaced=re.search(spaced, sample, re.MULTILINE) is not None)


def _rows(sample: str, dialect: Dialect, *, whole: bool) -> list[list[str]]:
    """The first rows that are not blank, quotes forgiven: whether they are right is seen when all is read."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=dialect.delimiter, skipinitialspace=dialect.spaced)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) > _ROWS:
                break
    except csv.Error:
        return rows[:_ROWS]
    # The last row of a piece may be half a row.
    return rows[:_ROWS] if whole or len(rows) > _ROWS else rows[:-1] or rows


def _sense(rows: Sequence[Sequence[str]], text_column: str | None) -> tuple[bool, int, int]:
    """How much sense a header makes: whether it has the text, how many names are known, how many cells."""
    if not rows:
        return False, 0, 0
    columns = columns_of(rows[0], text_column=text_column)
    return columns.text is not None, len(columns.fields), len(rows[0])


def _is_table(rows: Sequence[Sequence[str]], dialect: Dialect) -> bool:
    """Whether rows have the same number of cells, and more than one, as rows of prose do not."""
    if not rows or len(rows[0]) < 2:  # noqa: PLR2004
        return False
    if dialect.delimiter == "," and all(cell.startswith(" ") for row in rows for cell in row[1:]):
        return False
    alike = sum(len(row) == len(rows[0]) for row in rows)
    return alike >= _ALIKE * len(rows)
