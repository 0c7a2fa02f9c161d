"""Keeps the log of what matters for security; rows are only ever added here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from alumusic.store.tables import audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log."""

    at: datetime
    event: str
    user_id: int | None
    subject: str | None
    details: Mapping[str, object]


def add_entry(db: Connection, entry: AuditEntry) -> None:
    """Keep one line, in the transaction of what it tells about."""
    db.execute(
        insert(audit).values(
            at=entry.at,
            event=entry.event,
            user_id=entry.user_id,
            subject=entry.subject,
            details=dict(entry.details),
        )
    )


def list_entries(db: Connection, *, limit: int = 100) -> list[AuditEntry]:
    """The latest lines, newest first."""
    rows = db.execute(select(audit).order_by(audit.c.id.desc()).limit(limit))
    return [entry_of(row) for row in rows]


def latest_entry(db: Connection, event: str) -> AuditEntry | None:
    """The latest line about `event`."""
    row = db.execute(select(audit).where(audit.c.event == event).order_by(audit.c.id.desc()).limit(1)).one_or_none()
    return entry_of(row) if row is not None else None


def entry_of(row: Row[Any]) -> AuditEntry:
    """The line that a row of the table holds."""
    return AuditEntry(row.at, row.event, row.user_id, row.subject, row.details)
