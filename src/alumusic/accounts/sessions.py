"""Opens sessions, keeps them going, ends them, and tells whose a token is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine

from alumusic.accounts.audit import Event, record
from alumusic.accounts.tokens import (
    AccessClaims,
    TokenKeys,
    hash_of_token,
    issue_access_token,
    new_opaque_token,
    read_access_token,
)
from alumusic.domain.errors import NotAuthenticatedError
from alumusic.domain.users import User
from alumusic.store.database import reading
from alumusic.store.sessions import (
    KeptToken,
    add_refresh_token,
    add_session,
    hold_refresh_token,
    mark_refresh_token_used,
    prolong_session,
    revoke_session,
    user_in_session,
)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long tokens are good for."""

    access: timedelta = timedelta(minutes=15)
    refresh: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True, repr=False)
class SignedIn:
    """What somebody gets who signed in; holds secrets, hence without a repr."""

    user: User
    access_token: str
    refresh_token: str
    expires_in: timedelta


def open_session(
    db: Connection, user: User, *, place: str | None, keys: TokenKeys, lifetimes: Lifetimes, now: datetime
) -> SignedIn:
    """Begin a session of `user`, whose password was just checked, at `place` (`accounts.throttle`)."""
    session_id = uuid4()
    add_session(db, session_id=session_id, user_id=user.id, place=place, now=now, expires_at=now + lifetimes.refresh)
    return _new_tokens(db, user, session_id, keys=keys, lifetimes=lifetimes, now=now)


def _new_tokens(
    db: Connection, user: User, session_id: UUID, *, keys: TokenKeys, lifetimes: Lifetimes, now: datetime
) -> SignedIn:
    refresh_token = new_opaque_token()
    add_refresh_token(
        db, token_hash=hash_of_token(refresh_token), session_id=session_id, expires_at=now + lifetimes.refresh
    )
    claims = AccessClaims(user.id, session_id, user.token_version)
    access_token = issue_access_token(claims, keys=keys, lasts=lifetimes.access, now=now)
    return SignedIn(user, access_token, refresh_token, lifetimes.access)


def user_of_token(token: str, *, engine: Engine, keys: TokenKeys, now: datetime) -> User:
    """Whose access token this is; one look at the database, so that ending a session works at once.

    Raises:
        NotAuthenticatedError: not ours, out of time, or of a session, an account or a password that is no more.
    """
    return _caller(token, engine=engine, keys=keys, now=now)[0]


def _caller(token: str, *, engine: Engine, keys: TokenKeys, now: datetime) -> tuple[User, UUID]:
    claims = read_access_token(token, keys=keys, now=now)
    with reading(engine) as db:
        user = user_in_session(db, claims.session_id, claims.user_id)
    if user is None or user.token_version != claims.token_version:
        raise NotAuthenticatedError("sessao_encerrada")
    return user, claims.session_id


def refresh(refresh_token: str, *, engine: Engine, keys: TokenKeys, lifetimes: Lifetimes, now: datetime) -> SignedIn:
    """Exchange a refresh token for new tokens; each is good once.

    One that comes a second time was stolen, by the first or by the second to use it: the whole session ends.

    Raises:
        NotAuthenticatedError: it is not good (any more).
    """
    token_hash = hash_of_token(refresh_token)
    with engine.begin() as db:
        kept = hold_refresh_token(db, token_hash)
        if kept is not None and _is_good(kept, now):
            mark_refresh_token_used(db, token_hash, now=now)
            prolong_session(db, kept.session_id, expires_at=now + lifetimes.refresh)
            return _new_tokens(db, kept.user, kept.session_id, keys=keys, lifetimes=lifetimes, now=now)
        if kept is not None and kept.used_at is not None and revoke_session(db, kept.session_id, now=now):
            record(db, Event.TOKEN_REUSED, now=now, user_id=kept.user.id, subject=kept.user.email)
    # Only now: what was done about a stolen token must be committed.
    raise NotAuthenticatedError("token_invalido")


def _is_good(kept: KeptToken, now: datetime) -> bool:
    in_time = kept.used_at is None and kept.expires_at > now
    return in_time and kept.session_revoked_at is None and kept.user.disabled_at is None


def sign_out(token: str, *, engine: Engine, keys: TokenKeys, now: datetime) -> None:
    """End the session that `token` belongs to, be it an access or a refresh token: both die.

    Raises:
        NotAuthenticatedError: it belongs to none that is going.
    """
    user, session_id = _session_of(token, engine=engine, keys=keys, now=now)
    with engine.begin() as db:
        if revoke_session(db, session_id, now=now):
            record(db, Event.SIGNED_OUT, now=now, user_id=user.id, subject=user.email)


def _session_of(token: str, *, engine: Engine, keys: TokenKeys, now: datetime) -> tuple[User, UUID]:
    if "." in token:  # Opaque tokens have no dots, signed ones have two.
        return _caller(token, engine=engine, keys=keys, now=now)
    with reading(engine) as db:
        kept = hold_refresh_token(db, hash_of_token(token))
    if kept is None or not _is_good(kept, now):
        raise NotAuthenticatedError("token_invalido")
    return kept.user, kept.session_id
