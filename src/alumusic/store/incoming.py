"""Keeps new comments, thousands at a time: statements of many rows on SQLite, COPY on PostgreSQL."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, bindparam, select, text

from alumusic.domain.comments import NewComment
from alumusic.domain.ids import id_of_external
from alumusic.store.database import is_sqlite
from alumusic.store.rungs import ANY_COMPANY
from alumusic.store.tables import comments
from alumusic.store.types import to_microseconds

CHUNK: Final = 5_000
"""Rows that are kept at a time: about 5 MB of them."""


# Not frozen: a million of them are made for one file, and freezing takes as long as all else about them.
@dataclass(slots=True)
class IncomingComment:
    """A new comment with all that its row needs and the listener did not say."""

    new: NewComment
    id: UUID
    id_was_given: bool
    """Whether the sender chose the id, so that the comment may be here already."""
    line: int
    """How many-th it was: comments of a batch keep their order."""
    words: str
    written_at: datetime
    day: date
    keys: tuple[str | None, str | None, str | None, str | None, str | None]
    """Author, source, artist, album and song, folded for filters."""
    rung: int = ANY_COMPANY

    @property
    def place(self) -> int:
        """Where its sender finds it: the line of the file, where a comment may take several."""
        return self.new.line or self.line

    @property
    def text_hash(self) -> bytes:
        """Tells whether two comments with one id also have one text."""
        return hash_text(self.new.text)


@dataclass(frozen=True, slots=True)
class Clash:
    """An incoming comment whose id was here already."""

    comment: IncomingComment
    same_text: bool


def hash_text(content: str) -> bytes:
    """A short fingerprint of a text (BLAKE2b, 16 bytes)."""
    return hashlib.blake2b(content.encode(), digest_size=16).digest()


def given_id(new: NewComment) -> UUID | None:
    """The id that the sender chose, by itself or by source and id there; None when the sender does not care."""
    if new.id is not None:
        return new.id
    if new.source and new.external_id:
        return id_of_external(new.source, new.external_id)
    return None


_COLUMNS: Final = (
    "id, line, text, text_hash, words, rung, written_at, day, author, source, artist, album, song, url, "
    "external_id, extra, author_key, source_key, artist_key, album_key, song_key"
)
_SQLITE_ROWS: Final = 1_250
"""Rows of one statement, on all of which SQLite works while Python reads on; it takes 32,766 parameters at most."""
_INDEX: Final = "INSERT INTO comments_fts (rowid, words) SELECT seq, words FROM comments WHERE seq > ? ORDER BY seq"
_ALL_COLUMNS: Final = f"batch_id, user_id, received_at, available_at, {_COLUMNS}"
_POSTGRESQL: Final = (
    f"INSERT INTO comments ({_ALL_COLUMNS}) "  # noqa: S608
    f"SELECT :batch_id, :user_id, :now, :now, {_COLUMNS} FROM incoming ORDER BY line ON CONFLICT (id) DO NOTHING"
)


def add_comments(
    db: Connection, incoming: Sequence[IncomingComment], *, batch_id: UUID, user_id: int | None, now: datetime
) -> int:
    """Keep `incoming` as PENDING rows of a batch and say how many were new; an id that is here already stays."""
    if is_sqlite(db):
        moment = to_microseconds(now)
        head = (batch_id.hex, user_id, moment, moment)
        rows = [head + _sqlite_row(comment) for comment in incoming]
        return _insert_and_index(db, rows) if rows else 0
    return _copy(db, incoming, batch_id=batch_id, user_id=user_id, now=now)


def _insert_and_index(db: Connection, rows: list[tuple[Any, ...]]) -> int:
    last = db.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM comments").scalar_one()
    even = len(rows) - len(rows) % _SQLITE_ROWS
    added = 0
    for first in range(0, even, _SQLITE_ROWS):
        values = tuple(chain.from_iterable(rows[first : first + _SQLITE_ROWS]))
        added += db.exec_driver_sql(_sqlite_insert(_SQLITE_ROWS), values).rowcount
    if rows[even:]:
        added += db.exec_driver_sql(_sqlite_insert(1), rows[even:]).rowcount
    # All at once: a trigger for each row takes twice as long.
    db.exec_driver_sql(_INDEX, (last,))
    return added


@cache
def _sqlite_insert(rows: int) -> str:
    row = f"({', '.join('?' for _ in _ALL_COLUMNS.split(','))})"
    return (
        f"INSERT INTO comments ({_ALL_COLUMNS}) "  # noqa: S608
        f"VALUES {', '.join([row] * rows)} ON CONFLICT (id) DO NOTHING"
    )


def _sqlite_row(comment: IncomingComment) -> tuple[Any, ...]:
    new = comment.new
    return (
        comment.id.hex,
        comment.line,
        new.text,
        comment.text_hash,
        comment.words,
        comment.rung,
        to_microseconds(comment.written_at),
        comment.day.isoformat(),
        *_details(new),
        *comment.keys,
    )


def _details(new: NewComment) -> tuple[str | None, ...]:
    extra = orjson.dumps(new.extra).decode() if new.extra else None
    return (new.author, new.source, new.artist, new.album, new.song, new.url, new.external_id, extra)


def _copy(
    db: Connection, incoming: Sequence[IncomingComment], *, batch_id: UUID, user_id: int | None, now: datetime
) -> int:
    if not any(comment.id_was_given for comment in incoming):
        # Ids that were made just now are nobody else's: these rows can go where they belong at once.
        head = (batch_id, user_id, now, now)
        _copy_rows(db, f"comments ({_ALL_COLUMNS})", (head + _postgres_row(comment) for comment in incoming))
        return len(incoming)
    db.execute(
        text(
            "CREATE TEMPORARY TABLE IF NOT EXISTS incoming (id uuid, line int, text text, text_hash bytea, words text, "
            "rung smallint, written_at timestamptz, day date, author text, source text, artist text, album text, "
            "song text, url text, external_id text, extra jsonb, author_key text, source_key text, artist_key text, "
            "album_key text, song_key text) ON COMMIT DELETE ROWS"
        )
    )
    db.execute(text("TRUNCATE incoming"))
    _copy_rows(db, f"incoming ({_COLUMNS})", map(_postgres_row, incoming))
    return db.execute(text(_POSTGRESQL), {"batch_id": batch_id, "user_id": user_id, "now": now}).rowcount


def _copy_rows(db: Connection, where: str, rows: Iterable[tuple[Any, ...]]) -> None:
    driver: Any = db.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {where} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _postgres_row(comment: IncomingComment) -> tuple[Any, ...]:
    return (
        comment.id,
        comment.line,
        comment.new.text,
        comment.text_hash,
        comment.words,
        comment.rung,
        comment.written_at,
        comment.day,
        *_details(comment.new),
        *comment.keys,
    )


def find_clashes(db: Connection, incoming: Sequence[IncomingComment], *, batch_id: UUID) -> list[Clash]:
    """The comments of `incoming` whose rows are not the ones that `batch_id` brought in at the same line."""
    given = [comment for comment in incoming if comment.id_was_given]
    stored: dict[UUID, tuple[UUID, int, bytes]] = {}
    question = select(comments.c.id, comments.c.batch_id, comments.c.line, comments.c.text_hash).where(
        comments.c.id.in_(bindparam("ids", expanding=True))
    )
    for start in range(0, len(given), 500):
        ids = [comment.id for comment in given[start : start + 500]]
        for row in db.execute(question, {"ids": ids}):
            stored[row.id] = (row.batch_id, row.line, row.text_hash)
    clashes = []
    for comment in given:
        kept = stored.get(comment.id)
        if kept is not None and kept[:2] != (batch_id, comment.line):
            clashes.append(Clash(comment, same_text=kept[2] == comment.text_hash))
    return clashes
