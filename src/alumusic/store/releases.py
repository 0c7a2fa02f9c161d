"""Keeps what artists brought out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from alumusic.domain.errors import ConflictError
from alumusic.domain.releases import Release
from alumusic.store.database import serialize
from alumusic.store.tables import releases
from alumusic.text.names import fold_name

_R = releases.c


def add_release(
    db: Connection, *, artist: str, title: str, day: date, by_user_id: int | None, now: datetime
) -> Release:
    """Keep a release.

    Raises:
        ConflictError: it is here already.
    """
    artist_key, title_key = fold_name(artist), fold_name(title)
    serialize(db, name=f"release/{artist_key}/{title_key}")
    same = select(_R.id).where(_R.artist_key == artist_key, _R.title_key == title_key, _R.day == day)
    if db.scalar(same) is not None:
        raise ConflictError("lancamento_existe")
    row = db.execute(
        insert(releases)
        .values(
            artist=artist,
            artist_key=artist_key,
            title=title,
            title_key=title_key,
            day=day,
            created_by=by_user_id,
            created_at=now,
        )
        .returning(releases)
    ).one()
    return _release(row)


def remove_release(db: Connection, release_id: int) -> bool:
    """Forget a release; whether there was one of that id."""
    return db.execute(delete(releases).where(_R.id == release_id)).rowcount == 1


def releases_between(db: Connection, first: date, last: date, *, limit: int) -> list[Release]:
    """The releases of the days `first` to `last`, the latest first."""
    rows = db.execute(
        select(releases).where(_R.day.between(first, last)).order_by(_R.day.desc(), _R.id.desc()).limit(limit)
    )
    return [_release(row) for row in rows]


def latest_releases(db: Connection, *, limit: int) -> list[Release]:
    """All releases, the latest first."""
    rows = db.execute(select(releases).order_by(_R.day.desc(), _R.id.desc()).limit(limit))
    return [_release(row) for row in rows]


def _release(row: Row[Any]) -> Release:
    return Release(row.id, row.artist, row.artist_key, row.title, row.day, row.created_at)
