"""Names what is worth a line in the log of security, and keeps such a line clean."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from alumusic.store.audit import AuditEntry, add_entry, latest_entry
from alumusic.store.database import serialize


class Event(StrEnum):
    """What happened, in the words of the OWASP logging vocabulary where it has one."""

    SIGNED_UP = "user_created"
    SIGNED_IN = "authn_login_success"
    SIGN_IN_FAILED = "authn_login_fail"
    SIGN_IN_BLOCKED = "authn_login_lock"
    SIGNED_OUT = "authn_token_revoked"
    TOKEN_REUSED = "authn_token_reuse"  # noqa: S105 - the name of an event, not a secret
    PASSWORD_CHANGED = "authn_password_change"  # noqa: S105
    PASSWORD_CHANGE_FAILED = "authn_password_change_fail"  # noqa: S105
    INVITED = "user_invited"
    ROLE_CHANGED = "authz_change"
    DISABLED = "user_disabled"
    ENABLED = "user_enabled"
    EXPORTED = "sensitive_export"
    DELETED = "sensitive_delete"
    CORRECTED = "sensitive_update"
    REPROCESSED = "work_rerun"
    PAUSED = "work_pause"
    RESUMED = "work_resume"
    PROVIDER_CHANGED = "sys_provider_change"
    REFUSED = "authz_fail"
    RATE_EXCEEDED = "excess_rate_limit_exceeded"
    UPLOAD_REJECTED = "upload_rejected"


_LONGEST: Final = 254


def record(
    db: Connection,
    event: Event,
    *,
    now: datetime,
    user_id: int | None = None,
    subject: str | None = None,
    **details: object,
) -> None:
    """Keep a line about `event`: by whom (`user_id`), to whom or what (`subject`). Never content, never a secret."""
    clean = {name: clean_line(value) if isinstance(value, str) else value for name, value in details.items()}
    entry = AuditEntry(now, event, user_id, clean_line(subject) if subject is not None else None, clean)
    add_entry(db, entry)


def note_provider(db: Connection, *, provider: str, model: str | None, host: str | None, now: datetime) -> None:
    """Keep a line if comments go to somebody else than the log said last; where it says nothing, they stayed here."""
    serialize(db, name="provider")
    last = latest_entry(db, Event.PROVIDER_CHANGED)
    before = last.details if last is not None else {"provider": "local", "model": None, "host": None}
    if before != {"provider": provider, "model": model, "host": host}:
        record(db, Event.PROVIDER_CHANGED, now=now, subject=provider, provider=provider, model=model, host=host)


def clean_line(text: str) -> str:
    """`text` without what could forge a line or paint a terminal: controls become `·`."""
    return "".join(character if character.isprintable() else "·" for character in text)[:_LONGEST]
