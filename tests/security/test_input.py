"""Fields that nobody may set, and letters that databases disagree about (S3, S4, S19)."""

import pytest
from sqlalchemy import select

from alumusic.contract import message
from alumusic.domain.comments import Status
from alumusic.domain.users import Role
from alumusic.store.database import reading
from alumusic.store.tables import comments

TEXT = "o som do show estava abafado"
PRIVILEGED = {
    "status": "CONCLUIDO", "categoria": "ELOGIO", "confianca": 1.0, "geracao": 99, "generation": 99, "usuario_id": 999,
    "user_id": 999, "lease": "x", "tentativas": -5, "attempts": -5, "seq": 1, "batch_id": "x", "papel": "admin",
    "revisado": True, "reviewed_at": "2020-01-01", "tags": ["refrao"],
}  # fmt: skip


def requests(base=message.Request):
    return [base, *(below for kind in base.__subclasses__() for below in requests(kind))]


def test_every_body_refuses_fields_that_nobody_knows_except_comments_which_keep_them():
    open_ones = {kind.__name__ for kind in requests() if kind.model_config.get("extra") != "forbid"}

    assert open_ones == {"NewCommentBody"}
    assert len(requests()) > 10


def test_fields_of_the_house_in_a_comment_are_metadata_and_change_nothing(house):
    client = house.client_of(Role.CURATOR)

    answer = client.post("/api/comentarios", json={"texto": TEXT, **PRIVILEGED})

    assert answer.status_code == 202
    with reading(house.engine) as db:
        row = db.execute(select(comments)).one()
    assert (row.status, row.generation, row.attempts, row.lease) == (Status.PENDING, 1, 0, None)
    assert (row.category, row.confidence, row.reviewed_at, row.origin, row.tags) == (None,) * 5
    assert row.user_id != 999
    assert set(row.extra) == set(PRIVILEGED)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/auth/me", {"fuso": None}),
        ("POST", "/admin/invites", {"papel": "leitor"}),
        ("PATCH", "/admin/users/1", {"papel": "leitor"}),
        ("POST", "/api/comentarios/reprocessar", {"filtros": {}, "simular": True}),
        ("POST", "/api/insights/perguntar", {"pergunta": "o que mudou?"}),
    ],
)
def test_a_field_too_many_is_refused_by_name(house, method, path, body):
    client = house.client_of(Role.ADMIN)

    answer = client.open(path, method=method, json={**body, "usuario_id": 1})

    assert answer.status_code == 400, answer.text
    assert [one["campo"] for one in answer.json["campos"]] == ["usuario_id"]


# --- letters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\0b", None),
        ("a\x01b", "ab"),
        ("a\x1b[31mb", "a[31mb"),
        ("a\x7fb", "ab"),
        ("a\x85b", "ab"),
        ("", None),
        (" \n\t ", None),
        ("\u200b\u2060", None),
        ("a" * 5_001, None),
        ("a" * 5_000, "a" * 5_000),
        ("👏🏽" * 2_500, "👏🏽" * 2_500),
        ("linha 1\r\nlinha 2\ttab", "linha 1\nlinha 2\ttab"),
        ("a\u202eb\u2066c", "a\u202eb\u2066c"),
        ("a\u200bb\ufeffc", "a\u200bb\ufeffc"),
        ("cora\u0063\u0327\u0061\u0303o", "coração"),
        ("  oi  ", "oi"),
        ("\ufdfd\ufffd", "\ufdfd\ufffd"),
    ],
)
def test_odd_letters_come_to_the_same_on_both_databases(house, sent, kept):
    client = house.client_of(Role.CURATOR)

    answer = client.post("/api/comentarios", json={"texto": sent})

    assert answer.status_code == (400 if kept is None else 202), answer.text
    with reading(house.engine) as db:
        assert db.scalars(select(comments.c.text)).all() == ([] if kept is None else [kept])


# --- what is somebody else's --------------------------------------------------------------------------------------


def test_a_machine_does_not_find_the_task_of_another(house):
    robot = house.client_of(Role.INGESTOR)
    house.account("outro@exemplo.com", Role.INGESTOR)
    other = house.app.test_client()
    token = house.signed_in("outro@exemplo.com")["access_token"]
    other.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    task = robot.post("/api/comentarios", json=[TEXT, ""]).json["task_id"]

    theirs, none = other.get(f"/api/tasks/{task}"), other.get("/api/tasks/00000000-0000-4000-8000-000000000000")

    assert robot.get(f"/api/tasks/{task}").json["rejeitados"] == 1
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert {**theirs.json, "instance": ""} == {**none.json, "instance": ""}


def test_one_persons_idempotency_key_says_nothing_about_anothers(house):
    first, second = house.client_of(Role.CURATOR), house.client_of(Role.INGESTOR)
    headers = {"Idempotency-Key": "a mesma"}

    one = first.post("/api/comentarios", json={"texto": TEXT}, headers=headers)
    two = second.post("/api/comentarios", json={"texto": "outra coisa"}, headers=headers)

    assert (one.status_code, two.status_code) == (202, 202)
    assert one.json["task_id"] != two.json["task_id"]
    assert "Idempotent-Replayed" not in two.headers
