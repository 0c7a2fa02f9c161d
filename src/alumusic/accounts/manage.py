"""Changes accounts: their password, role, time zone, and whether they may come in at all.

Whatever takes something away ends every token of the account within the same transaction.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from alumusic.accounts.audit import Event, record
from alumusic.accounts.emails import canonical_email
from alumusic.accounts.passwords import LONGEST, Passwords, check_new_password
from alumusic.accounts.sessions import Lifetimes, SignedIn, open_session
from alumusic.accounts.sign_in import is_unchanged
from alumusic.accounts.throttle import Guesser, check_pause, count_failure, find_guesser, forgive
from alumusic.accounts.tokens import TokenKeys
from alumusic.domain.errors import (
    ConflictError,
    FieldProblem,
    InvalidInputError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
)
from alumusic.domain.users import Role, User
from alumusic.store.database import reading, serialize
from alumusic.store.sessions import revoke_sessions_of
from alumusic.store.users import change_user, count_users, find_login, find_user
from alumusic.store.users import list_users as stored_users


def list_users(engine: Engine) -> list[User]:
    """Every account, oldest first."""
    with reading(engine) as db:
        return stored_users(db)


def find_by_email(email: str, *, engine: Engine) -> User:
    """The account with this address.

    Raises:
        NotFoundError: there is none.
    """
    with reading(engine) as db:
        login = find_login(db, canonical_email(email))
    if login is None:
        raise NotFoundError("usuario_nao_encontrado")
    return login.user


def change_password(
    user: User,
    old: str,
    new: str,
    *,
    engine: Engine,
    passwords: Passwords,
    keys: TokenKeys,
    lifetimes: Lifetimes,
    address: str | None,
    now: datetime,
) -> SignedIn:
    """Change one's own password: every session ends, and a new one begins for who asked.

    Raises:
        NotAllowedError: `old` is not the password.
        InvalidInputError: `new` is the same, or too easy to guess.
        TooManyRequestsError: too many failures lately.
    """
    check_new_password(new, email=user.email, field="senha_nova")
    with passwords.turn():
        with reading(engine) as db:
            guesser = find_guesser(db, user.email, address=address)
            check_pause(db, guesser, now=now)
            login = find_login(db, user.email)
        fits = login is not None and len(old) <= LONGEST and passwords.verify(login.password_hash, old)
        if not fits:
            _fail(engine, user, guesser, now=now)
        if old == new:
            raise InvalidInputError("senha_fraca", fields=[FieldProblem("senha_nova", "senha_igual")])
        new_hash = passwords.hash(new)
    with engine.begin() as db:
        if login is None or login.user.disabled_at is not None or not is_unchanged(db, login):
            raise NotAuthenticatedError("sessao_encerrada")
        forgive(db, guesser)
        changed = _put_password(db, user, new_hash, by=user, now=now)
        return open_session(db, changed, place=guesser.place, keys=keys, lifetimes=lifetimes, now=now)


def _fail(engine: Engine, user: User, guesser: Guesser, *, now: datetime) -> None:
    with engine.begin() as db:
        count_failure(db, guesser, now=now)
        record(db, Event.PASSWORD_CHANGE_FAILED, now=now, user_id=user.id, subject=user.email)
    raise NotAllowedError("senha_atual_errada")


def set_password(user: User, new: str, *, engine: Engine, passwords: Passwords, now: datetime) -> None:
    """Give an account another password: only for who runs this machine.

    Raises:
        InvalidInputError: it is too easy to guess.
    """
    check_new_password(new, email=user.email)
    with passwords.turn():
        new_hash = passwords.hash(new)
    with engine.begin() as db:
        _put_password(db, user, new_hash, by=None, now=now)
        forgive(db, find_guesser(db, user.email, address=None))


def _put_password(db: Connection, user: User, password_hash: str, *, by: User | None, now: datetime) -> User:
    change_user(db, user.id, ends_tokens=True, password_hash=password_hash)
    revoke_sessions_of(db, user.id, now=now)
    record(db, Event.PASSWORD_CHANGED, now=now, user_id=by.id if by else None, subject=user.email)
    return _existing(db, user.id)


def change_account(
    user_id: int,
    *,
    role: Role | None = None,
    disabled: bool | None = None,
    by: User | None,
    engine: Engine,
    now: datetime,
) -> User:
    """Give an account another role, shut it out or let it in again; None leaves things as they are.

    A change ends the account's sessions at once. `by` is None for who runs this machine.

    Raises:
        NotFoundError: there is no such account.
        ConflictError: it is the last admin.
    """
    with engine.begin() as db:
        # Two admins who remove each other at once queue up here: one stays.
        serialize(db, name="last admin")
        user = _existing(db, user_id)
        changes = _changes(user, role=role, disabled=disabled, now=now)
        if not changes:
            return user
        _keep_an_admin(db, user, changes)
        change_user(db, user_id, ends_tokens=True, **changes)
        revoke_sessions_of(db, user_id, now=now)
        _record_changes(db, user, changes, by=by, now=now)
        return _existing(db, user_id)


def _changes(user: User, *, role: Role | None, disabled: bool | None, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if role is not None and role is not user.role:
        changes["role"] = role
    if disabled is not None and disabled is not (user.disabled_at is not None):
        changes["disabled_at"] = now if disabled else None
    return changes


def _keep_an_admin(db: Connection, user: User, changes: dict[str, Any]) -> None:
    """Refuse to take away the last one who could give it back."""
    is_admin = user.role is Role.ADMIN and user.disabled_at is None
    stays = changes.get("role", Role.ADMIN) is Role.ADMIN and changes.get("disabled_at") is None
    if is_admin and not stays and count_users(db, role=Role.ADMIN, active=True) == 1:
        raise ConflictError("ultimo_admin")


def _record_changes(db: Connection, user: User, changes: dict[str, Any], *, by: User | None, now: datetime) -> None:
    by_id = by.id if by else None
    if "role" in changes:
        roles = {"before": user.role.value, "after": changes["role"].value}
        record(db, Event.ROLE_CHANGED, now=now, user_id=by_id, subject=user.email, **roles)
    if "disabled_at" in changes:
        event = Event.ENABLED if changes["disabled_at"] is None else Event.DISABLED
        record(db, event, now=now, user_id=by_id, subject=user.email)


def change_zone(user: User, timezone: str | None, *, engine: Engine) -> User:
    """Choose where this account's days begin; None for where the house is.

    Raises:
        InvalidInputError: no such time zone.
    """
    if timezone is not None:
        try:
            ZoneInfo(timezone)
        except (ValueError, OSError, LookupError):  # a path, a folder, an unknown name
            raise InvalidInputError(fields=[FieldProblem("fuso", "fuso_invalido")]) from None
    with engine.begin() as db:
        change_user(db, user.id, ends_tokens=False, timezone=timezone)
        return _existing(db, user.id)


def _existing(db: Connection, user_id: int) -> User:
    user = find_user(db, user_id)
    if user is None:
        raise NotFoundError("usuario_nao_encontrado")
    return user
