"""What is said about accounts: signing up and in, tokens, invites."""

from typing import Annotated, Final

from pydantic import Field

from alumusic.contract.message import Message, Moment, PlainLine, Request
from alumusic.domain.users import Role, User

SHORTEST: Final = 8
LONGEST: Final = 128
"""Characters of a password, as `accounts.passwords` checks them; a test compares."""

LONGEST_SECRET: Final = 1_000
"""Characters of a token or a password that are looked at; longer ones are refused unread."""

Email = Annotated[
    PlainLine, Field(max_length=1_000, examples=["ana@exemplo.com.br"], json_schema_extra={"format": "email"})
]
"""An address as somebody typed it; `accounts` says whether it is one."""

Password = Annotated[
    str,
    Field(max_length=LONGEST_SECRET, examples=["cavalo bateria grampo"], json_schema_extra={"format": "password"}),
]
"""A password as somebody typed it."""

NewPassword = Annotated[
    Password,
    Field(json_schema_extra={"format": "password", "minLength": SHORTEST, "maxLength": LONGEST}),
]
"""A password to be kept; `accounts` says, with a reason, whether it will do."""


class Registration(Request):
    """A new account."""

    email: Email
    password: NewPassword
    invite: PlainLine | None = Field(None, alias="convite", max_length=1_000)


class Account(Message):
    """An account, right after it was made."""

    id: int
    email: str
    role: Role = Field(alias="papel")

    @classmethod
    def of(cls, user: User) -> "Account":
        """What is said of `user`."""
        return cls(id=user.id, email=user.email, role=user.role)


class Credentials(Request):
    """Who wants to sign in."""

    email: Email
    password: Password


class Tokens(Message):
    """What somebody gets who signed in."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the name of the scheme (RFC 6750)
    expires_in: int
    refresh_token: str
    user_id: int = Field(alias="usuario_id")
    role: Role = Field(alias="papel")


class RefreshRequest(Request):
    """A refresh token in the body, for who does not send it as a bearer token."""

    refresh_token: str = Field(max_length=LONGEST_SECRET)


class PasswordChange(Request):
    """Another password for one's own account."""

    old: Password = Field(alias="senha_atual")
    new: NewPassword = Field(alias="senha_nova")


class Profile(Message):
    """One's own account."""

    id: int
    email: str
    role: Role = Field(alias="papel")
    timezone: str | None = Field(alias="fuso")
    created_at: Moment = Field(alias="criado_em")

    @classmethod
    def of(cls, user: User) -> "Profile":
        """What `user` is told about their own account."""
        return cls(id=user.id, email=user.email, role=user.role, timezone=user.timezone, created_at=user.created_at)


class ProfileChange(Request):
    """What one may change about oneself."""

    timezone: PlainLine | None = Field(alias="fuso", max_length=64, examples=["America/Manaus"])


class InviteRequest(Request):
    """Whom to invite, and as what."""

    email: Email | None = None
    role: Role = Field(alias="papel")


class Invite(Message):
    """An invite; its token is shown this once."""

    token: str = Field(alias="convite")
    expires_at: Moment = Field(alias="expira_em")


class UserView(Message):
    """An account, for who administers."""

    id: int
    email: str
    role: Role = Field(alias="papel")
    disabled: bool = Field(alias="desativado")
    created_at: Moment = Field(alias="criado_em")

    @classmethod
    def of(cls, user: User) -> "UserView":
        """What an admin sees of `user`."""
        return cls(
            id=user.id,
            email=user.email,
            role=user.role,
            disabled=user.disabled_at is not None,
            created_at=user.created_at,
        )


class UserList(Message):
    """Every account."""

    users: list[UserView] = Field(alias="usuarios")


class UserChange(Request):
    """What an admin may change about an account."""

    role: Role | None = Field(None, alias="papel")
    disabled: bool | None = Field(None, alias="desativado")
