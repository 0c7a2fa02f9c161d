"""The first page's figures, on both databases: what is counted, against what, and that nobody counts rows for it."""

from datetime import date, timedelta
from uuid import uuid4

from alumusic.domain.comments import Category, Classification, NewComment
from alumusic.domain.users import Role
from alumusic.store.work import ClaimSizes, claim
from tests.examples import MONDAY_NOON, handed_in, worked
from tests.fakes import CRITICISM, PRAISE, FakeClassifier

SPAM = Classification(Category.SPAM, 0.9, ("refrao",))


def told(house, *texts, days_ago=0, artist=None):
    """Comments of a day, classified by their first letter."""
    written = MONDAY_NOON - timedelta(days=days_ago)
    handed_in(house.engine, *(NewComment(text, written_at=written, artist=artist) for text in texts))
    answers = {"c": CRITICISM, "e": PRAISE, "s": SPAM}
    worked(house.engine, FakeClassifier(lambda text: answers[text[0]]))


def overview(house, path="/api/visao-geral"):
    answer = house.get(path, token=house.token_of(Role.READER))
    assert answer.status_code == 200, answer.json
    return answer.json


def test_an_empty_house_says_so(house):
    found = overview(house)

    assert found["primeiro_dia"] is None
    assert found["hoje"]["total"] == found["semana"]["total"] == 0
    assert len(found["dias"]) == 28
    assert found["tags"] == found["em_alta"] == found["artistas"] == []
    assert found["historico_suficiente"] is False


def test_today_and_the_week_stand_beside_as_many_days_before(house):
    told(house, "c1", "c2", "e1")
    told(house, "c3", days_ago=1)
    told(house, "e2", "e3", days_ago=8)
    told(house, "e4", days_ago=14)

    found = overview(house)

    assert (found["hoje"]["total"], found["hoje"]["anterior"]) == (3, 1)
    assert found["hoje"]["por_categoria"]["CRÍTICA"] == 2
    assert (found["semana"]["total"], found["semana"]["anterior"]) == (4, 2)
    assert found["semana"]["por_categoria_anterior"]["ELOGIO"] == 2
    assert (found["semana"]["de"], found["semana"]["ate"]) == ("2026-11-17", "2026-11-23")
    assert found["dias"][-1] == {
        "dia": "2026-11-23",
        "por_categoria": {"ELOGIO": 1, "CRÍTICA": 2, "SUGESTÃO": 0, "DÚVIDA": 0, "SPAM": 0},
    }
    assert found["primeiro_dia"] == "2026-11-09"


def test_what_a_dead_worker_holds_counts_as_waiting(house):
    handed_in(house.engine, "a")
    with house.engine.begin() as db:
        claim(db, lease=uuid4(), sizes=ClaimSizes(first=1), lasts=timedelta(seconds=90), now=MONDAY_NOON)

    house.later(seconds=91)

    found = overview(house)["fila"]

    assert (found["pendentes"], found["processando"], found["mais_antigo_segundos"]) == (1, 0, 1)


def test_tags_of_spam_are_nobodys_subject(house):
    told(house, "c1", "s1", "s2")
    told(house, "c2", days_ago=7)

    assert [(tag["codigo"], tag["total"], tag["anterior"]) for tag in overview(house)["tags"]] == [("refrao", 1, 1)]


def test_artists_are_named_as_people_spell_them(house):
    told(house, "c1", "e1", artist="Luna Reis")
    told(house, "c2", artist="LUNA REIS")
    told(house, "e2", artist="Zé do Baião")

    assert overview(house)["artistas"] == [
        {"nome": "LUNA REIS", "total": 3, "criticas": 2},
        {"nome": "Zé do Baião", "total": 1, "criticas": 0},
    ]
    assert house.get(
        "/api/artistas", token=house.session_of(house.account("a@b.com", Role.READER)).access_token
    ).json == {"artistas": ["LUNA REIS", "Zé do Baião"]}


def test_what_rises_is_told_against_what_was_expected(house):
    for days_ago in range(1, 40):
        told(house, *(f"e{n}" for n in range(20)), "c1", days_ago=days_ago)
    told(house, *(f"c{n}" for n in range(15)), "e1")

    found = overview(house)

    assert found["historico_suficiente"] is True
    assert {"CRÍTICA"} == {rise["categoria"] for rise in found["em_alta"]}
    whole = next(rise for rise in found["em_alta"] if rise["codigo"] is None)
    assert (whole["total"], whole["dia"]) == (15, str(date(2026, 11, 23)))
    assert whole["esperado"] < 5


def test_the_queue_is_told_by_what_is_not_done(house):
    told(house, "c1", "e1")
    handed_in(house.engine, "espero", "espero também")
    house.later(seconds=90)

    queue = overview(house)["fila"]

    assert (queue["pendentes"], queue["processando"], queue["falhas"]) == (2, 0, 0)
    assert queue["mais_antigo_segundos"] == 90
    assert (queue["provedor"]["nome"], queue["provedor"]["estado"]) == ("local", "fechado")
