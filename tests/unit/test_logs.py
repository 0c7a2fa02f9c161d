"""Lines with ids, for people or machines, that quote no listener."""

import json
import logging
import sqlite3

import pytest
import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import IntegrityError

from alumusic.domain.errors import ProviderTroubleError, UnusableAnswerError
from alumusic.logs import about, configure_logs, harmless, said_by

CANARY = "canário-que-canta-42"


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_for_machines_has_a_time_a_level_and_the_ids_of_what_it_is_about(capsys):
    configure_logs("INFO", "json")
    with about(request="r-1", batch=7):
        structlog.get_logger("alumusic.x").info("kept", comments=["c-1"], nome="João")

    [line] = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "kept", "level": "info", "logger": "alumusic.x", "request": "r-1", "batch": "7", "comments": ["c-1"],
        "nome": "João",
    }  # fmt: skip


def test_lines_of_libraries_look_like_ours(capsys):
    configure_logs("INFO", "json")
    logging.getLogger("celery.worker").warning("lost %s of %d", "ring", 3)

    [line] = lines(capsys)
    assert (line["event"], line["level"], line["logger"]) == ("lost ring of 3", "warning", "celery.worker")


def test_what_is_below_the_level_is_not_written(capsys):
    configure_logs("WARNING", "json")
    structlog.get_logger("alumusic").info("no")
    logging.getLogger("alumusic").info("no")
    structlog.get_logger("alumusic").warning("yes")

    assert [line["event"] for line in lines(capsys)] == ["yes"]


def test_a_line_for_people_is_text(capsys):
    configure_logs("INFO", "text")
    structlog.get_logger("alumusic").info("kept", total=3)

    written = capsys.readouterr().err
    assert "kept" in written
    assert "total=3" in written
    assert not written.startswith("{")


def test_libraries_that_quote_requests_are_heard_from_warnings_on(capsys):
    configure_logs("DEBUG", "json")
    logging.getLogger("httpx").info("POST https://… %s", CANARY)
    logging.getLogger("openai._base_client").debug("body %s", CANARY)

    assert lines(capsys) == []


def integrity_error():
    cause = sqlite3.IntegrityError(f"CHECK constraint failed: {CANARY}")
    return IntegrityError("INSERT INTO comments", {"text": CANARY}, cause)


def validation_error():
    class Said(BaseModel):
        n: int

    try:
        Said(n=CANARY)
    except ValidationError as error:
        return error
    raise AssertionError


QUOTING = [
    integrity_error(),
    validation_error(),
    UnusableAnswerError("not JSON", answer=CANARY),
    ValueError(f"invalid literal: {CANARY}"),
    UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY),
    KeyError(CANARY),
    json.JSONDecodeError("Expecting value", CANARY, 0),
]


@pytest.mark.parametrize("error", QUOTING, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("form", ["json", "text"])
def test_an_error_that_quotes_a_comment_is_written_without_the_quote(error, form, capsys):
    configure_logs("INFO", form)

    def turn():
        raise RuntimeError("the turn failed") from error

    try:
        turn()
    except RuntimeError:
        structlog.get_logger("alumusic").exception("worker_turn_failed")
        logging.getLogger("alumusic").exception("and so says the library")

    written = capsys.readouterr().err
    assert CANARY not in written
    assert type(error).__name__ in written
    assert "the turn failed" in written
    assert "test_logs.py" in written


def test_an_error_with_a_reason_says_it():
    assert said_by(ProviderTroubleError("429")).endswith("ProviderTroubleError: 429")
    assert said_by(UnusableAnswerError("not JSON", answer=CANARY)).endswith("UnusableAnswerError: not JSON")


def test_a_chain_of_errors_has_an_end():
    first = RuntimeError("0")
    error = first
    for number in range(50):
        following = RuntimeError(str(number))
        following.__cause__ = error
        error = following

    assert harmless(error).count("RuntimeError") <= 6
