"""Whole lists of comments as files: CSV for spreadsheets, JSON and JSON lines for machines."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Final

from alumusic.contract.comments import CommentView
from alumusic.domain.export import safe_cell
from alumusic.domain.search import FoundComment

COLUMNS: Final = (
    "id", "texto", "status", "categoria", "confianca", "tags", "origem", "revisado", "data", "data_recebimento",
    "autor", "fonte", "artista", "album", "musica", "url", "id_externo", "tentativas", "erro",
)  # fmt: skip
"""The head of a CSV; tags stand in one cell with `;` between their codes."""

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "ndjson": "application/x-ndjson; charset=utf-8",
}

_ROWS_AT_ONCE: Final = 500
_NEEDS_QUOTES: Final = re.compile(r'[",;|\t\r\n]').search


def exported(comments: Iterable[FoundComment], *, form: str, excel: bool = False) -> Iterator[bytes]:
    """`comments` as a file of that form, a few hundred rows at a time.

    With `excel` a CSV is what Brazilian spreadsheets open with a double click: `;` between cells, and a BOM.
    """
    match form:
        case "csv":
            return _csv(comments, delimiter=";" if excel else ",", bom=excel)
        case "ndjson":
            return _lines(comments)
        case _:
            return _array(comments)


def _pieces(comments: Iterable[FoundComment]) -> Iterator[list[FoundComment]]:
    rest = iter(comments)
    while piece := list(islice(rest, _ROWS_AT_ONCE)):
        yield piece


def _csv(comments: Iterable[FoundComment], *, delimiter: str, bom: bool) -> Iterator[bytes]:
    head = delimiter.join(COLUMNS) + "\r\n"
    yield ("\ufeff" + head if bom else head).encode()
    for rows in _pieces(comments):
        yield "".join(delimiter.join(_cells(row)) + "\r\n" for row in rows).encode()


def _quoted(cell: str) -> str:
    """`cell` as RFC 4180 wants it; quoted also where another separator stands in it.

    Spreadsheets take several at once: without quotes, what follows one would be a cell that nobody made safe.
    """
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES(cell) else cell


def _cells(comment: FoundComment) -> tuple[str, ...]:
    return (
        str(comment.id),
        _cell(comment.text),
        comment.status.value,
        comment.category.value if comment.category else "",
        "" if comment.confidence is None else str(round(comment.confidence, 4)),
        _tags(comment.tags),
        comment.origin.value if comment.origin else "",
        "sim" if comment.reviewed else "não",
        _moment(comment.written_at),
        _moment(comment.received_at),
        _cell(comment.author),
        _repeated(comment.source),
        _repeated(comment.artist),
        _repeated(comment.album),
        _repeated(comment.song),
        _cell(comment.url),
        _cell(comment.external_id),
        str(comment.attempts),
        comment.failure.value if comment.failure else "",
    )


def _cell(value: str | None) -> str:
    return "" if value is None else _quoted(safe_cell(value))


_repeated: Final = lru_cache(maxsize=4_096)(_cell)
"""The same for what many comments share: names of artists, not what listeners wrote."""


@lru_cache(maxsize=4_096)
def _tags(codes: tuple[str, ...]) -> str:
    return _quoted(";".join(codes))


@lru_cache(maxsize=4_096)
def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _json(comment: FoundComment) -> bytes:
    return CommentView.of(comment).to_json().encode()


def _lines(comments: Iterable[FoundComment]) -> Iterator[bytes]:
    for rows in _pieces(comments):
        yield b"".join(_json(comment) + b"\n" for comment in rows)


def _array(comments: Iterable[FoundComment]) -> Iterator[bytes]:
    yield b"["
    between = b""
    for rows in _pieces(comments):
        yield between + b",".join(map(_json, rows))
        between = b","
    yield b"]"
