"""Answers whether somebody is there to do the work."""

from datetime import datetime

from sqlalchemy import Connection, select

from alumusic.store.tables import workers


def worker_seen_since(db: Connection, moment: datetime) -> bool:
    """Whether any worker has given a sign of life since then."""
    return db.scalar(select(workers.c.name).where(workers.c.seen_at >= moment).limit(1)) is not None
