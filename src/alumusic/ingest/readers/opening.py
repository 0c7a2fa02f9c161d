"""The door of the readers: any file in, one stream of comments and rejects out, or one clear error."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

from alumusic.domain.comments import NewComment, Reject, RejectReason
from alumusic.domain.errors import TooLargeError, UnreadableFileError
from alumusic.domain.export import safe_cell
from alumusic.ingest.readers.columns import ONLY_TEXT, Columns, Field, columns_of, text_column_error
from alumusic.ingest.readers.csv_file import csv_rows
from alumusic.ingest.readers.detection import Kind, detect
from alumusic.ingest.readers.dialect import find_dialect
from alumusic.ingest.readers.encoding import detect_encoding, open_text
from alumusic.ingest.readers.header import Header, read_header
from alumusic.ingest.readers.json_file import json_values
from alumusic.ingest.readers.limits import BLOCK, Limits
from alumusic.ingest.readers.rows import RowReader, reader_of
from alumusic.ingest.readers.source import Source, open_source
from alumusic.ingest.readers.values import is_uuid
from alumusic.ingest.readers.xlsx_file import xlsx_rows

_DEFAULT_LIMITS: Final = Limits()
_FIRST_ROWS: Final = 20
_CONTENT: Final = re.compile(r'[^\s\ufeff;,|"]')
"""Anything that is not blank, even in a table."""


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What a file turned out to be."""

    kind: Kind
    encoding: str | None = None
    delimiter: str | None = None
    """None where there are no cells to separate: JSON, spreadsheets, one comment a line."""
    columns: Columns = ONLY_TEXT
    """For JSON the keys of the first object; others may have others."""


class CommentReader:
    """One pass over a file's rows, in order; iterating a second time yields nothing more.

    Iterating raises `UnreadableFileError` (nothing of the file may be kept then) or `TooLargeError`.
    """

    def __init__(self, form: FileFormat, rows: Iterator[NewComment | Reject], limits: Limits) -> None:
        self.format = form
        self._rows = _checked(rows, limits)

    def __iter__(self) -> Iterator[NewComment | Reject]:
        return self._rows


def open_comments(
    stream: BinaryIO,
    *,
    name: str | None,
    zone: ZoneInfo,
    limits: Limits = _DEFAULT_LIMITS,
    text_column: str | None = None,
) -> CommentReader:
    """Find out what `stream` is and prepare to read its comments; memory stays bounded whatever its size.

    Args:
        stream: the file, open in binary; it is read from its beginning and never closed.
        name: the name its owner gave it, for the little that the content leaves open.
        zone: where times without a zone were written.
        limits: how much is read at most.
        text_column: the column or key that holds the text, where its name is not one of those we know.

    Raises:
        UnsupportedFileError: not CSV, JSON, JSON lines or XLSX.
        UnreadableFileError: empty, in letters nobody can tell, or without a column for the text.
        TooLargeError: more bytes than `limits` allow.
    """
    source = open_source(stream, limits)
    kind = detect(source, name)
    if kind is Kind.XLSX:
        return _open_xlsx(source, zone, limits, text_column)
    if kind is Kind.JSON:
        return _open_json(source, zone, limits, text_column)
    return _open_csv(source, name, zone, limits, text_column)


def _open_csv(
    source: Source, name: str | None, zone: ZoneInfo, limits: Limits, text_column: str | None
) -> CommentReader:
    encoding = detect_encoding(source)
    text = open_text(source, encoding)
    sample = _require_content(text.read(BLOCK), lambda: text.read(BLOCK))
    plain = name is None or name.lower().endswith(".txt")
    dialect, header = find_dialect(sample, whole=not text.read(1), text_column=text_column, plain_lines=plain)
    form = FileFormat(Kind.CSV, encoding.label, dialect.shown, header.columns)
    rows = csv_rows(lambda: open_text(source, encoding), dialect)
    return CommentReader(form, _table_read(rows, header, zone), limits)


def _open_json(source: Source, zone: ZoneInfo, limits: Limits, text_column: str | None) -> CommentReader:
    encoding = detect_encoding(source)
    text = open_text(source, encoding)
    _require_content(text.read(BLOCK), lambda: text.read(BLOCK))
    values = json_values(open_text(source, encoding))
    first = list(islice(values, 1))
    columns = ONLY_TEXT
    if first and isinstance(first[0][1], dict):
        columns = columns_of(tuple(first[0][1]), text_column=text_column)
    form = FileFormat(Kind.JSON, encoding.label, columns=columns)
    return CommentReader(form, _objects_read(chain(first, values), zone, text_column), limits)


def _open_xlsx(source: Source, zone: ZoneInfo, limits: Limits, text_column: str | None) -> CommentReader:
    rows = xlsx_rows(source)
    first = list(islice(rows, _FIRST_ROWS))
    if not first:
        raise UnreadableFileError("arquivo_vazio")
    header = read_header([cells for _, cells in first], text_column=text_column)
    form = FileFormat(Kind.XLSX, columns=header.columns)
    return CommentReader(form, _table_read(chain(first, rows), header, zone), limits)


def _require_content(sample: str, more: Callable[[], str]) -> str:
    """The sample, or the first one that is not blank."""
    while sample and not _CONTENT.search(sample):
        sample = more()
    if not sample:
        raise UnreadableFileError("arquivo_vazio")
    return sample


# --- rows of tables, values of JSON ------------------------------------------------------------------------


def _table_read(
    rows: Iterable[tuple[int, Sequence[str]]], header: Header, zone: ZoneInfo
) -> Iterator[NewComment | Reject]:
    places = iter(rows)
    if header.present:
        next(places, None)
    columns = header.columns
    id_at = next((at for at, field in columns.fields if field is Field.ID), None)
    if id_at is not None:
        first, external = _peeked_id(places, columns, id_at)
        read = RowReader(columns, zone=zone, ids_are_external=external).read
        places = chain(first, places)
    else:
        read = RowReader(columns, zone=zone).read
    for line, cells in places:
        for cell in cells:
            if cell.startswith("'"):
                yield read([_as_before_export(cell) for cell in cells], line)
                break
        else:
            yield read(cells, line)


def _as_before_export(cell: str) -> str:
    """The cell without the apostrophe that our exports put before what a spreadsheet would run as a formula."""
    # What we keep, and so export, neither begins nor ends with a space.
    written = cell.strip()
    was = written[1:]
    return was if written.startswith("'") and not was[:1].isspace() and safe_cell(was) == written else cell


def _peeked_id(
    places: Iterator[tuple[int, Sequence[str]]], columns: Columns, id_at: int
) -> tuple[list[tuple[int, Sequence[str]]], bool]:
    """Whether the first ids are somebody else's (1, 2, 3): they are then kept as external ids, not refused.

    Their owner's database counted them; ours wants UUIDs, and no other column says what they are.
    """
    first = list(islice(places, _FIRST_ROWS))
    ids = [cells[id_at] for _, cells in first if len(cells) > id_at and cells[id_at].strip()]
    named = any(field is Field.EXTERNAL_ID for _, field in columns.fields)
    return first, bool(ids) and not named and not any(map(is_uuid, ids))


def _objects_read(
    values: Iterable[tuple[int, object]], zone: ZoneInfo, text_column: str | None
) -> Iterator[NewComment | Reject]:
    """Read JSON values: objects, or strings that are a text each."""
    reading = _Objects(zone, text_column)
    for place, value in values:
        yield reading.read(place, value)
    reading.check_some_text()


class _Objects:
    """What is known of a JSON file's objects so far."""

    def __init__(self, zone: ZoneInfo, text_column: str | None) -> None:
        self._zone = zone
        self._text_column = text_column
        self._ids_are_external: bool | None = None
        self._without_text: tuple[str, ...] = ()
        self._some_text = False

    def read(self, place: int, value: object) -> NewComment | Reject:
        """Read one value."""
        if isinstance(value, str):
            names, cells, column = (Field.TEXT.value,), [value], None
        elif isinstance(value, dict):
            names, cells, column = tuple(value), list(value.values()), self._text_column
        else:
            return Reject(place, RejectReason.NOT_A_COMMENT)
        self._note(names, column)
        external = self._external(value) if isinstance(value, dict) and "id" in value else False
        row_reader = reader_of(names, zone=self._zone, text_column=column, ids_are_external=external)
        return row_reader.read(cells, place)

    def check_some_text(self) -> None:
        """Objects were there, but none had a text under any name we know: say which names they had."""
        if self._without_text and not self._some_text:
            raise text_column_error(self._without_text, self._text_column)

    def _note(self, names: tuple[str, ...], column: str | None) -> None:
        if self._some_text:
            return
        if columns_of(names, text_column=column).text is not None:
            self._some_text = True
        elif not self._without_text:
            self._without_text = names[:100]

    def _external(self, value: dict[str, object]) -> bool:
        """As in tables, the first id decides; an object that also has an external id has no place for another."""
        if self._ids_are_external is None and value["id"] is not None and value["id"] != "":
            self._ids_are_external = not is_uuid(value["id"])
        return bool(self._ids_are_external) and "id_externo" not in value


def _checked(rows: Iterator[NewComment | Reject], limits: Limits) -> Iterator[NewComment | Reject]:
    """Hold a file to its limits, and refuse as a whole what no database may see by halves."""
    count = 0
    for row in rows:
        count += 1
        if count > limits.max_rows:
            raise TooLargeError("linhas_demais", max_rows=limits.max_rows)
        if isinstance(row, Reject) and row.reason is RejectReason.BAD_CHARACTERS:
            raise UnreadableFileError("caracteres_invalidos", line=row.line, field=row.detail)
        yield row
    if not count:
        raise UnreadableFileError("sem_comentarios")


# --- a look before sending -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """What sending a file would bring."""

    format: FileFormat
    first: list[NewComment | Reject]
    comments: int
    rejects: int
    rejects_by_reason: dict[RejectReason, int] = field(default_factory=dict)
    complete: bool = True
    """Whether the counts are of the whole file, or of its first rows."""


def preview(
    stream: BinaryIO,
    *,
    name: str | None,
    zone: ZoneInfo,
    limits: Limits = _DEFAULT_LIMITS,
    text_column: str | None = None,
    rows: int = 20,
    count_at_most: int | None = None,
) -> Preview:
    """Read a file as `open_comments` would, and tell what it is, its first `rows`, and how many would be refused.

    `count_at_most` stops counting after so many rows; the same errors are raised as when sending the file.
    """
    reader = open_comments(stream, name=name, zone=zone, limits=limits, text_column=text_column)
    first: list[NewComment | Reject] = []
    reasons: dict[RejectReason, int] = {}
    total = 0
    for row in islice(reader, count_at_most):
        total += 1
        if len(first) < rows:
            first.append(row)
        if isinstance(row, Reject):
            reasons[row.reason] = reasons.get(row.reason, 0) + 1
    rejects = sum(reasons.values())
    complete = count_at_most is None or total < count_at_most
    return Preview(reader.format, first, total - rejects, rejects, reasons, complete)
