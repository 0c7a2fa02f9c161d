"""Notes in the log of security who was refused, and never so often that somebody could fill it."""

from collections.abc import Mapping
from typing import Final

import structlog
from flask import g, request

from alumusic.accounts.audit import Event, record
from alumusic.api.state import state
from alumusic.domain.errors import RequestError, TooManyRequestsError
from alumusic.store.database import hurried

log: Final = structlog.get_logger(__name__)

_EVENTS: Final[Mapping[int, Event]] = {
    403: Event.REFUSED,
    413: Event.UPLOAD_REJECTED,
    415: Event.UPLOAD_REJECTED,
    429: Event.RATE_EXCEEDED,
}
_NOTED_ALREADY: Final = frozenset({"senha_atual_errada", "muitas_tentativas"})
"""Guesses at passwords have lines of their own."""

_PATIENCE_SECONDS: Final = 1.0
"""How long a refusal waits to be noted: who was refused waits too."""


def note_refusal(error: RequestError, *, status: int) -> None:
    """Keep a line about this request if its `status` matters; a log that cannot be written changes no answer."""
    event = _EVENTS.get(status)
    if event is None or error.code in _NOTED_ALREADY:
        return
    try:
        _note(event, error.code)
    except TooManyRequestsError:
        return
    except Exception:
        log.exception("refusal_not_noted")


def _note(event: Event, code: str) -> None:
    kept, user, address = state(), g.get("user"), request.remote_addr or ""
    user_id, now = user.id if user is not None else None, kept.services.clock()
    kept.limits.check_note(user_id or address, event, now=now)
    # The rule, and not the path: a path may hold a name.
    route = f"{request.method[:20]} {request.url_rule.rule if request.url_rule else '?'}"
    engine = hurried(kept.services.engine, read_seconds=_PATIENCE_SECONDS, lock_seconds=_PATIENCE_SECONDS)
    with engine.begin() as db:
        record(db, event, now=now, user_id=user_id, subject=route, code=code, address=address)
