"""Answers whether somebody is there to do the work."""

from datetime import datetime

from sqlalchemy import Connection, select

from alumusic.store.tables import workers


def worker_seen_since(db: Connection, moment: datetime, *, host: str | None = None) -> bool:
    """Whether any worker, or any of the machine called `host`, has given a sign of life since then."""
    seen = select(workers.c.name).where(workers.c.seen_at >= moment)
    if host is not None:
        seen = seen.where(workers.c.name.startswith(f"{host}/", autoescape=True))
    return db.scalar(seen.limit(1)) is not None
