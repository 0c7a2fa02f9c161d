"""Reads the log of security, page by page."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from alumusic.store.audit import AuditEntry, entry_of
from alumusic.store.tables import audit, users


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the log, with its number and the address of who did it."""

    id: int
    entry: AuditEntry
    by: str | None


def audit_lines(db: Connection, *, limit: int, before: int | None = None, event: str | None = None) -> list[AuditLine]:
    """The latest `limit` lines, newest first: those numbered lower than `before`, and those of one `event`."""
    a = audit.c
    question = select(audit, users.c.email).outerjoin(users, users.c.id == a.user_id).order_by(a.id.desc()).limit(limit)
    if before is not None:
        question = question.where(a.id < before)
    if event is not None:
        question = question.where(a.event == event)
    return [AuditLine(row.id, entry_of(row), row.email) for row in db.execute(question)]
