"""Who may call which route: nobody, unless the route says so.

A view declares its callers with `@allows(...)`; an application with an undeclared route does not start, and a test
walks every route against a table of roles.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar, cast

from flask import Flask, g, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import Rule

from alumusic.accounts.sessions import user_of_token
from alumusic.api.state import services, state
from alumusic.domain.errors import InvalidInputError, NotAllowedError, NotAuthenticatedError
from alumusic.domain.users import Role, User

View = TypeVar("View", bound=Callable[..., object])

SMALL_BODY: Final = 1024 * 1024
"""Bytes that a body may have where nothing else is said."""

_ACCESS: Final = "__alumusic_access__"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a route, and how much they may send."""

    roles: frozenset[Role] | None
    """None: anybody, signed in or not."""
    largest_body: int | None = SMALL_BODY
    """Bytes; None for as much as an upload may have."""


PUBLIC: Final = None
"""For `allows`: anybody at all."""


def allows(roles: frozenset[Role] | None, *, largest_body: int | None = SMALL_BODY) -> Callable[[View], View]:
    """Declare that accounts with one of `roles` may call this view; `PUBLIC` is anybody.

    `largest_body` is in bytes; None is as much as an upload may have (a setting).
    """

    def declare(view: View) -> View:
        setattr(view, _ACCESS, Access(roles, largest_body))
        return view

    return declare


def access_to(app: Flask, rule: Rule) -> Access:
    """What the view of `rule` declares.

    Raises:
        LookupError: it declares nothing.
    """
    view = app.view_functions[rule.endpoint]
    try:
        return cast("Access", getattr(view, _ACCESS))
    except AttributeError:
        raise LookupError(f"{rule.endpoint} ({rule.rule}) does not say who may call it: add @allows(...)") from None


def guard(app: Flask) -> None:
    """Put the guard before every route of `app`, all of which must have been added by now."""
    declared = dict(_declarations(app))

    @app.before_request
    def check() -> None:
        limits = state().limits
        limits.check_address(request.remote_addr or "", now=services().clock())
        if request.url_rule is None:
            return  # An unknown address or method: Flask answers so.
        access = declared[request.url_rule.endpoint]
        largest = access.largest_body
        request.max_content_length = services().settings.max_upload_bytes if largest is None else largest
        if access.roles is not None:
            require(access.roles)
            limits.check_user(g.user.id, now=services().clock())
        # After the question who asks: strangers learn nothing from it.
        _refuse_nul()
        _bound_fields()


def _declarations(app: Flask) -> Iterator[tuple[str, Access]]:
    for rule in app.url_map.iter_rules():
        yield rule.endpoint, access_to(app, rule)


def require(roles: frozenset[Role]) -> None:
    """For a public route that a setting has closed, too: insist on an account with one of `roles`.

    Raises:
        NotAuthenticatedError: nobody we know is asking.
        NotAllowedError: it is somebody with another role.
    """
    token = bearer_token()
    if token is None:
        raise NotAuthenticatedError
    kept = services()
    # Known from here on, even if refused: the logs say who it was.
    g.user = user_of_token(token, engine=kept.engine, keys=state().keys, now=kept.clock())
    check_role(roles)


def check_role(roles: frozenset[Role]) -> None:
    """For what not all who may call a route may do there: insist on one of `roles`.

    Raises:
        NotAllowedError: who is asking has another role.
    """
    if current_user().role not in roles:
        raise NotAllowedError


def bearer_token() -> str | None:
    """What the request carries as `Authorization: Bearer …`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def current_user() -> User:
    """Who is asking; only for routes that are not public."""
    user: User = g.user
    return user


def _refuse_nul() -> None:
    """SQLite keeps a NUL and PostgreSQL refuses it: neither gets to see one."""
    if "\0" in request.path or any("\0" in part for item in request.args.items(multi=True) for part in item):
        raise InvalidInputError("nulo_no_endereco")


def _bound_fields() -> None:
    """Hold a form that is one long line to what other forms may have: its parser knows neither ceiling."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return
    largest, most = request.max_form_memory_size, request.max_form_parts
    if largest is None or most is None:
        return
    request.max_content_length = min(request.max_content_length or largest, largest)
    body = request.get_data()
    # A body without a length is cut off at the limit without a word.
    is_cut_off = request.content_length is None and len(body) >= request.max_content_length
    if is_cut_off or body.count(b"&") >= most:
        raise RequestEntityTooLarge
