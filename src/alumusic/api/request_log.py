"""Writes a line for each request, and its id into every line that is written on the way."""

import time
from typing import Final

import structlog
from flask import Flask, Response, g, request

from alumusic.api.errors import request_id

log: Final = structlog.get_logger(__name__)

_QUIET: Final = frozenset({"health.get_health", "health.get_readiness", "metrics.get_metrics"})
"""What machines ask every few seconds: worth a line only when it goes wrong."""

_UNKNOWN: Final = "(no such address)"


def log_requests(app: Flask) -> None:
    """Let `app` write what it answers; never a query, which holds what people search for, nor a body."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        structlog.contextvars.bind_contextvars(request=str(request_id()))

    @app.after_request
    def write(response: Response) -> Response:
        milliseconds = round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None
        user = g.get("user")
        level = "debug" if request.endpoint in _QUIET and response.status_code < 400 else "info"  # noqa: PLR2004
        getattr(log, level)(
            "request",
            method=request.method[:20],
            # The rule, and not the path: a path may hold anything.
            route=request.url_rule.rule if request.url_rule else _UNKNOWN,
            status=response.status_code,
            milliseconds=milliseconds,
            user=user.id if user is not None else None,
            **{name: str(value) for name, value in (request.view_args or {}).items() if name.endswith("_id")},
        )
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        structlog.contextvars.unbind_contextvars("request")
