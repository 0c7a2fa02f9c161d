"""Remembers what was erased, as fingerprints: enough to refuse it, too little to know it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.dialects import postgresql, sqlite

from alumusic.store.database import is_sqlite
from alumusic.store.tables import tombstones

_AT_ONCE: Final = 500
"""Fingerprints that one question asks about."""

_ANY: Final = select(tombstones.c.hash).limit(1)
_AMONG: Final = select(tombstones.c.hash).where(tombstones.c.hash.in_(bindparam("hashes", expanding=True)))


def tombstone_hash(comment_id: UUID) -> bytes:
    """The fingerprint of a comment by its id."""
    return hashlib.sha256(b"alumusic erased " + comment_id.bytes).digest()


def tombstone_of_words(author_key: str, text: str) -> bytes:
    """The fingerprint of what somebody said, for who asked to be forgotten: files without ids bring no other name."""
    return hashlib.sha256(b"alumusic erased words " + author_key.encode() + b"\0" + text.encode()).digest()


def keep_tombstones(db: Connection, hashes: Iterable[bytes], *, now: datetime) -> None:
    """Keep fingerprints; one that is here already stays."""
    # Sorted, so that two who erase the same comments wait for each other instead of locking each other.
    rows = [{"hash": hash_, "at": now} for hash_ in sorted(set(hashes))]
    if rows:
        make = sqlite.insert(tombstones) if is_sqlite(db) else postgresql.insert(tombstones)
        db.execute(make.on_conflict_do_nothing(), rows)


# Without these two an erased comment could come back: who keeps it again at that moment sees no tombstone yet, waits
# for the deletion to be committed, and finds its place free. SQLite's writers wait for each other anyway.
_MAY_KEEP: Final = text("SELECT pg_advisory_xact_lock_shared(hashtext('alumusic erasure'))")
_MAY_ERASE: Final = text("SELECT pg_advisory_xact_lock(hashtext('alumusic erasure'))")


def let_nobody_erase(db: Connection) -> None:
    """Have erasures wait until this transaction ends, and wait for those under way; others may do the same."""
    if not is_sqlite(db):
        db.execute(_MAY_KEEP)


def let_nobody_keep(db: Connection) -> None:
    """Have everybody who keeps comments wait until this transaction ends, and wait for those who keep some now."""
    if not is_sqlite(db):
        db.execute(_MAY_ERASE)


def any_tombstone(db: Connection) -> bool:
    """Whether anything was ever erased."""
    return db.scalar(_ANY) is not None


def tombstones_among(db: Connection, hashes: Sequence[bytes]) -> set[bytes]:
    """Those of `hashes` that are kept."""
    found: set[bytes] = set()
    for start in range(0, len(hashes), _AT_ONCE):
        found.update(db.scalars(_AMONG, {"hashes": list(hashes[start : start + _AT_ONCE])}))
    return found


def all_tombstones(db: Connection) -> Iterator[tuple[bytes, datetime]]:
    """Every fingerprint with the moment of its erasure, the oldest first."""
    question = select(tombstones.c.hash, tombstones.c.at).order_by(tombstones.c.at, tombstones.c.hash)
    for row in db.execution_options(stream_results=True, yield_per=2_000).execute(question):
        yield row.hash, row.at
