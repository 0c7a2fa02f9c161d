"""Keeps who is signed in where, and the refresh tokens that keep a session going, by their hashes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from alumusic.domain.users import User
from alumusic.store.tables import refresh_tokens, sessions, users
from alumusic.store.users import user_of_row


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A refresh token as it is kept, with the session and the account that it belongs to."""

    session_id: UUID
    user: User
    expires_at: datetime
    used_at: datetime | None
    session_revoked_at: datetime | None


def add_session(
    db: Connection, *, session_id: UUID, user_id: int, place: str | None, now: datetime, expires_at: datetime
) -> None:
    """Keep a new session, and the place where it was opened."""
    values = {"id": session_id, "user_id": user_id, "place": place, "created_at": now, "expires_at": expires_at}
    db.execute(insert(sessions).values(values))


def has_session_from(db: Connection, place: str, *, email: str) -> bool:
    """Whether somebody signed in to the account of `email` at `place`, in a session that is not forgotten yet."""
    found = select(sessions.c.id).join_from(users, sessions).where(users.c.email == email, sessions.c.place == place)
    return db.execute(found.limit(1)).first() is not None


def prolong_session(db: Connection, session_id: UUID, *, expires_at: datetime) -> None:
    """Let a session last until `expires_at`."""
    db.execute(update(sessions).where(sessions.c.id == session_id).values(expires_at=expires_at))


def revoke_session(db: Connection, session_id: UUID, *, now: datetime) -> bool:
    """End one session, with all its tokens; whether it was still going."""
    statement = update(sessions).where(sessions.c.id == session_id, sessions.c.revoked_at.is_(None))
    return db.execute(statement.values(revoked_at=now)).rowcount > 0


def revoke_sessions_of(db: Connection, user_id: int, *, now: datetime) -> int:
    """End every session of an account; return how many were going."""
    statement = update(sessions).where(sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None))
    return db.execute(statement.values(revoked_at=now)).rowcount


# Asked with every request: built once, because building it costs more than running it.
_USER_IN_SESSION: Final = (
    select(users)
    .join_from(users, sessions, sessions.c.user_id == users.c.id)
    .where(
        users.c.id == bindparam("user_id"),
        users.c.disabled_at.is_(None),
        sessions.c.id == bindparam("session_id"),
        sessions.c.revoked_at.is_(None),
    )
)


def user_in_session(db: Connection, session_id: UUID, user_id: int) -> User | None:
    """The account, if this session is its own, still going, and it is not disabled."""
    found = db.execute(_USER_IN_SESSION, {"user_id": user_id, "session_id": session_id})
    row = found.mappings().one_or_none()
    return user_of_row(row) if row is not None else None


def add_refresh_token(db: Connection, *, token_hash: bytes, session_id: UUID, expires_at: datetime) -> None:
    """Keep a refresh token by its hash."""
    db.execute(insert(refresh_tokens).values(hash=token_hash, session_id=session_id, expires_at=expires_at))


def hold_refresh_token(db: Connection, token_hash: bytes) -> KeptToken | None:
    """Find a refresh token and keep others from using it until this transaction ends."""
    statement = (
        select(
            users,
            refresh_tokens.c.session_id,
            refresh_tokens.c.expires_at,
            refresh_tokens.c.used_at,
            sessions.c.revoked_at,
        )
        .join_from(refresh_tokens, sessions)
        .join(users)
        .where(refresh_tokens.c.hash == token_hash)
        .with_for_update(of=refresh_tokens)
    )
    row = db.execute(statement).mappings().one_or_none()
    if row is None:
        return None
    return KeptToken(
        session_id=row["session_id"],
        user=user_of_row(row),
        expires_at=row["expires_at"],
        used_at=row["used_at"],
        session_revoked_at=row["revoked_at"],
    )


def mark_refresh_token_used(db: Connection, token_hash: bytes, *, now: datetime) -> None:
    """A refresh token is good once."""
    db.execute(update(refresh_tokens).where(refresh_tokens.c.hash == token_hash).values(used_at=now))


def forget_sessions(db: Connection, *, ended_before: datetime) -> int:
    """Remove the sessions that ended before then, with their tokens; return how many."""
    return db.execute(delete(sessions).where(sessions.c.expires_at < ended_before)).rowcount
