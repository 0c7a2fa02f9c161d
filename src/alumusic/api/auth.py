"""Accounts over HTTP: signing up, in and out, and one's own account."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, request
from pydantic import ValidationError

from alumusic.accounts.manage import change_password, change_zone
from alumusic.accounts.sessions import Lifetimes, SignedIn, refresh, sign_out
from alumusic.accounts.sign_in import sign_in
from alumusic.accounts.sign_up import Door, sign_up
from alumusic.api.guard import PUBLIC, allows, bearer_token, current_user
from alumusic.api.openapi import documented, schema_of
from alumusic.api.state import services, state
from alumusic.contract.auth import (
    Account,
    Credentials,
    PasswordChange,
    Profile,
    ProfileChange,
    RefreshRequest,
    Registration,
    Tokens,
)
from alumusic.contract.field_problems import problems_of
from alumusic.contract.visitor import HEADER, vouched
from alumusic.domain.errors import InvalidInputError, NotAuthenticatedError
from alumusic.domain.users import EVERYONE
from alumusic.settings import Settings
from alumusic.text.hosts import is_loopback

blueprint: Final = Blueprint("auth", __name__, url_prefix="/auth")

_TAG: Final = "Contas"
_SMALL: Final = 64 * 1024
_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


@blueprint.post("/register")
@allows(PUBLIC, largest_body=_SMALL)
@documented(
    "criar_conta",
    "Criar uma conta",
    tag=_TAG,
    answers={201: Account},
    problems=[403, 409],
    description="A primeira conta é admin. As outras são curador, ou têm o papel do convite.",
)
def post_register(json: Registration) -> tuple[Account, int]:
    """Make an account."""
    state().limits.check_auth(_guest_address(), now=services().clock())
    user = sign_up(
        json.email,
        json.password,
        invite=json.invite,
        door=door(services().settings),
        engine=services().engine,
        passwords=state().passwords,
        now=services().clock(),
    )
    return Account.of(user), 201


@blueprint.post("/login")
@allows(PUBLIC, largest_body=_SMALL)
@documented("entrar", "Entrar", tag=_TAG, answers={200: Tokens}, problems=[401])
def post_login(json: Credentials) -> Tokens:
    """Sign in."""
    signed_in = sign_in(
        json.email,
        json.password,
        engine=services().engine,
        passwords=state().passwords,
        keys=state().keys,
        lifetimes=_lifetimes(),
        address=_guest_address(),
        now=services().clock(),
    )
    return _tokens(signed_in)


_REFRESH_TOKEN: Final = {"application/json": {"schema": schema_of(RefreshRequest)}}
"""The body of the calls that take a refresh token there or in a header, and so read it by themselves."""


@blueprint.post("/refresh")
@allows(PUBLIC, largest_body=_SMALL)
@documented(
    "renovar",
    "Trocar o refresh_token por tokens novos",
    tag=_TAG,
    answers={200: Tokens},
    problems=[401, 413, 415],
    description=(
        "O refresh_token vai em `Authorization: Bearer …` ou no corpo. Cada um vale uma vez; usado de novo, "
        "encerra a sessão inteira."
    ),
    body=_REFRESH_TOKEN,
    body_required=False,
)
def post_refresh() -> Tokens:
    """Keep a session going."""
    state().limits.check_auth(_guest_address(), now=services().clock())
    token = _token_in_body() or bearer_token()
    if token is None:
        raise NotAuthenticatedError
    return _tokens(
        refresh(token, engine=services().engine, keys=state().keys, lifetimes=_lifetimes(), now=services().clock())
    )


@blueprint.post("/logout")
@allows(PUBLIC, largest_body=_SMALL)
@documented(
    "sair",
    "Sair: encerra a sessão e os dois tokens",
    tag=_TAG,
    answers={204: "Sessão encerrada"},
    problems=[401, 413, 415],
    description="Vale o access_token ou o refresh_token, em `Authorization: Bearer …` ou, o segundo, no corpo.",
    body=_REFRESH_TOKEN,
    body_required=False,
)
def post_logout() -> tuple[str, int]:
    """End a session."""
    token = _token_in_body() or bearer_token()
    if token is None:
        raise NotAuthenticatedError
    sign_out(token, engine=services().engine, keys=state().keys, now=services().clock())
    return "", 204


@blueprint.get("/me")
@allows(EVERYONE)
@documented("minha_conta", "Ver a própria conta", tag=_TAG, answers={200: Profile})
def get_me() -> Profile:
    """Tell who is asking."""
    return Profile.of(current_user())


@blueprint.patch("/me")
@allows(EVERYONE, largest_body=_SMALL)
@documented("mudar_minha_conta", "Mudar o próprio fuso horário", tag=_TAG, answers={200: Profile})
def patch_me(json: ProfileChange) -> Profile:
    """Change one's own time zone."""
    return Profile.of(change_zone(current_user(), json.timezone, engine=services().engine))


@blueprint.post("/password")
@allows(EVERYONE, largest_body=_SMALL)
@documented(
    "mudar_senha",
    "Mudar a própria senha",
    tag=_TAG,
    answers={200: Tokens},
    description="Encerra todas as sessões da conta e abre uma nova, cujos tokens vêm na resposta.",
)
def post_password(json: PasswordChange) -> Tokens:
    """Change one's own password."""
    signed_in = change_password(
        current_user(),
        json.old,
        json.new,
        engine=services().engine,
        passwords=state().passwords,
        keys=state().keys,
        lifetimes=_lifetimes(),
        address=_guest_address(),
        now=services().clock(),
    )
    return _tokens(signed_in)


def door(settings: Settings) -> Door:
    """Who may come in: as the setting says, and by default after the first only people at this very machine."""
    if settings.registration == "auto":
        return Door.OPEN if is_loopback(settings.host) and _comes_from_here(settings) else Door.INVITE
    if settings.registration == "closed" and not _comes_from_here(settings):
        return Door.LOCKED
    return Door[settings.registration.upper()]


def _comes_from_here(settings: Settings) -> bool:
    if settings.env == "production":
        # A proxy that adds nothing, which is how nginx comes, looks like somebody at this machine in every way.
        return False
    # A proxy on this machine makes the whole world look like loopback; it gives itself away by what it adds. And a page
    # of somebody else may point a name of its own at this machine: then the browser says that name, and not ours.
    is_direct = not any(header in request.headers for header in _FORWARDED)
    ends = (request.remote_addr or "", urlsplit(f"//{request.host}").hostname or "")
    return is_direct and all(map(is_loopback, ends))


def _guest_address() -> str:
    """Where who is at the door comes from: the dashboard may say it of its visitors, for all its calls are its own."""
    key, said = services().settings.dashboard_key, request.headers.get(HEADER)
    named = vouched(said, key=key.get_secret_value()) if key is not None and said is not None else None
    return named or request.remote_addr or ""


def _lifetimes() -> Lifetimes:
    settings = services().settings
    return Lifetimes(
        access=timedelta(minutes=settings.access_token_minutes), refresh=timedelta(days=settings.refresh_token_days)
    )


def _tokens(signed_in: SignedIn) -> Tokens:
    return Tokens(
        access_token=signed_in.access_token,
        expires_in=int(signed_in.expires_in.total_seconds()),
        refresh_token=signed_in.refresh_token,
        user_id=signed_in.user.id,
        role=signed_in.user.role,
    )


def _token_in_body() -> str | None:
    """The refresh token in the body; None when there is no body."""
    # Some clients say "JSON" of every request, even of one without a body.
    if not request.get_data():
        return None
    try:
        return RefreshRequest.model_validate(request.get_json()).refresh_token
    except ValidationError as error:
        raise InvalidInputError(fields=problems_of(error)) from None
