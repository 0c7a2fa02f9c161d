"""Makes accounts: the first one administers, later ones come as the house allows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum, auto
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from alumusic.accounts.audit import Event, record
from alumusic.accounts.emails import canonical_email
from alumusic.accounts.passwords import Passwords, check_new_password
from alumusic.accounts.tokens import hash_of_token
from alumusic.domain.errors import ConflictError, NotAllowedError
from alumusic.domain.users import Role, User
from alumusic.store.database import reading, serialize
from alumusic.store.users import add_user, count_users, find_invite, find_login, use_invite


class Door(Enum):
    """Who may come in: the first through every door but a locked one, the next ones as it says."""

    OPEN = auto()
    INVITE = auto()
    CLOSED = auto()
    LOCKED = auto()
    """Not even the first: whoever runs this machine makes that account."""


_TAKES_INVITES: Final = frozenset({Door.OPEN, Door.INVITE})


def sign_up(
    email: str, password: str, *, invite: str | None, door: Door, engine: Engine, passwords: Passwords, now: datetime
) -> User:
    """Make an account: admin for the first, what the invite says for who has one, else curador.

    Raises:
        InvalidInputError: no e-mail address, or a password that is too easy to guess.
        NotAllowedError: the door is closed, or the invite is missing or no good.
        ConflictError: there is an account with this address.
    """
    address = canonical_email(email)
    check_new_password(password, email=address)
    token_hash = hash_of_token(invite) if invite else None
    with reading(engine) as db:
        # Before the costly hash: strangers at a closed door do not get to keep us busy.
        _check_door(db, door, token_hash, address, now=now)
    with passwords.turn():
        password_hash = passwords.hash(password)
    with _unique_address(), engine.begin() as db:
        # Two who come first at once queue up here: one becomes admin.
        serialize(db, name="sign-up")
        role = _role(db, door, token_hash, address, now=now)
        user = add_user(db, email=address, password_hash=password_hash, role=role, now=now)
        record(db, Event.SIGNED_UP, now=now, user_id=user.id, subject=address, role=role.value)
    return user


def add_account(email: str, password: str, *, role: Role, engine: Engine, passwords: Passwords, now: datetime) -> User:
    """Make an account of any role: only for who runs this machine.

    Raises:
        InvalidInputError: no e-mail address, or a password that is too easy to guess.
        ConflictError: there is an account with this address.
    """
    address = canonical_email(email)
    check_new_password(password, email=address)
    with passwords.turn():
        password_hash = passwords.hash(password)
    with _unique_address(), engine.begin() as db:
        user = add_user(db, email=address, password_hash=password_hash, role=role, now=now)
        record(db, Event.SIGNED_UP, now=now, user_id=user.id, subject=address, role=role.value)
    return user


@contextmanager
def _unique_address() -> Iterator[None]:
    """Say a clash of addresses in our own words."""
    try:
        yield
    except IntegrityError:
        raise ConflictError("email_em_uso") from None


def _check_door(db: Connection, door: Door, token_hash: bytes | None, address: str, *, now: datetime) -> None:
    """Refuse early what `_role` would refuse in the end."""
    if not count_users(db) and door is not Door.LOCKED:
        return
    if token_hash is not None and door in _TAKES_INVITES:
        if find_invite(db, token_hash, email=address, now=now) is None:
            raise NotAllowedError("convite_invalido")
    else:
        _check_uninvited(door)
    if find_login(db, address) is not None:
        raise ConflictError("email_em_uso")


def _check_uninvited(door: Door) -> None:
    if door is Door.INVITE:
        raise NotAllowedError("convite_necessario")
    if door is not Door.OPEN:
        raise NotAllowedError("cadastro_fechado")


def _role(db: Connection, door: Door, token_hash: bytes | None, address: str, *, now: datetime) -> Role:
    """The role of a new account; uses the invite up, and gives it back if the transaction is undone."""
    if not count_users(db) and door is not Door.LOCKED:
        return Role.ADMIN
    if token_hash is None or door not in _TAKES_INVITES:
        _check_uninvited(door)
        return Role.CURATOR
    invite = use_invite(db, token_hash, email=address, now=now)
    if invite is None:
        raise NotAllowedError("convite_invalido")
    return invite.role
