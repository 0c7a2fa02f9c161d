"""Reads a file of comments and keeps it as one batch."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from alumusic.bell.bell import Bell
from alumusic.domain.batches import BatchKind, Receipt
from alumusic.domain.comments import NewComment, Reject
from alumusic.ingest.readers import Limits, open_comments
from alumusic.ingest.receive import receive
from alumusic.store.batches import Delivery

_BLOCK: Final = 1 << 20
_TOLD_EVERY: Final = 1_000


@dataclass(frozen=True, slots=True)
class FileWishes:
    """What the sender says about a file as a whole."""

    name: str | None = None
    text_column: str | None = None
    """The column with the text, where we would not find it ourselves."""
    defaults: Mapping[str, str] | None = None
    """Source, artist, album or song of all rows that do not name their own."""
    again: bool = False
    """Whether to keep a file that was kept before once more."""
    key: str | None = None
    """The sender's `Idempotency-Key`."""


def receive_file(
    stream: BinaryIO,
    wishes: FileWishes,
    *,
    engine: Engine,
    bell: Bell,
    user_id: int | None,
    limits: Limits,
    zone: ZoneInfo,
    now: datetime,
    watch: Callable[[int], None] | None = None,
) -> Receipt:
    """Keep all comments of a file, or none if it is broken anywhere; `stream` can be read from its start again.

    `watch` is told, now and then, how many rows have been read.

    Raises:
        UnreadableFileError: it is broken; the error says where.
        UnsupportedFileError: it is of a kind we do not read.
        TooLargeError: it has too many rows or bytes.
    """
    fingerprint = _fingerprint(stream, wishes)
    delivery = Delivery(
        user_id=user_id,
        key=wishes.key,
        request_hash=fingerprint,
        content_hash=None if wishes.again else fingerprint,
    )
    reader = open_comments(stream, name=wishes.name, zone=zone, limits=limits, text_column=wishes.text_column)
    return receive(
        _watched(with_defaults(reader, wishes.defaults or {}), watch),
        engine=engine,
        bell=bell,
        delivery=delivery,
        kind=BatchKind.FILE,
        zone=zone,
        now=now,
        name=wishes.name,
    )


def with_defaults(rows: Iterable[NewComment | Reject], defaults: Mapping[str, str]) -> Iterator[NewComment | Reject]:
    """`rows`, each with those of `defaults` for which it has nothing of its own."""
    if not defaults:
        yield from rows
        return
    for row in rows:
        if isinstance(row, Reject):
            yield row
        else:
            yield replace(
                row,
                source=row.source or defaults.get("source"),
                artist=row.artist or defaults.get("artist"),
                album=row.album or defaults.get("album"),
                song=row.song or defaults.get("song"),
            )


def _watched(rows: Iterable[NewComment | Reject], watch: Callable[[int], None] | None) -> Iterable[NewComment | Reject]:
    return rows if watch is None else _telling(rows, watch)


def _telling(rows: Iterable[NewComment | Reject], watch: Callable[[int], None]) -> Iterator[NewComment | Reject]:
    number = 0
    for number, row in enumerate(rows, start=1):
        if number % _TOLD_EVERY == 0:
            watch(number)
        yield row
    watch(number)


def _fingerprint(stream: BinaryIO, wishes: FileWishes) -> bytes:
    """SHA-256 of the content and of the wishes that change what is kept."""
    digest = hashlib.sha256(repr((wishes.text_column, sorted((wishes.defaults or {}).items()))).encode())
    stream.seek(0)
    while block := stream.read(_BLOCK):
        digest.update(block)
    stream.seek(0)
    return digest.digest()
