"""Lines for people or machines, with the ids that tell one request, batch or comment from another.

A comment's text is never logged above DEBUG. Errors like to quote what they choked on, so what is written of an error
is where it happened and what kind it is; its message only as far as it is known to hold no text of others.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

Format = Literal["auto", "text", "json"]

_LONGEST_MESSAGE: Final = 300

# Errors of these packages quote rows, parameters and input.
_TALKATIVE: Final = ("sqlalchemy", "psycopg", "sqlite3", "pydantic", "pydantic_core", "orjson", "json", "httpx")
_LONGEST_CHAIN: Final = 6


def configure_logs(level: str, form: Format = "auto", *, stream: TextIO | None = None) -> None:
    """Write everything, ours and the libraries', to `stream` (standard error) in one form from `level` on."""
    out = stream or sys.stderr
    as_json = form == "json" or (form == "auto" and not out.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _harmless_exceptions,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_form(as_json=as_json, colors=out.isatty()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _quieten(level)


def _form(*, as_json: bool, colors: bool) -> list[Processor]:
    if as_json:
        return [structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [structlog.dev.ConsoleRenderer(colors=colors)]


def _quieten(level: str) -> None:
    # What they say below WARNING is about each request to a provider or each tick, and may quote it.
    for name in ("httpx", "httpcore", "openai", "google_genai", "urllib3", "amqp", "kombu", "alembic"):
        logging.getLogger(name).setLevel(level if level in {"WARNING", "ERROR"} else "WARNING")


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Bind ids to every line that is written meanwhile in this thread."""
    with structlog.contextvars.bound_contextvars(**{name: str(value) for name, value in ids.items()}):
        yield


def _harmless_exceptions(_logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Turn an exception into text that quotes nobody; at DEBUG, where texts may be seen, as Python prints it."""
    given: Any = event.pop("exc_info", None)
    if not given:
        return event
    info = _exc_info(given)
    if info is None:
        return event
    if method == "debug":
        event["exception"] = "".join(traceback.format_exception(*info)).rstrip()
    else:
        event["exception"] = harmless(info[1])
    return event


def _exc_info(given: Any) -> ExcInfo | None:
    if isinstance(given, BaseException):
        return type(given), given, given.__traceback__
    if isinstance(given, tuple):
        return given if given[0] is not None else None
    found = sys.exc_info()
    return found if found[0] is not None else None


def harmless(error: BaseException) -> str:
    """Where `error` and its causes were raised, and what they say as far as it holds no text of others."""
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None and len(parts) < _LONGEST_CHAIN:
        frames = "".join(
            f"  {frame.filename}:{frame.lineno} in {frame.name}\n"
            for frame in traceback.extract_tb(current.__traceback__)
        )
        parts.append(frames + said_by(current))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\ncaused by\n".join(parts)


def said_by(error: BaseException) -> str:
    """The kind of an error and, where that is harmless, its message."""
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}"
    state = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    if kind.__module__.split(".")[0] in _TALKATIVE or isinstance(error, ValueError | UnicodeError | KeyError):
        return f"{name}: {state}" if state else name
    reason = getattr(error, "reason", None)
    message = reason if isinstance(reason, str) else str(error)
    return f"{name}: {message.splitlines()[0][:_LONGEST_MESSAGE]}" if message else name
