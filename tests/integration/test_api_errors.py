"""What goes wrong outside of a view, and what every answer carries."""

import io
import json
import logging
import sqlite3
from urllib.parse import urlencode

import pytest
from flask import Blueprint, request
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from alumusic.api.app import BLUEPRINTS, POLICY, create_app
from alumusic.api.guard import PUBLIC, allows
from alumusic.api.limits import Rate, RateLimits
from alumusic.api.state import services
from alumusic.bootstrap import Secrets
from alumusic.domain.errors import ConfigurationError
from alumusic.domain.users import Role
from alumusic.store.database import reading
from tests.house import CHEAP, House, RememberingPasswords, bearer, build_house

CANARY = "segredo-do-canario"


def odd_views():
    """Views that do what no view of ours should."""
    odd = Blueprint("odd", __name__, url_prefix="/odd")

    @odd.get("/bug")
    @allows(PUBLIC)
    def bug():
        raise ZeroDivisionError(CANARY)

    @odd.get("/busy")
    @allows(PUBLIC)
    def busy():
        cause = sqlite3.OperationalError("database is locked")
        cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise OperationalError(f"SELECT '{CANARY}'", {}, cause)

    @odd.get("/wrong-sql")
    @allows(PUBLIC)
    def wrong_sql():
        with reading(services().engine) as db:
            db.execute(text(f"SELECT '{CANARY}' FROM nowhere"))  # noqa: S608

    @odd.post("/form")
    @allows(PUBLIC, largest_body=None)
    def form():
        return {"fields": len(request.form), "files": len(request.files)}

    @odd.post("/echo")
    @allows(PUBLIC, largest_body=1_000)
    def echo():
        return {"read": request.get_json()}

    return odd


@pytest.fixture
def house(sqlite_engine, tmp_path) -> House:
    built = build_house(sqlite_engine, tmp_path, max_upload_megabytes=1)
    built.app = create_app(built.services, passwords=built.passwords, blueprints=[*BLUEPRINTS, odd_views()])
    built.client = built.app.test_client()
    return built


def assert_problem(answer, status, code):
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    assert answer.json.keys() >= {"type", "title", "status", "detail", "instance", "codigo", "erro"}
    assert (answer.json["status"], answer.json["codigo"]) == (status, code)
    assert answer.json["instance"] == f"urn:uuid:{answer.headers['X-Request-Id']}"


# --- our own faults ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/odd/bug", "/odd/wrong-sql"])
def test_a_bug_is_logged_whole_and_tells_the_asker_only_its_name(house, caplog, path):
    with caplog.at_level(logging.ERROR):
        answer = house.get(path)

    assert_problem(answer, 500, "erro_interno")
    assert CANARY not in answer.text
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text
    assert answer.headers["X-Request-Id"] in caplog.text
    assert CANARY in caplog.text


def test_a_busy_database_is_not_a_bug(house):
    answer = house.get("/odd/busy")

    assert_problem(answer, 503, "banco_indisponivel")
    assert answer.headers["Retry-After"] == "5"
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    "url",
    ["postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2", "sqlite:////nonexistent/folder/alumusic.db"],
)
def test_a_database_that_is_away_is_said_so(tmp_path, url):
    engine = create_engine(url)
    house = build_house(engine, tmp_path)

    answers = [house.login("ana@exemplo.com"), house.register("ana@exemplo.com"), house.get("/saude/pronto")]

    assert [answer.status_code for answer in answers] == [503] * 3
    assert {answer.headers["Retry-After"] for answer in answers} == {"5"}
    assert house.get("/saude").status_code == 200
    engine.dispose()


def test_a_query_that_takes_too_long_is_interrupted_and_said_so(postgres_engine, tmp_path):
    slow = Blueprint("slow", __name__)

    @slow.get("/slow")
    @allows(PUBLIC)
    def sleep():
        with reading(postgres_engine) as db:
            db.execute(text("SET LOCAL statement_timeout = 50"))
            db.execute(text("SELECT pg_sleep(5)"))

    app = create_app(build_house(postgres_engine, tmp_path).services, blueprints=[slow])

    assert_problem(app.test_client().get("/slow"), 503, "consulta_demorada")


# --- bodies that are no good -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"[" * 400 + b"]" * 400, "application/json", 400, "json_fundo"),
        (b'{"a": NaN}', "application/json", 400, "json_numero"),
        (rb'"\ud800"', "application/json", 400, "json_caractere"),
        (b'{"a": 1, "a": 2}', "application/json", 400, "json_repetido"),
        (b"1" * 900, "application/json", 400, "json_numero"),
        (b"\xef\xbb\xbf{}", "application/json", 400, "json_bom"),
        (b"\xe9", "application/json", 400, "json_charset"),
        ('"música"'.encode("latin-1"), "application/json; charset=latin-1", 400, "json_charset"),
        (b"", "application/json", 400, "json_vazio"),
        (b"{", "application/json", 400, "corpo_invalido"),
        (b"{}", "text/plain", 415, "tipo_nao_suportado"),
        (b"{}", "application/x-www-form-urlencoded", 415, "tipo_nao_suportado"),
        (b"{}", None, 415, "tipo_nao_suportado"),
        (b'"' + b"a" * 1_000 + b'"', "application/json", 413, "grande_demais"),
    ],
)
def test_a_body_that_is_no_good_is_told_why(house, body, content_type, status, code):
    assert_problem(house.client.post("/odd/echo", data=body, content_type=content_type), status, code)


def test_json_of_other_names_and_in_utf8_is_read(house):
    for content_type in ("application/json; charset=UTF-8", "application/vnd.api+json"):
        answer = house.client.post("/odd/echo", data='{"a": "música"}'.encode(), content_type=content_type)
        assert answer.json == {"read": {"a": "música"}}


def test_a_compressed_body_stays_shut(house):
    headers = {"Content-Encoding": "gzip"}

    answer = house.client.post("/odd/echo", data=b"\x1f\x8b", content_type="application/json", headers=headers)

    assert_problem(answer, 415, "codificacao_nao_suportada")


class Endless(io.RawIOBase):
    """A body that never ends and counts what was read of it."""

    def __init__(self):
        super().__init__()
        self.given = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        buffer[:] = b" " * len(buffer)
        self.given += len(buffer)
        return len(buffer)


def test_an_endless_body_without_a_length_is_cut_off(house):
    body = Endless()

    answer = house.client.post(
        "/odd/echo",
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input": body, "wsgi.input_terminated": True},
    )

    assert_problem(answer, 413, "grande_demais")
    assert body.given < 100_000


def test_a_declared_length_beyond_the_limit_is_refused_unread(house):
    body = Endless()

    answer = house.client.post(
        "/odd/form",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": str(1024 * 1024 + 1)},
    )

    assert_problem(answer, 413, "grande_demais")
    assert "1 MB" in answer.json["erro"]
    assert body.given == 0


TOO_MUCH = pytest.mark.parametrize(
    "fields", [[("campo", "x")] * 10_000, [("texto", "x" * 600_000)]], ids=["parts", "a large field"]
)
ONE_LINE = "application/x-www-form-urlencoded"


@TOO_MUCH
def test_a_form_with_too_much_in_it_is_refused(house, fields):
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    body = "".join([*parts, "--x--\r\n"]).encode()

    answer = house.client.post("/odd/form", data=body, content_type="multipart/form-data; boundary=x")

    assert_problem(answer, 413, "grande_demais")


@TOO_MUCH
@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "chunked"])
def test_a_form_in_one_line_may_have_no_more_in_it_than_another(house, fields, chunked):
    body = urlencode(fields).encode()
    told = {"CONTENT_LENGTH": str(len(body))}
    if chunked:
        told = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}

    answer = house.client.post(
        "/odd/form", content_type=ONE_LINE, environ_overrides={"wsgi.input": io.BytesIO(body), **told}
    )

    assert_problem(answer, 413, "grande_demais")


def test_of_a_form_in_one_line_that_is_too_long_nothing_is_read(house):
    body = Endless()

    answer = house.client.post(
        "/odd/form", content_type=ONE_LINE, environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": "500001"}
    )

    assert_problem(answer, 413, "grande_demais")
    assert "500000 bytes" in answer.json["erro"]
    assert body.given == 0


def test_a_small_form_in_one_line_is_read(house):
    answer = house.client.post("/odd/form", data={"text": "oi & tchau", "a": "x" * 5_000}, content_type=ONE_LINE)

    assert answer.json == {"fields": 2, "files": 0}


def test_a_nul_in_an_address_or_a_query_is_refused(house):
    token = house.token_of(Role.READER)

    assert_problem(house.get("/auth/me?a=%00", token=token), 400, "nulo_no_endereco")
    assert_problem(house.get("/auth/me?%00=a", token=token), 400, "nulo_no_endereco")
    assert_problem(house.get("/docs/%00"), 400, "nulo_no_endereco")


def test_broken_escapes_in_a_query_are_no_trouble(house):
    assert house.get("/saude?a=%ff%fe%zz&b=%ed%a0%80").status_code == 200


# --- what every answer carries ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/saude", "/saude/pronto", "/nada", "/auth/me", "/openapi.json", "/odd/bug"])
def test_every_answer_carries_the_headers_of_safety(house, path):
    headers = house.get(path).headers

    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers
    assert "Set-Cookie" not in headers


def test_accents_leave_as_they_are(house):
    assert "É preciso entrar" in house.get("/auth/me").get_data(as_text=True)
    assert "Administração" in house.get("/openapi.json").get_data(as_text=True)


def test_no_secret_is_in_any_answer(sqlite_engine, tmp_path):
    secrets = Secrets(secret_key="canario-app-" * 4, jwt_key=b"canario-jwt-" * 4)
    house = build_house(sqlite_engine, tmp_path, secrets=secrets)
    token = house.token_of(Role.ADMIN)

    for path in ("/saude", "/saude/pronto", "/openapi.json", "/auth/me", "/admin/users", "/nada"):
        assert "canario" not in house.get(path, token=token).text
    assert "canario" not in repr(house.app.extensions)


def test_a_short_key_keeps_the_application_from_starting(sqlite_engine, tmp_path):
    with pytest.raises(ConfigurationError) as refused:
        build_house(sqlite_engine, tmp_path, secrets=Secrets(secret_key="s" * 48, jwt_key=b"curta"))

    assert refused.value.code == "chave_curta"


# --- other origins -------------------------------------------------------------------------------------------


def preflight(house, origin):
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return house.client.options("/auth/login", headers=asked)


def test_only_the_origins_of_the_settings_are_answered(sqlite_engine, tmp_path):
    house = build_house(sqlite_engine, tmp_path, cors_origins="https://painel.exemplo.com, http://localhost:8501/")

    for origin in ("https://painel.exemplo.com", "http://localhost:8501"):
        answer = preflight(house, origin)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, origin)
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]
        assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
        got = house.client.get("/saude", headers={"Origin": origin})
        assert got.headers["Access-Control-Allow-Origin"] == origin
        assert "Access-Control-Allow-Credentials" not in got.headers

    for origin in ("https://mal.exemplo.com", "https://painel.exemplo.com.mal.com", "null", "*"):
        assert preflight(house, origin).status_code == 405
        got = house.client.get("/saude", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in got.headers
        assert "Origin" in got.headers["Vary"]


def test_without_that_setting_there_are_no_other_origins(house):
    assert preflight(house, "http://localhost:8501").status_code == 405


@pytest.mark.parametrize("setting", ["*", "https://", "painel.exemplo.com", "https://a.com/caminho", "null"])
def test_what_is_no_origin_keeps_the_application_from_starting(sqlite_engine, tmp_path, setting):
    with pytest.raises(ConfigurationError):
        build_house(sqlite_engine, tmp_path, cors_origins=setting)


# --- who asks too much, and from where -------------------------------------------------------------------------


def limited(house, **limits):
    app = create_app(house.services, passwords=RememberingPasswords(CHEAP), limits=RateLimits(**limits))
    return app.test_client()


def test_who_asks_too_much_is_told_to_wait(house):
    client = limited(house, address=Rate(per_second=0.1, burst=2))

    answers = [client.get("/saude") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "10"
    assert_problem(answers[2], 429, "muitos_pedidos")


def test_the_doors_in_have_a_lower_ceiling(house):
    client = limited(house, address_auth=Rate(per_second=0.1, burst=1))

    statuses = [client.post("/auth/refresh", json={"refresh_token": "x"}).status_code for _ in range(2)]

    assert statuses == [401, 429]
    assert client.post("/auth/register", json={"email": "a", "password": "b"}).status_code == 429
    assert client.get("/saude").status_code == 200


def test_one_user_asking_too_much_does_not_keep_another_out(house):
    client = limited(house, user=Rate(per_second=1, burst=1))
    ana, bia = bearer(house.token_of(Role.CURATOR)), bearer(house.token_of(Role.ADMIN))

    statuses = [client.get("/auth/me", headers=headers).status_code for headers in (ana, ana, bia)]

    assert statuses == [200, 429, 200]


def test_where_a_request_came_from_is_believed_only_of_our_own_proxies(sqlite_engine, tmp_path):
    forwarded = {"X-Forwarded-For": "203.0.113.9"}

    for proxies, statuses in ((0, [200, 429]), (1, [200, 200])):
        house = build_house(sqlite_engine, tmp_path, trusted_proxies=proxies)
        client = limited(house, address=Rate(per_second=0.1, burst=1))
        found = [client.get("/saude").status_code, client.get("/saude", headers=forwarded).status_code]
        assert found == statuses


def test_what_a_client_adds_before_our_proxy_is_not_believed(sqlite_engine, tmp_path):
    house = build_house(sqlite_engine, tmp_path, trusted_proxies=1)
    client = limited(house, address=Rate(per_second=0.1, burst=1))

    statuses = [
        client.get("/saude", headers={"X-Forwarded-For": f"{invented}, 203.0.113.9"}).status_code
        for invented in ("1.1.1.1", "2.2.2.2")
    ]

    assert statuses == [200, 429]


# --- being ready ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (60, 200), (61, 503)])
def test_ready_means_that_a_worker_was_seen_within_a_minute(engine, tmp_path, seconds, status):
    house = build_house(engine, tmp_path)
    with engine.begin() as db:
        statement = text("INSERT INTO workers (name, seen_at) VALUES ('w', :at)")
        at = house.clock.now if engine.dialect.name != "sqlite" else int(house.clock.now.timestamp() * 1_000_000)
        db.execute(statement, {"at": at})

    house.later(seconds=seconds)
    answer = house.get("/saude/pronto")

    assert answer.status_code == status
    assert json.loads(answer.data)["estado" if status == 200 else "codigo"] in {"pronto", "nao_pronto"}
