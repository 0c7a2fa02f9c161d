"""People see what waits and why, and may stop and start it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from alumusic.contract.queue import TROUBLE_SENTENCES
from alumusic.domain.providers import Entry, ProviderLimits, Spent, Trouble
from alumusic.domain.users import Role
from alumusic.store.database import reading
from alumusic.store.providers import enter, note_answer, note_trouble
from alumusic.store.tables import audit
from tests.examples import MONDAY_NOON, handed_in, worked
from tests.fakes import PRAISE, FakeClassifier
from tests.house import bearer, build_house

TODAY = MONDAY_NOON.date()


@pytest.fixture
def llm_house(engine, tmp_path):
    return build_house(
        engine, tmp_path, classifier="llm", google_api_key="AIza-canary", daily_budget_tokens=1000, llm_model="stub-1"
    )


def queue(house, role=Role.READER):
    answer = house.client_of(role).get("/api/fila")
    assert answer.status_code == 200, answer.json
    return answer.json


def test_the_queue_says_what_waits_and_for_how_long(llm_house):
    handed_in(llm_house.engine, "a", "b")
    worked(llm_house.engine, FakeClassifier(PRAISE))
    handed_in(llm_house.engine, "c", now=MONDAY_NOON - timedelta(seconds=90))

    found = queue(llm_house)

    assert found["mais_antigo_segundos"] == 90
    assert found["por_status"] == {"PENDENTE": 1, "PROCESSANDO": 0, "CONCLUIDO": 2, "FALHOU": 0}
    assert found["provedor"] == {
        "nome": "gemini",
        "modelo": "stub-1",
        "estado": "fechado",
        "aberto_ate": None,
        "motivo": None,
        "sem_resposta_desde": None,
        "gasto": {"dia": "2026-11-23", "tokens": 0, "limite_tokens": 1000, "custo_usd": 0.0},
    }


def test_an_open_breaker_has_a_sentence_for_a_person(llm_house):
    with llm_house.engine.begin() as db:
        limits = ProviderLimits(60)
        note_trouble(db, "gemini", Entry(), Trouble.KEY, limits=limits, retry_after=None, now=MONDAY_NOON, today=TODAY)

    provider = queue(llm_house)["provedor"]

    assert provider["estado"] == "aberto"
    assert provider["aberto_ate"] == "2026-11-23T15:05:00Z"
    assert provider["motivo"]["codigo"] == "CHAVE_RECUSADA"
    assert "GOOGLE_API_KEY" in provider["motivo"]["frase"]
    assert "AIza-canary" not in str(provider)


def test_a_spent_budget_is_a_reason(llm_house):
    with llm_house.engine.begin() as db:
        spent = Spent(1000, 2500)
        note_answer(db, "gemini", Entry(), spent=spent, unusable=False, now=MONDAY_NOON, today=TODAY)

    provider = queue(llm_house)["provedor"]

    assert provider["motivo"]["codigo"] == "ORCAMENTO"
    assert provider["gasto"] == {"dia": "2026-11-23", "tokens": 1000, "limite_tokens": 1000, "custo_usd": 0.0025}


def test_a_budget_too_small_for_the_next_call_is_a_reason_too(llm_house):
    limits = ProviderLimits(calls_per_minute=60, daily_tokens=1000)
    with llm_house.engine.begin() as db:
        enter(db, "gemini", limits=limits, estimate=1_001, now=MONDAY_NOON, today=TODAY)

    assert queue(llm_house)["provedor"]["motivo"]["codigo"] == "ORCAMENTO"


def test_an_admin_pauses_and_resumes_and_that_is_on_record(llm_house):
    admin = bearer(llm_house.token_of(Role.ADMIN))

    assert llm_house.client.post("/api/fila/pausar", headers=admin).json["provedor"]["estado"] == "pausado"
    assert llm_house.client.get("/api/fila", headers=admin).json["provedor"]["motivo"]["codigo"] == "PAUSADO"
    assert llm_house.client.post("/api/fila/retomar", headers=admin).json["provedor"]["estado"] == "fechado"

    assert llm_house.bell.rings == 1
    with reading(llm_house.engine) as db:
        events = [row.event for row in db.execute(select(audit).order_by(audit.c.id))]
    assert events[-2:] == ["work_pause", "work_resume"]


@pytest.mark.parametrize("role", [Role.READER, Role.CURATOR, Role.INGESTOR])
def test_nobody_else_may(llm_house, role):
    assert llm_house.client_of(role).post("/api/fila/pausar").status_code == 403


def test_the_local_model_can_be_stopped_too(engine, tmp_path):
    house = build_house(engine, tmp_path, classifier="local")
    admin = bearer(house.token_of(Role.ADMIN))
    handed_in(engine, "a")

    answer = house.client.post("/api/fila/pausar", headers=admin).json
    assert answer["provedor"]["nome"] == "local"
    assert worked(engine, FakeClassifier(PRAISE)).done == 0

    house.client.post("/api/fila/retomar", headers=admin)
    assert worked(engine, FakeClassifier(PRAISE)).done == 1


def test_every_trouble_has_a_sentence():
    assert set(TROUBLE_SENTENCES) == set(Trouble)
    assert all(sentence.endswith(".") for sentence in TROUBLE_SENTENCES.values())
