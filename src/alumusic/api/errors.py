"""Turns whatever goes wrong into a problem that says what to do and nothing about the inside."""

import logging
import sqlite3
from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid4

from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from alumusic.api.refusals import note_refusal
from alumusic.contract.problems import MEDIA_TYPE, Problem, problem, problem_of, sentence_of, whole_seconds
from alumusic.domain.errors import (
    NotFoundError,
    RequestError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
    UnsupportedFileError,
)

_log: Final = logging.getLogger(__name__)

RETRY_SECONDS: Final = 5.0
"""When to come back to a database that is away."""

_BUSY_SQLITE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_INTERRUPT,
    }
)
_QUERY_CANCELED: Final = "57014"
# SQLSTATE classes: connection, resources, operator intervention, lock not available, deadlock and serialization.
_AWAY_POSTGRESQL: Final = ("08", "53", "57", "55P03", "40", "58")

_HTTP_ERRORS: Final[Mapping[int, RequestError]] = {
    404: NotFoundError(),
    413: TooLargeError(),
    415: UnsupportedFileError("tipo_nao_suportado"),
}


def answer_errors(app: Flask) -> None:
    """Make every error of `app` a problem."""
    app.register_error_handler(RequestError, _answer_request_error)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(DBAPIError, _answer_database_error)
    app.register_error_handler(NoConnectionError, _answer_no_connection)
    app.register_error_handler(Exception, _answer_bug)


def request_id() -> UUID:
    """The name of this request, in its answer and in the logs."""
    if "request_id" not in g:
        g.request_id = uuid4()
    found: UUID = g.request_id
    return found


def _answer(found: Problem, headers: Mapping[str, str] | None = None) -> Response:
    return Response(found.to_json(), status=found.status, headers=headers, content_type=MEDIA_TYPE)


def _answer_request_error(error: RequestError) -> Response:
    found = problem_of(error, request_id=request_id())
    note_refusal(error, status=found.status)
    return _answer(found, _headers(error))


def _headers(error: RequestError) -> dict[str, str]:
    if isinstance(error, TooManyRequestsError | UnavailableError):
        return {"Retry-After": str(whole_seconds(error.retry_after_seconds))}
    return {"WWW-Authenticate": 'Bearer realm="alumusic"'} if error.code in _ASKS_FOR_TOKEN else {}


_ASKS_FOR_TOKEN: Final = frozenset({"nao_autenticado", "token_invalido", "token_vencido", "sessao_encerrada"})


def _answer_http_error(error: HTTPException) -> Response:
    """Answer what Flask and Werkzeug refuse: unknown addresses and methods, bodies that are too large."""
    if isinstance(error, MethodNotAllowed):
        return _answer_wrong_method(error)
    if isinstance(error, RequestEntityTooLarge):
        return _answer_request_error(TooLargeError(limit=_shown_limit()))
    known = _HTTP_ERRORS.get(error.code or 400)
    if known is not None:
        return _answer_request_error(known)
    status = error.code or 400
    refused = RequestError("http_erro")
    return _answer(
        problem(status, code=refused.code, sentence=sentence_of(refused), request_id=request_id()),
    )


def _answer_wrong_method(error: MethodNotAllowed) -> Response:
    allowed = ", ".join(sorted(error.valid_methods or ()))
    refused = RequestError("metodo_nao_permitido", method=request.method[:20], allowed=allowed)
    found = problem(405, code=refused.code, sentence=sentence_of(refused), request_id=request_id())
    return _answer(found, {"Allow": allowed})


def _shown_limit() -> str:
    limit = request.max_content_length
    if limit is not None and request.content_length is not None and request.content_length <= limit:
        # The whole is small enough: a field of the form was not.
        limit = request.max_form_memory_size
    if limit is None:
        return ""
    megabytes, rest = divmod(limit, 1024 * 1024)
    return f" ({megabytes} MB)" if megabytes and not rest else f" ({limit} bytes)"


def _answer_database_error(error: DBAPIError) -> Response:
    if not is_away(error):
        return _answer_bug(error)
    _log.warning("database away in request %s: %s", request_id(), type(error.orig).__name__)
    slow = _was_interrupted(error)
    code = "consulta_demorada" if slow else "banco_indisponivel"
    return _answer_request_error(UnavailableError(code, retry_after_seconds=RETRY_SECONDS))


def _was_interrupted(error: DBAPIError) -> bool:
    return _sqlite_code(error) == sqlite3.SQLITE_INTERRUPT or getattr(error.orig, "sqlstate", None) == _QUERY_CANCELED


def _sqlite_code(error: DBAPIError) -> int | None:
    number = getattr(error.orig, "sqlite_errorcode", None)
    return number & 0xFF if isinstance(number, int) else None


def _answer_no_connection(_error: NoConnectionError) -> Response:
    _log.warning("no free database connection for request %s", request_id())
    return _answer_request_error(UnavailableError("banco_indisponivel", retry_after_seconds=RETRY_SECONDS))


def is_away(error: DBAPIError) -> bool:
    """Whether the database is gone, full or busy for the moment, rather than asked something wrong."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _sqlite_code(error) in _BUSY_SQLITE
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_AWAY_POSTGRESQL)
    # Without a state no server was reached, or it went away in mid-sentence.
    return error.connection_invalidated or type(cause).__name__ == "OperationalError"


def _answer_bug(error: Exception) -> Response:
    """Our own fault: everything into the log, under a name that the asker can tell us, and nothing into the answer."""
    # The rule, and not the path: a path may hold a name.
    route = request.url_rule.rule if request.url_rule else "(no such address)"
    _log.error("request %s: %s %s failed", request_id(), request.method[:20], route, exc_info=error)
    refused = RequestError("erro_interno", instance=str(request_id()))
    return _answer(problem(500, code=refused.code, sentence=sentence_of(refused), request_id=request_id()))
