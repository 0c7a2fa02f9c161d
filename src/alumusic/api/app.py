"""Puts the API together: one Flask application from the services it is given."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Flask, Request, Response, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from alumusic.accounts.passwords import Passwords
from alumusic.accounts.tokens import SHORTEST_KEY, TokenKeys
from alumusic.api import (
    admin,
    audit,
    auth,
    comments,
    configuration,
    docs,
    files,
    health,
    metrics,
    overview,
    questions,
    queue,
    releases,
    report,
    review,
    subjects,
    summaries,
    tasks,
    taxonomy,
    trends,
)
from alumusic.api.cors import allow_origins
from alumusic.api.errors import answer_errors, request_id
from alumusic.api.guard import guard
from alumusic.api.limits import RateLimits
from alumusic.api.request_log import log_requests
from alumusic.api.state import State, attach
from alumusic.api.strict_json import read_json
from alumusic.bootstrap import Secrets, Services
from alumusic.domain.errors import ConfigurationError, InvalidInputError, UnsupportedFileError
from alumusic.store.database import hurried

BLUEPRINTS: Final[Sequence[Blueprint]] = (
    health.blueprint,
    metrics.blueprint,
    docs.blueprint,
    auth.blueprint,
    admin.blueprint,
    audit.blueprint,
    subjects.blueprint,
    comments.blueprint,
    files.blueprint,
    tasks.blueprint,
    taxonomy.blueprint,
    overview.blueprint,
    configuration.blueprint,
    report.blueprint,
    releases.blueprint,
    summaries.blueprint,
    questions.blueprint,
    review.blueprint,
    trends.blueprint,
    queue.blueprint,
)
"""Every part of the API; a new one is a line here, and says for each of its routes who may call it."""

POLICY: Final = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}

_MOST_FORM_PARTS: Final = 20
_LARGEST_FORM_FIELD: Final = 500_000
"""Bytes that all the text fields of a form may have together; files are counted by the body's limit."""


class StrictRequest(Request):
    """A request whose JSON is read strictly, whoever reads it."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # noqa: ARG002, FBT001, FBT002
        """The JSON body, or an error that says what is wrong with it; never silently nothing."""
        if not self.is_json:
            raise UnsupportedFileError("tipo_nao_suportado")
        if self.mimetype_params.get("charset", "utf-8").lower() not in {"utf-8", "utf8", "us-ascii"}:
            raise InvalidInputError("json_charset")
        body = self.get_data(cache=cache)
        limit = self.max_content_length
        if self.content_length is None and limit is not None and len(body) >= limit:
            # A body without a length is cut off at the limit without a word.
            raise RequestEntityTooLarge
        return read_json(body)


def create_app(
    services: Services,
    *,
    passwords: Passwords | None = None,
    limits: RateLimits | None = None,
    blueprints: Sequence[Blueprint] = BLUEPRINTS,
) -> Flask:
    """The API over `services`. `passwords` and `limits` are for tests that want cheaper or lower ones.

    Raises:
        LookupError: a route does not say who may call it.
        ConfigurationError: the settings would open it to everybody.
    """
    # No static folder: every file that is served has a route, and the guard knows all routes.
    app = Flask("alumusic.api", static_folder=None)
    _configure(app, services)
    keys = _token_keys(services.secrets)
    # Nobody's request may hold a thread for ever; who works without anybody waiting has all the time in the world.
    engine = hurried(services.engine, read_seconds=services.settings.query_seconds)
    attach(app, State(replace(services, engine=engine), passwords or Passwords(), keys, limits or RateLimits()))
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    answer_errors(app)
    log_requests(app)
    app.before_request(_refuse_compressed)
    allow_origins(app, services.settings.cors_origins)
    guard(app)
    app.after_request(_add_headers)
    if services.settings.trusted_proxies:
        count = services.settings.trusted_proxies
        # Only who stands in front of us may say where a request came from; else anybody could.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _token_keys(secrets: Secrets) -> TokenKeys:
    keys = TokenKeys(secrets.jwt_key, secrets.jwt_previous_key)
    if any(len(key) < SHORTEST_KEY for key in keys.by_name().values()):
        raise ConfigurationError(
            "chave_curta", f"JWT_SECRET_KEY needs {SHORTEST_KEY} bytes; leave it out to have one made"
        )
    return keys


def _configure(app: Flask, services: Services) -> None:
    app.request_class = StrictRequest
    app.config["SECRET_KEY"] = services.secrets.secret_key
    app.config["MAX_CONTENT_LENGTH"] = services.settings.max_upload_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = _LARGEST_FORM_FIELD
    app.config["MAX_FORM_PARTS"] = _MOST_FORM_PARTS
    # Each method that a route answers is declared; OPTIONS is answered for the origins of the settings alone.
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # A redirect would answer, for an address that is none, whether a route is near.
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]


def _refuse_compressed() -> None:
    """Nobody here unpacks: a bomb stays shut."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedFileError("codificacao_nao_suportada")


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = str(request_id())
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
