"""Invites somebody to make an account: once, for three days, with the role that the inviter chose."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine

from alumusic.accounts.audit import Event, record
from alumusic.accounts.emails import canonical_email
from alumusic.accounts.tokens import hash_of_token, new_opaque_token
from alumusic.domain.users import Role, User
from alumusic.store.users import add_invite

LASTS: Final = timedelta(hours=72)


@dataclass(frozen=True, slots=True, repr=False)
class NewInvite:
    """An invite to hand over; its token is kept nowhere, hence without a repr."""

    token: str
    expires_at: datetime


def invite_user(by: User, *, role: Role, email: str | None, engine: Engine, now: datetime) -> NewInvite:
    """Make an invite, for one address or for whoever has it.

    Raises:
        InvalidInputError: `email` is not an address.
    """
    address = canonical_email(email) if email is not None else None
    invite = NewInvite(new_opaque_token(), now + LASTS)
    with engine.begin() as db:
        add_invite(
            db,
            token_hash=hash_of_token(invite.token),
            role=role,
            email=address,
            created_by=by.id,
            now=now,
            expires_at=invite.expires_at,
        )
        record(db, Event.INVITED, now=now, user_id=by.id, subject=address, role=role.value)
    return invite
