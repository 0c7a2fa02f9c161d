"""Lets pages of the origins in the settings call the API from a browser; nobody else's."""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, request

from alumusic.domain.errors import ConfigurationError

_METHODS: Final = "GET, POST, PATCH, DELETE"
_ASKED: Final = "Authorization, Content-Type, Idempotency-Key"
_SHOWN: Final = "Location, Retry-After, X-Request-Id"
_LASTS_SECONDS: Final = "600"


def allow_origins(app: Flask, setting: str) -> None:
    """Answer browsers that ask for the origins of `setting`, which are separated by commas.

    Raises:
        ConfigurationError: one of them is not an origin; `*` is none.
    """
    origins = frozenset(origin for part in setting.split(",") if (origin := part.strip().rstrip("/")))
    for origin in origins:
        _check_origin(origin)
    if not origins:
        return

    @app.before_request
    def answer_preflight() -> Response | None:
        is_preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        return Response(status=204) if is_preflight and request.headers.get("Origin") in origins else None

    @app.after_request
    def allow(response: Response) -> Response:
        response.headers.add("Vary", "Origin")
        origin = request.headers.get("Origin")
        if origin in origins:
            # Never with credentials: tokens travel in a header, and no cookie means anything here.
            response.headers["Access-Control-Allow-Origin"] = str(origin)
            response.headers["Access-Control-Expose-Headers"] = _SHOWN
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if origin in origins and request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = _METHODS
            response.headers["Access-Control-Allow-Headers"] = _ASKED
            response.headers["Access-Control-Max-Age"] = _LASTS_SECONDS
        return response


def _check_origin(origin: str) -> None:
    parts = urlsplit(origin)
    if parts.scheme not in {"http", "https"} or not parts.netloc or f"{parts.scheme}://{parts.netloc}" != origin:
        raise ConfigurationError(
            "cors", f"ALUMUSIC_CORS_ORIGINS: {origin!r} is not an origin such as https://painel.exemplo.com.br"
        )
