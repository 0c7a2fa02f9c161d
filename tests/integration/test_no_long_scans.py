"""What pages and machines ask every few seconds never reads a table that grows with every comment from end to end."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, event

from alumusic.domain.users import Role
from alumusic.store.workers import seen
from tests.examples import handed_in, worked
from tests.fakes import CRITICISM, FakeClassifier
from tests.house import House, bearer, build_house

GROWING = ("comments", "classifications", "comment_tags", "batches", "batch_counts", "provider_calls", "audit_log")
"""Tables that have a row, or more, for each comment or call: a million of them one day."""

ASKED_OFTEN = (
    "/api/visao-geral", "/api/fila", "/api/tendencias", "/api/relatorio/semana", "/relatorio/semana", "/api/artistas",
    "/api/revisao", "/api/revisao/concordancia", "/api/lancamentos", "/api/tasks", "/api/tasks/{task}",
    "/api/comentarios",
    "/api/comentarios?search=refrao", "/api/comentarios/{comment}", "/admin/weekly_summary", "/admin/auditoria",
    "/admin/users", "/auth/me", "/metrics", "/saude", "/saude/pronto",
)  # fmt: skip


LATER = timedelta(minutes=2)
TOKEN = "h5Kq0yT3bVnW8sXcZ1mL6jRfD2gP9aEu"


@contextmanager
def plans(engine: Engine) -> Iterator[list[tuple[str, str]]]:
    """How SQLite goes about each question that is asked meanwhile, a line for each step."""
    asked: list[tuple[str, Any]] = []

    def note(_db: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            asked.append((statement, parameters[0] if many else parameters))

    steps: list[tuple[str, str]] = []
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield steps
    finally:
        event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as db:
        for statement, parameters in asked:
            found = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps.extend((row[3], statement) for row in found)


def reads_all(step: str) -> bool:
    """Whether a step goes through a whole growing table: a SCAN of rows, or a SEARCH that uses nothing."""
    return bool(
        re.match(rf"SCAN ({'|'.join(GROWING)})\b(?!.* USING )", step)
        or re.match(rf"SEARCH ({'|'.join(GROWING)})\b(?!.* USING )", step)
    )


@pytest.fixture(params=["as it comes", "of a million"])
def busy(request, sqlite_engine, tmp_path) -> House:
    """A house in use. Where SQLite knows that nearly all is done, it thinks less of what it could look up by status."""
    house = build_house(sqlite_engine, tmp_path, metrics_token=SecretStr(TOKEN))
    for batch in range(10):
        handed_in(sqlite_engine, *(f"um {batch} {n}" for n in range(10)))
    worked(sqlite_engine, FakeClassifier(CRITICISM))
    handed_in(sqlite_engine, "três")
    with sqlite_engine.begin() as db:
        seen(db, worker="w", now=house.clock() + LATER)
        if request.param == "of a million":
            believe_in_a_million(db)
    return house


def believe_in_a_million(db: Connection) -> None:
    """Let SQLite plan as if each table had as many rows as it has of a million comments."""
    db.exec_driver_sql("ANALYZE")
    for table, index, found in db.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1").all():
        # Rows in all, then how many share each prefix of the index: what is one of a kind stays so.
        grown = " ".join(str(int(n) * 10_000) if n not in {"0", "1"} else n for n in found.split())
        db.exec_driver_sql("UPDATE sqlite_stat1 SET stat = ? WHERE tbl = ? AND idx IS ?", (grown, table, index))
    db.exec_driver_sql("ANALYZE sqlite_schema")


@pytest.mark.parametrize("path", ASKED_OFTEN)
def test_no_question_reads_a_growing_table_from_end_to_end(busy, path):
    admin = busy.token_of(Role.ADMIN)
    listed = busy.get("/api/comentarios", token=admin).json["comentarios"][0]
    where = path.format(task=listed["task_id"], comment=listed["id"])
    # So that nothing that is kept for a while answers for the database.
    busy.clock.now += LATER

    with plans(busy.engine) as steps:
        answer = busy.client.get(where, headers=bearer(TOKEN if path == "/metrics" else admin))

    assert answer.status_code == 200, answer.text
    assert [(step, question) for step, question in steps if reads_all(step)] == []


@pytest.mark.parametrize(
    "filters",
    ["", "category=CRITICA", "category=CRITICA&category=ELOGIO&status=CONCLUIDO&de=2026-01-01", "tag=refrao",
     "artista=Luna", "category=CRITICA&ordem=confianca"],
)  # fmt: skip
def test_the_index_of_words_is_asked_once_and_first(busy, filters):
    admin = busy.token_of(Role.ADMIN)
    with plans(busy.engine) as steps:
        assert busy.get(f"/api/comentarios?search=um&{filters}", token=admin).status_code == 200

    asked = [question for _, question in steps if "MATCH" in question]
    assert asked
    for question in dict.fromkeys(asked):
        tables = [step.split()[1] for step, of in steps if of == question and re.match("SCAN|SEARCH", step)]
        assert tables.index("comments_fts") < tables.index("comments"), question


def test_nor_does_a_worker_s_turn(busy):
    with plans(busy.engine) as steps:
        tally = worked(busy.engine, FakeClassifier(CRITICISM))

    assert tally.done == 1
    assert [(step, question) for step, question in steps if reads_all(step)] == []
