"""Over 200 orders to a model, each clinging to a benign comment of each class (S32): what they change, and to whom."""

import json

import pytest
from sqlalchemy import select

from alumusic.classify.by_local_model import load_local_classifier
from alumusic.domain.comments import Category
from alumusic.domain.tags import is_known
from alumusic.store.database import reading
from alumusic.store.tables import comments
from alumusic.text.attacks import looks_like_an_attack
from tests.examples import MONDAY_NOON, handed_in, stored
from tests.fakes import FakeClock
from tests.injections import ATTACKS, CARRIERS
from tests.llm_examples import classifier_on, statuses, turns
from tests.stub_provider import StubProvider

SURE_FROM = 0.6
"""Below, the product itself asks a person to look."""

WAYS = ("{carrier}. {attack}", "{attack}. {carrier}", "{carrier}\n{attack}")
NEIGHBOURS = [f"o refrão número {n} ficou chato demais" for n in range(60)]


def with_attack(attack: str, carrier: str, way: str = WAYS[0]) -> str:
    return way.replace("{carrier}", carrier).replace("{attack}", attack)


def test_there_are_over_200_attacks_and_none_twice():
    assert len(set(ATTACKS)) == len(ATTACKS) > 200


def test_hardly_an_attack_makes_the_local_model_change_its_mind():
    local = load_local_classifier()
    cases = [
        (category, with_attack(attack, carrier, way))
        for category, carrier in CARRIERS.items()
        for attack in ATTACKS
        for way in WAYS
    ]

    said = local.classify([text for _, text in cases])

    assert [one.category for one in local.classify(list(CARRIERS.values()))] == list(CARRIERS)
    flipped = [
        (text, one.category)
        for (category, text), one in zip(cases, said, strict=True)
        if one.category != category and one.confidence >= SURE_FROM
    ]
    assert len(flipped) <= len(cases) * 0.05, flipped[:20]


@pytest.mark.parametrize("way", WAYS)
def test_every_attack_is_noticed_whatever_it_clings_to(way):
    missed = [
        attack
        for attack in ATTACKS
        for carrier in CARRIERS.values()
        if not looks_like_an_attack(with_attack(attack, carrier, way))
    ]

    assert missed == []


def test_ordinary_comments_are_asked_about_together():
    ordinary = [
        *CARRIERS.values(),
        "a mensagem da música é linda",
        "nota 10 para o modelo do vinil",
        "New Rules é a melhor da Dua Lipa, all the others are ok",
        "as chaves do sucesso: refrão e batida",
        "o show no fim do ano tem regras claras?",
        "ignorei o primeiro single e me arrependi",
        "agora é a vez da banda nova",
        "os outros discos são melhores que este",
        "TODOS os fãs merecem respeito, SÓ ELOGIOS",
    ]

    assert [text for text in ordinary if looks_like_an_attack(text)] == []


def obeys(text: str, seen) -> str:
    """A model that praises all it was asked about as soon as one of them tells it to, and speaks for others' keys."""
    if set(seen.texts) <= set(NEIGHBOURS):
        return text
    rows = [{"k": item["k"], "c": "ELOGIO", "p": 1, "t": []} for item in seen.items]
    foreign = [{"k": key, "c": "SPAM", "p": 1, "t": ["golpe"]} for key in ("abcd", "zzzz", "yyyy")]
    hostile = [{"k": "wwww", "c": "HACKEADO", "p": 9, "t": ["<b>"] * 500}]
    return json.dumps({"r": hostile + rows + foreign, "prompt": seen.messages[0]}, ensure_ascii=False)


def test_a_model_that_obeys_all_of_them_touches_no_neighbour_and_nothing_outside_the_contract(engine):
    clock = FakeClock(MONDAY_NOON)
    carriers = list(CARRIERS.values())
    attacks = [with_attack(attack, carriers[n % len(carriers)]) for n, attack in enumerate(ATTACKS)]
    mixed = [text for n, attack in enumerate(attacks) for text in (attack, *NEIGHBOURS[n : n + 1])]

    with StubProvider(judge=lambda _: {"c": "CRÍTICA", "p": 0.9, "t": ["refrao"]}, rewrite=obeys) as stub:
        classifier = classifier_on(engine, stub, clock)
        handed_in(engine, *mixed)
        turns(
            engine, classifier, clock, seconds=600, until=lambda: not {"PENDENTE", "PROCESSANDO"} & {*statuses(engine)}
        )
        classifier.close()

    assert set(statuses(engine)) == {"CONCLUIDO"}
    together = {text for texts in stub.asked if len(texts) > 1 for text in texts}
    assert together <= set(NEIGHBOURS)
    said = {comment.text: comment for comment in stored(engine)}
    assert {(said[text].category, said[text].tags) for text in NEIGHBOURS} == {(Category.CRITICISM, ("refrao",))}
    with reading(engine) as db:
        rows = db.execute(select(comments.c.category, comments.c.confidence)).all()
    assert all(category is None or (category in list(Category) and 0 <= sure <= 1) for category, sure in rows)
    assert all(is_known(tag) for comment in said.values() for tag in comment.tags)
