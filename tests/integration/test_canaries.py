"""A comment's text goes the whole way and reaches no line above DEBUG, whatever goes wrong on it (statement S15)."""

import io
import json
import logging

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from alumusic.domain.errors import UnusableAnswerError
from alumusic.domain.users import Role
from alumusic.logs import configure_logs
from tests.examples import worked
from tests.fakes import CRITICISM, FakeClassifier
from tests.house import GOOD_PASSWORD, bearer

CANARY = "canarinho-amarelo-cantou-no-refrão"


@pytest.fixture
def log():
    """What is logged meanwhile; logging belongs to the whole process, so that it is given back as it was."""
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs("INFO", "json", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_the_whole_way_of_a_comment_leaves_no_word_of_it_in_the_log(house, log):
    token = house.token_of(Role.CURATOR)
    sent = house.post("/api/comentarios", [{"texto": CANARY}, {"texto": f"{CANARY} outra vez"}], token=token)
    house.post("/api/comentarios", {"texto": CANARY, "data": CANARY}, token=token)
    house.get("/api/comentarios", token=token, query_string={"search": CANARY})
    house.get("/api/comentarios", token=token, query_string={"de": CANARY})
    house.get(f"/api/{CANARY}", token=token)
    house.client.post("/api/llm/analyze", data={"text": CANARY}, headers=bearer(token))
    worked(house.engine, FakeClassifier(UnusableAnswerError("not JSON", answer=CANARY)))
    house.later(seconds=500)
    worked(house.engine, FakeClassifier(CRITICISM), clock=house.clock)

    found = log.getvalue()
    assert sent.status_code == 202
    assert CANARY not in found
    assert CANARY.encode("unicode_escape").decode() not in found


def test_a_database_that_refuses_a_row_does_not_quote_it(house, log):
    statement = text("INSERT INTO audit (at, event, details) VALUES (NULL, :said, '{}')")
    with pytest.raises(DBAPIError) as refused, house.engine.begin() as db:
        db.execute(statement, {"said": CANARY[:60]})
    structlog.get_logger("alumusic").error("refused", exc_info=refused.value)

    found = log.getvalue()
    assert "IntegrityError" in found
    assert CANARY not in found


def test_passwords_and_tokens_reach_no_line(house, log):
    house.register("ana@exemplo.com")
    tokens = house.signed_in("ana@exemplo.com")
    house.get("/auth/me", token=tokens["access_token"])
    house.post("/auth/refresh", {"refresh_token": tokens["refresh_token"]})
    house.login("ana@exemplo.com", "errada errada errada")

    found = log.getvalue()
    assert not any(
        secret in found
        for secret in (GOOD_PASSWORD, "errada errada", tokens["access_token"], tokens["refresh_token"], "j" * 48)
    )


def test_each_request_has_a_line_with_the_id_that_its_answer_carries(house, log):
    answer = house.get("/api/comentarios", token=house.token_of(Role.READER))

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [line] = [line for line in lines if line["event"] == "request"]
    assert line["request"] == answer.headers["X-Request-Id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/comentarios", 200)
    assert line["user"] is not None


def test_a_batch_is_named_in_the_line_of_its_arrival(house, log):
    answer = house.post("/api/comentarios", {"texto": "adorei"}, token=house.token_of(Role.CURATOR))

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [line] = [line for line in lines if line["event"] == "batch_kept"]
    assert line["batch"] == answer.json["task_id"]
    assert line["request"] == answer.headers["X-Request-Id"]
    assert line["total"] == 1
