"""Keeps accounts, and the invites that new ones may come from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from alumusic.domain.users import Role, User
from alumusic.store.tables import invites, users


@dataclass(frozen=True, slots=True, repr=False)
class Login:
    """An account with the hash of its password: only for who checks passwords, hence without a repr."""

    user: User
    password_hash: str


@dataclass(frozen=True, slots=True)
class Invite:
    """What an invite is good for."""

    role: Role
    email: str | None


def add_user(db: Connection, *, email: str, password_hash: str, role: Role, now: datetime) -> User:
    """Keep a new account; a second one with the same address is an IntegrityError."""
    values = {"email": email, "password_hash": password_hash, "role": role, "created_at": now}
    user_id: int = db.execute(insert(users).values(values).returning(users.c.id)).scalar_one()
    return User(id=user_id, email=email, role=role, created_at=now)


def find_login(db: Connection, email: str, *, hold: bool = False) -> Login | None:
    """The account with this address (in the form that `accounts.emails` gives it), and its password's hash.

    With `hold`, nobody else changes it until this transaction ends.
    """
    statement = select(users).where(users.c.email == email)
    row = db.execute(statement.with_for_update() if hold else statement).mappings().one_or_none()
    return Login(user_of_row(row), row["password_hash"]) if row is not None else None


def find_user(db: Connection, user_id: int) -> User | None:
    """The account with this id."""
    row = db.execute(select(users).where(users.c.id == user_id)).mappings().one_or_none()
    return user_of_row(row) if row is not None else None


def list_users(db: Connection) -> list[User]:
    """Every account, oldest first."""
    return [user_of_row(row) for row in db.execute(select(users).order_by(users.c.id)).mappings()]


def count_users(db: Connection, *, role: Role | None = None, active: bool = False) -> int:
    """How many accounts there are, of all or of one role, disabled ones included unless `active`."""
    statement = select(func.count()).select_from(users)
    if role is not None:
        statement = statement.where(users.c.role == role)
    if active:
        statement = statement.where(users.c.disabled_at.is_(None))
    return db.scalar(statement) or 0


def change_user(db: Connection, user_id: int, *, ends_tokens: bool, **changes: Any) -> None:
    """Set columns of one account; with `ends_tokens`, no token issued so far is good any more."""
    if ends_tokens:
        changes["token_version"] = users.c.token_version + 1
    db.execute(update(users).where(users.c.id == user_id).values(changes))


def user_of_row(row: RowMapping) -> User:
    """The account in a row that has all columns of `users`."""
    return User(
        id=row["id"],
        email=row["email"],
        role=Role(row["role"]),
        created_at=row["created_at"],
        disabled_at=row["disabled_at"],
        token_version=row["token_version"],
        timezone=row["timezone"],
    )


def add_invite(
    db: Connection,
    *,
    token_hash: bytes,
    role: Role,
    email: str | None,
    created_by: int,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Keep an invite by the hash of its token."""
    db.execute(
        insert(invites).values(
            hash=token_hash, role=role, email=email, created_by=created_by, created_at=now, expires_at=expires_at
        )
    )


def find_invite(db: Connection, token_hash: bytes, *, email: str, now: datetime) -> Invite | None:
    """The invite, if it is unused, in time, and for `email` or for anybody."""
    row = db.execute(select(invites).where(*_good(token_hash, email, now))).mappings().one_or_none()
    return Invite(Role(row["role"]), row["email"]) if row is not None else None


def use_invite(db: Connection, token_hash: bytes, *, email: str, now: datetime) -> Invite | None:
    """Use the invite up, if it is still good: of two who try at once, one gets it."""
    row = (
        db.execute(
            update(invites)
            .where(*_good(token_hash, email, now))
            .values(used_at=now)
            .returning(invites.c.role, invites.c.email)
        )
        .mappings()
        .one_or_none()
    )
    return Invite(Role(row["role"]), row["email"]) if row is not None else None


def _good(token_hash: bytes, email: str, now: datetime) -> tuple[Any, ...]:
    c = invites.c
    return (c.hash == token_hash, c.used_at.is_(None), c.expires_at > now, (c.email.is_(None)) | (c.email == email))
