"""Keeps answers that were paid for, so that the same text is never asked twice of one model with one prompt."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from alumusic.domain.comments import Category, Classification
from alumusic.store.database import is_sqlite
from alumusic.store.tables import kept_answers

_FRESH: Final = timedelta(hours=1)
"""A use is noted at most so often: reading the same answer a thousand times should write once."""


def hash_asked(text: str) -> bytes:
    """The fingerprint of a text as it is asked (BLAKE2b, 32 bytes): nobody can make two that share one."""
    return hashlib.blake2b(text.encode(), digest_size=32).digest()


def find_answers(
    db: Connection, hashes: Sequence[bytes], *, model: str, prompt_version: str
) -> dict[bytes, tuple[Classification, datetime]]:
    """The kept answers among `hashes`, each with when it was last used."""
    k = kept_answers.c
    rows = db.execute(
        select(k.text_hash, k.category, k.confidence, k.tags, k.used_at).where(
            k.text_hash.in_(bindparam("hashes", expanding=True)), k.model == model, k.prompt_version == prompt_version
        ),
        {"hashes": list(hashes)},
    )
    return {
        row.text_hash: (Classification(Category(row.category), row.confidence, tuple(row.tags)), row.used_at)
        for row in rows
    }


def is_stale_use(used_at: datetime, *, now: datetime) -> bool:
    """Whether a use is long enough ago to be noted again."""
    return now - used_at > _FRESH


def note_use(db: Connection, hashes: Iterable[bytes], *, model: str, prompt_version: str, now: datetime) -> None:
    """Remember that these answers were of use, so that others are forgotten first."""
    k = kept_answers.c
    wanted = sorted(hashes)
    if wanted:
        db.execute(
            update(kept_answers)
            .where(k.text_hash.in_(wanted), k.model == model, k.prompt_version == prompt_version)
            .values(used_at=now)
        )


def keep_answers(
    db: Connection, answers: Mapping[bytes, Classification], *, model: str, prompt_version: str, now: datetime
) -> None:
    """Keep new answers; one that is here already stays."""
    rows = [
        {
            "text_hash": text_hash,
            "model": model,
            "prompt_version": prompt_version,
            "category": said.category,
            "confidence": said.confidence,
            "tags": list(said.tags),
            "used_at": now,
        }
        # Sorted, so that two workers with the same texts wait for each other instead of locking each other.
        for text_hash, said in sorted(answers.items())
    ]
    if rows:
        make = sqlite.insert(kept_answers) if is_sqlite(db) else postgresql.insert(kept_answers)
        db.execute(make.on_conflict_do_nothing(), rows)


def any_answer(db: Connection) -> bool:
    """Whether any answer is kept."""
    return db.scalar(select(kept_answers.c.text_hash).limit(1)) is not None


def forget_answers_to(db: Connection, hashes: Iterable[bytes]) -> None:
    """Drop every model's answers to these texts."""
    wanted = sorted(set(hashes))
    if wanted:
        db.execute(delete(kept_answers).where(kept_answers.c.text_hash.in_(wanted)))


def forget_answers(db: Connection, *, at_most: int) -> int:
    """Drop the answers that were of no use for longest, beyond `at_most`; return how many."""
    k = kept_answers.c
    surplus = (db.scalar(select(func.count()).select_from(kept_answers)) or 0) - at_most
    if surplus <= 0:
        return 0
    oldest = select(k.text_hash, k.model, k.prompt_version).order_by(k.used_at).limit(surplus).subquery()
    return db.execute(
        delete(kept_answers).where(
            k.text_hash == oldest.c.text_hash, k.model == oldest.c.model, k.prompt_version == oldest.c.prompt_version
        )
        if not is_sqlite(db)
        else delete(kept_answers).where(k.text_hash.in_(select(oldest.c.text_hash)))
    ).rowcount
