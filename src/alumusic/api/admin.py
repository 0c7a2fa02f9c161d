"""What only admins do: invite people, and change who may do what."""

from typing import Final

from flask import Blueprint

from alumusic.accounts.invites import invite_user
from alumusic.accounts.manage import change_account, list_users
from alumusic.api.guard import allows, current_user
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.contract.auth import Invite, InviteRequest, UserChange, UserList, UserView
from alumusic.domain.users import ADMINS

blueprint: Final = Blueprint("admin", __name__, url_prefix="/admin")

_TAG: Final = "Administração"
_SMALL: Final = 64 * 1024


@blueprint.post("/invites")
@allows(ADMINS, largest_body=_SMALL)
@documented(
    "convidar",
    "Convidar alguém",
    tag=_TAG,
    answers={201: Invite},
    description="O convite vale uma vez, por 72 horas, e só aparece nesta resposta.",
)
def post_invite(json: InviteRequest) -> tuple[Invite, int]:
    """Make an invite."""
    invite = invite_user(
        current_user(), role=json.role, email=json.email, engine=services().engine, now=services().clock()
    )
    return Invite(token=invite.token, expires_at=invite.expires_at), 201


@blueprint.get("/users")
@allows(ADMINS)
@documented("listar_contas", "Listar as contas", tag=_TAG, answers={200: UserList})
def get_users() -> UserList:
    """List every account."""
    return UserList(users=[UserView.of(user) for user in list_users(services().engine)])


@blueprint.patch("/users/<int(max=9223372036854775807):user_id>")
@allows(ADMINS, largest_body=_SMALL)
@documented(
    "mudar_conta",
    "Mudar o papel de uma conta, desativá-la ou reativá-la",
    tag=_TAG,
    answers={200: UserView},
    problems=[404, 409],
    description="Vale na hora: os tokens que a conta tinha deixam de funcionar.",
)
def patch_user(user_id: int, json: UserChange) -> UserView:
    """Change an account."""
    changed = change_account(
        user_id,
        role=json.role,
        disabled=json.disabled,
        by=current_user(),
        engine=services().engine,
        now=services().clock(),
    )
    return UserView.of(changed)
