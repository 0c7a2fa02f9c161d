"""Rows of the first sheet that has any, from an XLSX workbook: streamed, dates as dates, macros never looked at."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice, product
from typing import Final

from alumusic.domain.errors import UnreadableFileError
from alumusic.ingest.readers.limits import MAX_CELL, MAX_COLUMNS
from alumusic.ingest.readers.source import Source
from alumusic.ingest.readers.xlsx_parts import (
    DateStyles,
    Index,
    SharedStrings,
    Workbook,
    local,
    shared_strings,
    unescaped,
    unreadable,
)

Row = tuple[int, list[str]]

_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COLUMNS: Final = {
    f"{first}{second}": at
    for at, (first, second) in enumerate(islice(product(["", *_ALPHABET], _ALPHABET), MAX_COLUMNS))
}
"""The number of each column, from 0, by its letters."""
_EPOCH_1900: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no zone
_EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
_LARGEST_SERIAL: Final = 2_958_466
"""One more than 31 December 9999."""


def xlsx_rows(source: Source) -> Iterator[Row]:
    """Yield the rows that are not blank, each with its number, of the first sheet that has any.

    Cells come as text: dates in ISO 8601, numbers with 15 digits, formulas as the value they had when saved,
    errors ("#N/D") as nothing.

    Raises:
        UnreadableFileError: a broken workbook, a cell without end, too many columns.
        TooLargeError: a workbook that unpacks to far more than a list of comments.
    """
    with Workbook(source) as workbook:
        index = Index(workbook)
        strings = shared_strings(workbook, index.strings)
        try:
            values = _Values(strings, DateStyles(workbook, index.styles), since_1904=index.since_1904)
            for sheet in index.sheets:
                found = False
                for row in _sheet_rows(workbook, sheet, values):
                    found = True
                    yield row
                if found:
                    return
        finally:
            strings.close()


def _sheet_rows(workbook: Workbook, part: str, values: "_Values") -> Iterator[Row]:
    handler = _SheetHandler(values.read)
    for _ in workbook.parse(part, start=handler.start, end=handler.end, text=handler.text):
        ready, handler.ready = handler.ready, []
        yield from ready


class _Values:
    """What the raw value of a cell means."""

    def __init__(self, strings: SharedStrings, dates: DateStyles, *, since_1904: bool) -> None:
        self._strings = strings
        self._dates = dates
        self._epoch = _EPOCH_1904 if since_1904 else _EPOCH_1900

    def read(self, kind: str, style: str | None, raw: str) -> str:
        """The text of a cell of type `kind` (ECMA-376, part 1, 18.18.11)."""
        if kind == "s":
            digits = raw.strip()
            if not digits.isdecimal() or len(digits) > 9:  # noqa: PLR2004
                raise unreadable()
            return self._strings[int(digits)]
        if kind in {"inlineStr", "str"}:
            return unescaped(raw)
        if kind == "b":
            return "true" if raw.strip() == "1" else "false"
        if kind == "e":
            return ""
        return raw if kind == "d" else self._number(style, raw.strip())

    def _number(self, style: str | None, raw: str) -> str:
        try:
            number = float(raw)
            if style in self._dates and 0 < number < _LARGEST_SERIAL:
                return (self._epoch + timedelta(seconds=round(number * 86_400))).isoformat()
        except (ValueError, OverflowError):
            # No number, or a day after 9999: the last serials are, rounded up or counted from 1904.
            return raw
        return raw if raw.isdecimal() else f"{number:.15g}"


class _SheetHandler:
    """Builds rows out of `<row>`, `<c>`, `<v>` and `<is>`; complete ones wait in `ready`."""

    def __init__(self, read: Callable[[str, str | None, str], str]) -> None:
        self.ready: list[Row] = []
        self._read = read
        self._row = 0
        self._cells: list[str] = []
        self._column = -1
        self._kind = "n"
        self._style: str | None = None
        self._pieces: list[str] = []
        self._size = 0
        self._in_value = False
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        if name == "c":
            self._open_cell(attributes)
        elif name in {"v", "t"}:
            self._in_value = not self._phonetic
        elif ":" in name:
            self.start(local(name), attributes)
        elif name == "rPh":
            self._phonetic = True
        elif name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() and len(number) < 8 else self._row + 1  # noqa: PLR2004
            self._cells = []
            self._column = -1

    def text(self, text: str) -> None:
        """Characters of a value."""
        if self._in_value:
            self._size += len(text)
            if self._size > MAX_CELL:
                raise UnreadableFileError("celula_grande", line=self._row, max_characters=MAX_CELL)
            self._pieces.append(text)

    def end(self, name: str) -> None:
        """An element closes."""
        if name in {"v", "t"}:
            self._in_value = False
        elif name == "c":
            self._close_cell()
        elif ":" in name:
            self.end(local(name))
        elif name == "rPh":
            self._phonetic = False
        elif name == "row":
            if any(cell and not cell.isspace() for cell in self._cells):
                self.ready.append((self._row, self._cells))
            self._cells = []

    def _open_cell(self, attributes: dict[str, str]) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        # Any column beyond those we know is one too many, if something is in it.
        self._column = _COLUMNS.get(letters, MAX_COLUMNS) if letters else self._column + 1
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s")
        self._pieces = []
        self._size = 0

    def _close_cell(self) -> None:
        if not self._pieces:
            return
        value = self._read(self._kind, self._style, "".join(self._pieces))
        if not value:
            return
        if self._column >= MAX_COLUMNS:
            raise UnreadableFileError("muitas_colunas", found=self._column + 1, max_columns=MAX_COLUMNS)
        self._cells.extend([""] * (self._column + 1 - len(self._cells)))
        self._cells[self._column] = value
