"""Strings that mean something to a database, in every parameter, and questions that must not hang (S27, S28)."""

import ast
import re
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Blueprint
from sqlalchemy import create_engine, event, func, insert, select, text
from sqlalchemy.exc import OperationalError

import alumusic
from alumusic.api.app import BLUEPRINTS, create_app
from alumusic.api.errors import is_away
from alumusic.api.guard import PUBLIC, allows
from alumusic.api.openapi import openapi_document
from alumusic.api.state import services
from alumusic.domain.comments import NewComment
from alumusic.domain.users import Role
from alumusic.store.database import hurried, reading
from alumusic.store.tables import comments, metadata, workers
from tests.examples import MONDAY_NOON, handed_in, worked
from tests.fakes import FakeClassifier
from tests.house import build_house
from tests.integration.test_guard import CALLERS, path_of

SOURCE = Path(alumusic.__file__).parent
STRINGS = [
    "' OR '1'='1",
    "'; DROP TABLE comments; --",
    '" OR 1=1 --',
    "1) OR (1=1",
    "1 UNION SELECT password_hash FROM users",
    "' UNION SELECT email, password_hash, 3 FROM users --",
    "%' OR texto LIKE '%",
    "_%_%_%",
    "\\' OR 1=1 --",
    "*",
    '"',
    "a* OR b*",
    "NEAR(a b)",
    "text : amei",
    "a & | ! <-> (",
    "a:*B",
    "$$; SELECT pg_sleep(9); $$",
    "{{7*7}}${7*7}",
    "%s%d%n",
    ":name",
    "?",
    "/* */",
    "0x27",
    "－１＝１",
]


@pytest.fixture
def full(house):
    handed_in(house.engine, "amei", "odiei o som", "toca de novo")
    worked(house.engine, FakeClassifier())
    return house


def census(engine):
    """How many rows each table has, the log and the throttles apart."""
    with reading(engine) as db:
        return {
            table.name: db.scalar(select(func.count()).select_from(table))
            for table in metadata.sorted_tables
            if table.name not in {"audit", "throttles", "workers"}
        }


def reads(house):
    """Every address that only reads, as (path with {names}, names in the path, names in the query)."""
    document = openapi_document(house.app)
    for path, operations in document["paths"].items():
        if "get" in operations:
            found = operations["get"].get("parameters", [])
            places = {place: [one["name"] for one in found if one["in"] == place] for place in ("path", "query")}
            yield path, places["path"], places["query"]


def addresses_with(house, attack):
    """Every address that only reads, with `attack` in each of its places in turn."""
    for path, in_path, in_query in reads(house):
        said = quote(attack, safe="")
        if in_path:
            yield re.sub(r"\{[^}]+\}", lambda _, said=said: said, path)
        else:
            yield from (f"{path}?{name}={said}" for name in in_query)


def test_no_parameter_is_part_of_a_question_to_the_database(full):
    client = full.client_of(Role.ADMIN)
    before = census(full.engine)

    for attack in STRINGS:
        for address in addresses_with(full, attack):
            answer = client.get(address)
            assert answer.status_code < 500, (address, answer.text)
            assert "$argon2" not in answer.text
            assert "syntax" not in answer.text.lower()

    assert census(full.engine) == before


def test_what_comes_in_bodies_is_kept_as_words(full):
    client = full.client_of(Role.ADMIN)

    for attack in STRINGS:
        sent = client.post("/api/comentarios", json={"texto": attack, "autor": attack, "artista": attack, "x": attack})
        others = [
            client.post("/api/comentarios/reprocessar", json={"filtros": {"search": attack}, "simular": True}),
            client.post("/api/insights/perguntar", json={"pergunta": attack}),
            client.post("/auth/login", json={"email": attack, "password": attack}),
            client.post("/api/lancamentos", json={"artista": attack, "titulo": attack, "data": "2026-11-20"}),
        ]

        assert sent.status_code == 202, sent.text
        assert all(answer.status_code < 500 for answer in others)
        kept = client.get(f"/api/comentarios/{sent.json['ids_enfileirados'][0]}").json
        said = {kept["texto"], kept["autor"], kept["artista"], kept["metadados"]["x"]}
        assert said == {attack}

    with reading(full.engine) as db:
        assert db.scalar(select(func.count()).select_from(comments)) == 3 + len(STRINGS)


@pytest.mark.parametrize("attack", ["' OR 1=1", "seq; DROP TABLE users", "1,2", "recentes--"])
def test_an_order_or_a_tag_that_is_none_of_ours_is_refused(full, attack):
    client = full.client_of(Role.READER)

    for name in ("ordem", "tag", "status", "category", "motivo_de_falha", "format", "limit", "cursor"):
        assert client.get("/api/comentarios", query_string={name: attack}).status_code == 400, name


# --- in the source -------------------------------------------------------------------------------------------

MADE_HERE = {
    # Names of columns and question marks, from constants of the module.
    "store/incoming.py": 4,
    # PRAGMA with constants, and numbers of milliseconds.
    "store/database.py": 1,
    # Conditions of indexes, and statements filled with names of columns: constants of the module.
    "store/tables.py": 2,
    "store/work.py": 1,
}
"""How often SQL is put together from constants of ours; everything else is written out or built by SQLAlchemy."""

TAKES_SQL = {"text", "exec_driver_sql", "literal_column", "executescript"}


def is_written_out(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def sql_from_pieces(source):
    """The lines on which something that takes SQL is given anything but a string that is written out."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [*node.args[:1], *(word.value for word in node.keywords if word.arg in {"text", "statement"})]
        if called in TAKES_SQL and not all(map(is_written_out, given)):
            yield node.lineno


@pytest.mark.parametrize(
    "source",
    ["text(f'SELECT {x}')", "text('SELECT ' + x)", "text('SELECT %s' % x)", "text('SELECT {}'.format(x))",
     "q = f'SELECT {x}'; text(q)", "db.exec_driver_sql(q)", "sqlalchemy.text(q)", "text(text=q)", "text(*q)",
     "literal_column(names[0])"],
)  # fmt: skip
def test_a_question_from_pieces_is_found_however_it_is_put_together(source):
    assert list(sql_from_pieces(source)) == [1]


def test_no_question_is_put_together_from_pieces():
    found = {}
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        # The dashboard has no database, and a `text` of its own that shows words.
        if "migrations" not in name and not name.startswith("dashboard/"):
            found[name] = len(list(sql_from_pieces(path.read_text(encoding="utf-8"))))

    assert {name: n for name, n in found.items() if n} == MADE_HERE


def counts_its_way(source):
    """Whether something is asked to pass over rows, in SQL or through SQLAlchemy."""
    nodes = list(ast.walk(ast.parse(source)))
    said = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    called = {getattr(node.func, "attr", "") for node in nodes if isinstance(node, ast.Call)}
    return bool({"offset", "slice"} & called) or any(re.search(r"(?i)\boffset\b", one) for one in said)


@pytest.mark.parametrize(
    "source",
    [
        "q.offset(5)",
        "q.slice(5, 9)",
        "'LIMIT 5 OFFSET 5'",
        "'limit 5 offset :n'",
        "f'Offset {n}'",
        "'offset ' + str(n)",
    ],
)
def test_counting_is_found_however_it_is_written(source):
    assert counts_its_way(source)


def test_no_list_counts_its_way_past_what_was_shown():
    assert [path.name for path in SOURCE.rglob("*.py") if counts_its_way(path.read_text("utf-8"))] == []


# --- how much, and how long ------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", ["0", "-1", "501", "1e9", "99999999999999999999", "NaN", "１０"])
def test_a_page_has_a_largest_size(full, limit):
    client = full.client_of(Role.ADMIN)

    for path in ("/api/comentarios", "/admin/auditoria"):
        assert client.get(path, query_string={"limit": limit}).status_code == 400


def test_a_search_of_many_words_looks_for_the_first_ones(full):
    client = full.client_of(Role.READER)

    assert client.get("/api/comentarios", query_string={"search": "a " * 200}).status_code == 200
    assert client.get("/api/comentarios", query_string={"search": "a" * 501}).status_code == 400
    assert client.get("/api/comentarios", query_string={"status": ["PENDENTE"] * 11}).status_code == 400


SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(30)",
}


def test_a_question_that_takes_too_long_is_interrupted_on_both_databases(engine, tmp_path):
    slow = Blueprint("slow", __name__)

    @slow.get("/slow")
    @allows(PUBLIC)
    def endless():
        with reading(engine, at_most_seconds=0.1) as db:
            db.execute(text(SLOW[engine.dialect.name])).all()

    @slow.get("/after")
    @allows(PUBLIC)
    def after():
        with reading(engine) as db:
            return {"n": db.scalar(select(func.count()).select_from(comments))}

    app = create_app(build_house(engine, tmp_path).services, blueprints=[*BLUEPRINTS, slow])

    answer = app.test_client().get("/slow")

    assert (answer.status_code, answer.json["codigo"]) == (503, "consulta_demorada")
    assert answer.headers["Retry-After"] == "5"
    assert app.test_client().get("/after").json == {"n": 0}, "the connection is as good as before"


COUNTS_COMMENTS = {
    "/api/comentarios", "/api/visao-geral", "/api/revisao", "/api/fila", "/metrics", "/relatorio/semana",
}  # fmt: skip


def test_no_read_hangs_while_somebody_holds_the_comments(postgres_engine, tmp_path):
    house = build_house(postgres_engine, tmp_path, query_seconds=0.5)
    handed_in(postgres_engine, "amei")
    client = house.client_of(Role.ADMIN)
    # Where reads do hang, it is the one who holds the table that gives up in the end, and they answer 200.
    holder = create_engine(postgres_engine.url, connect_args={"options": "-c idle_in_transaction_session_timeout=20s"})

    with holder.connect() as db:
        db.execute(text("LOCK TABLE comments IN ACCESS EXCLUSIVE MODE"))
        answers = {
            route: client.get(path_of(route), headers={"Accept": "text/html"})
            for route in CALLERS
            if route.startswith("GET ")
        }
    holder.dispose()

    slow = {route for route, answer in answers.items() if answer.status_code == 503}
    assert {answers[route].headers["Retry-After"] for route in slow} == {"5"}
    assert {answer.status_code for route, answer in answers.items() if route not in slow} <= {200, 404}
    assert slow >= {f"GET {path}" for path in COUNTS_COMMENTS}
    assert {client.get(path).status_code for path in COUNTS_COMMENTS} == {200}, "well again when it is free"


def test_every_read_of_the_api_has_its_time_on_both_databases(engine, tmp_path):
    slow = Blueprint("slow", __name__)

    @slow.get("/slow")
    @allows(PUBLIC)
    def endless():
        with reading(services().engine) as db:
            db.execute(text(SLOW[engine.dialect.name])).all()

    house = build_house(engine, tmp_path, query_seconds=0.1)
    app = create_app(house.services, blueprints=[*BLUEPRINTS, slow])

    answer = app.test_client().get("/slow")

    assert (answer.status_code, answer.json["codigo"]) == (503, "consulta_demorada")


@contextmanager
def statements_of(engine):
    """What is asked of the database meanwhile."""
    asked = []

    def note(_db, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/api/comentarios?format=csv", "/admin/titulares/Caio"])
def test_a_download_may_take_longer_than_a_page(postgres_engine, tmp_path, path):
    house = build_house(postgres_engine, tmp_path)
    handed_in(postgres_engine, NewComment("amei", author="Caio"))
    client = house.client_of(Role.ADMIN)

    with statements_of(postgres_engine) as asked:
        assert client.get(path).status_code == 200

    noted = next(n for n, statement in enumerate(asked) if statement.startswith("INSERT INTO audit"))
    assert any("statement_timeout" in statement for statement in asked[:noted])
    assert not [statement for statement in asked[noted:] if "statement_timeout" in statement]


def test_a_write_does_not_wait_for_ever_for_another_one(engine):
    waiting = hurried(engine, read_seconds=5, lock_seconds=0.1)
    seen = {"name": "w", "seen_at": MONDAY_NOON}

    with engine.begin() as first:
        first.execute(insert(workers).values(seen))
        with pytest.raises(OperationalError) as refused, waiting.begin() as second:
            second.execute(insert(workers).values(seen))

    assert is_away(refused.value)
    with waiting.begin() as free:
        assert free.scalar(select(func.count()).select_from(workers)) == 1
