"""The log of security: what is in it, what is not, and that it only grows (S36)."""

import ast
import re
from datetime import UTC
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine

import alumusic
from alumusic.accounts.audit import Event, record
from alumusic.api.app import create_app
from alumusic.api.limits import Rate, RateLimits
from alumusic.bootstrap import note_who_classifies
from alumusic.domain.comments import NewComment
from alumusic.domain.users import Role
from alumusic.settings import Settings
from alumusic.store.audit import list_entries
from alumusic.store.database import reading
from tests.examples import handed_in, worked
from tests.fakes import FakeClassifier
from tests.house import GOOD_PASSWORD, bearer, build_house

SOURCE = Path(alumusic.__file__).parent
KEY = "chave-de-um-provedor-que-ninguem-deve-ver"
HERE = Settings(_env_file=None, classifier="local", google_api_key=None, llm_api_key=None)
ELSEWHERE = HERE.model_copy(update={"classifier": "llm", "google_api_key": SecretStr(KEY)})
OTHER_MODEL = ELSEWHERE.model_copy(update={"llm_model": "gemini-9"})
OTHER_HOST = OTHER_MODEL.model_copy(update={"llm_base_url": "http://127.0.0.1:9", "llm_local": True})
TEXT = "o som do show estava abafado"
NEW_PASSWORD = "outra senha bem diferente"


def entries(house):
    with reading(house.engine) as db:
        return list(reversed(list_entries(db, limit=1_000)))


def impatient(house):
    """A client of an application over the same house that takes one request and no more."""
    limits = RateLimits(address=Rate(per_second=0.1, burst=1))
    return create_app(house.services, passwords=house.passwords, limits=limits).test_client()


def everything_that_matters(house):
    """Do each thing that the log must tell about, once."""
    house.register("bia@exemplo.com")
    house.login("bia@exemplo.com", "errada")
    bia = house.signed_in("bia@exemplo.com")
    token = bia["access_token"]
    invite = house.post("/admin/invites", {"papel": "leitor"}, token=token).json["convite"]
    user_id = house.register("caio@exemplo.com", convite=invite).json["id"]
    for change in ({"papel": "curador"}, {"desativado": True}, {"desativado": False}):
        assert house.patch(f"/admin/users/{user_id}", change, token=token).status_code == 200
    receipt = handed_in(house.engine, NewComment(TEXT, author="Caio"), NewComment("amei", author="Ana"))
    worked(house.engine, FakeClassifier())
    first, second = receipt.accepted_ids
    assert house.patch(f"/api/comentarios/{first}", {"categoria": "ELOGIO"}, token=token).status_code == 200
    assert house.post(f"/api/revisao/{second}", {"confirmar": True}, token=token).status_code == 200
    assert house.post("/api/comentarios/reprocessar", {"filtros": {}}, token=token).status_code == 202
    assert house.get("/api/comentarios?format=csv", token=token).status_code == 200
    assert house.get("/admin/titulares/Caio", token=token).status_code == 200
    assert house.client.delete("/admin/titulares/Caio", headers=bearer(token)).status_code == 200
    assert house.client.delete(f"/api/comentarios/{second}", headers=bearer(token)).status_code == 204
    for path in ("/api/fila/pausar", "/api/fila/retomar"):
        assert house.post(path, token=token).status_code == 200
    renewed = house.post("/auth/refresh", {"refresh_token": bia["refresh_token"]}).json
    assert house.post("/auth/refresh", {"refresh_token": bia["refresh_token"]}).status_code == 401
    bia = house.signed_in("bia@exemplo.com")
    change = {"senha_atual": GOOD_PASSWORD, "senha_nova": NEW_PASSWORD}
    wrong = {"senha_atual": "nada disso", "senha_nova": NEW_PASSWORD}
    assert house.post("/auth/password", wrong, token=bia["access_token"]).status_code == 403
    after = house.post("/auth/password", change, token=bia["access_token"]).json
    assert house.post("/auth/logout", {"refresh_token": after["refresh_token"]}).status_code == 204
    for _ in range(7):
        house.login("bia@exemplo.com", "errada")
    reader = house.client_of(Role.READER)
    assert reader.get("/admin/users").status_code == 403
    assert reader.post("/api/insights/perguntar", data="x").status_code == 415
    assert [address.get("/saude").status_code for address in [impatient(house)] * 2] == [200, 429]
    note_who_classifies(ELSEWHERE, house.engine, now=house.clock())
    return [KEY, invite, bia["access_token"], bia["refresh_token"], renewed["refresh_token"], after["access_token"]]


def test_everything_that_matters_is_in_the_log_by_its_name(house):
    everything_that_matters(house)

    assert {entry.event for entry in entries(house)} == set(Event)


@pytest.fixture
def reader(house):
    return house.client_of(Role.READER)


def lines_about(house, event):
    return [entry for entry in entries(house) if entry.event == event]


def test_who_may_not_do_something_is_named_with_what_it_was(house, reader):
    reader.delete("/admin/titulares/Caio")

    assert [(line.user_id, line.subject, line.details) for line in lines_about(house, Event.REFUSED)] == [
        (1, "DELETE /admin/titulares/<path:author>", {"code": "nao_permitido", "address": "127.0.0.1"})
    ]


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"x" * 2_000_000, "application/json", "grande_demais"),
        (b"a=" + b"x" * 600_000, "application/x-www-form-urlencoded", "grande_demais"),
        (b"x", "text/plain", "tipo_nao_suportado"),
    ],
)
def test_a_body_that_is_refused_is_noted(house, reader, body, kind, code):
    reader.post("/api/insights/perguntar", data=body, content_type=kind)

    assert [line.details["code"] for line in lines_about(house, Event.UPLOAD_REJECTED)] == [code]


def test_nobody_fills_the_log_by_being_refused(house, reader):
    for _ in range(50):
        reader.get("/admin/users")
        reader.get("/admin/auditoria")
    assert len(lines_about(house, Event.REFUSED)) == 1

    house.later(seconds=60)
    reader.get("/admin/users")
    assert len(lines_about(house, Event.REFUSED)) == 2


def test_nor_do_many_of_them_together(house):
    for number in range(300):
        address = {"REMOTE_ADDR": f"10.0.{number // 250}.{number % 250}"}
        house.client.post("/auth/login", data="x", environ_overrides=address)

    assert len(lines_about(house, Event.UPLOAD_REJECTED)) == 100


def test_a_log_that_cannot_be_written_changes_no_answer(sqlite_engine, tmp_path):
    away = build_house(create_engine("sqlite:////nonexistent/folder/alumusic.db"), tmp_path)

    assert away.client.post("/auth/login", data="x").status_code == 415


def test_another_provider_model_or_host_is_noted_once_and_never_the_key(house):
    for settings in (HERE, ELSEWHERE, ELSEWHERE, OTHER_MODEL, OTHER_HOST, HERE, HERE):
        note_who_classifies(settings, house.engine, now=house.clock())

    google = "generativelanguage.googleapis.com"
    assert [line.details for line in lines_about(house, Event.PROVIDER_CHANGED)] == [
        {"provider": "gemini", "model": "gemini-3.1-flash-lite", "host": google},
        {"provider": "gemini", "model": "gemini-9", "host": google},
        {"provider": "gemini", "model": "gemini-9", "host": "127.0.0.1"},
        {"provider": "local", "model": None, "host": None},
    ]
    assert KEY not in str(entries(house))


def test_the_log_holds_no_content_and_no_secret(house):
    secrets = everything_that_matters(house)

    said = str(entries(house))
    assert not [secret for secret in [*secrets, GOOD_PASSWORD, NEW_PASSWORD] if secret in said]
    assert "$argon2" not in said
    assert "abafado" not in said
    assert "amei" not in said
    assert "Caio'" not in said


def test_times_are_in_utc(house):
    house.register("bia@exemplo.com")

    assert {entry.at.tzinfo for entry in entries(house)} == {UTC}


@pytest.mark.parametrize(
    "forged", ["a\r\n2026 authn_login_success admin", "\x1b[2J\x1b[31m", "a\u202eb", "\u2028", "a\0b"]
)
def test_nobody_can_forge_a_line_or_paint_a_terminal(house, forged):
    with house.engine.begin() as db:
        record(db, Event.DELETED, now=house.clock(), subject=forged, name=forged)
    house.login(forged, "x")

    found = entries(house)
    assert found
    for entry in found:
        assert entry.subject is None or entry.subject.isprintable()
        assert all(str(value).isprintable() for value in entry.details.values())


CHANGES = {"update", "delete", "insert"}


def table_of(call):
    """What a call changes: the name of a table in `delete(t)`, `t.delete()`, `tables.t.delete()`; None for others."""
    if isinstance(call.func, ast.Name) or call.args:
        changed = call.args[0] if call.args else None
    else:
        changed = call.func.value if isinstance(call.func, ast.Attribute) else None
    return getattr(changed, "id", getattr(changed, "attr", None))


def changes_to(table, source):
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if called in CHANGES and table_of(node) == table:
            yield called


@pytest.mark.parametrize(
    "source",
    ["delete(audit)", "audit.delete()", "tables.audit.delete()", "sqlalchemy.delete(audit)", "delete(tables.audit)",
     "audit.delete().where(audit.c.id == 1)", "postgresql.delete(audit)", "db.execute(audit.delete())"],
)  # fmt: skip
def test_a_change_is_found_however_it_is_written(source):
    assert list(changes_to("audit", source)) == ["delete"]


def test_lines_are_only_ever_added_and_forgotten_when_their_time_is_over():
    sources = {path.relative_to(SOURCE).as_posix(): path.read_text("utf-8") for path in SOURCE.rglob("*.py")}
    changes = [(name, change) for name, source in sources.items() for change in changes_to("audit", source)]
    written_out = [
        name
        for name, source in sources.items()
        if re.search(r"(?i)\b(?:update|delete\s+from|truncate(?:\s+table)?|insert\s+into)\s+audit\b", source)
    ]

    assert sorted(changes) == [("store/audit.py", "insert"), ("store/housekeeping.py", "delete")]
    assert written_out == []


# --- read by admins ----------------------------------------------------------------------------------------------


def test_admins_read_it_page_by_page_without_gaps(house):
    client = house.client_of(Role.ADMIN)
    with house.engine.begin() as db:
        for number in range(7):
            record(db, Event.EXPORTED, now=house.clock(), user_id=1, subject=str(number), form="csv")

    found, before = [], ""
    while True:
        page = client.get(f"/admin/auditoria?limit=3{before}").json
        found += page["eventos"]
        if page["proximo_antes"] is None:
            break
        before = f"&antes={page['proximo_antes']}"

    assert [line["sobre"] for line in found] == ["6", "5", "4", "3", "2", "1", "0"]
    assert found[0] == {
        "id": 7,
        "em": "2026-11-23T15:00:00Z",
        "evento": "sensitive_export",
        "por": "admin@exemplo.com",
        "sobre": "6",
        "detalhes": {"form": "csv"},
    }


def test_one_kind_of_event_can_be_asked_for(house):
    client = house.client_of(Role.ADMIN)
    house.login("bia@exemplo.com", "errada")
    client.get("/api/comentarios?format=json")

    page = client.get("/admin/auditoria?evento=sensitive_export").json

    assert [line["evento"] for line in page["eventos"]] == ["sensitive_export"]
    assert client.get("/admin/auditoria?antes=0").status_code == 400
