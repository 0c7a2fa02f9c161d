"""The house answers what it is sure of; a language model the rest; nobody waits for ever."""

import pytest
from sqlalchemy import select

from alumusic.bootstrap import worker_terms
from alumusic.classify.assemble import build_cascade
from alumusic.domain.comments import Category, Classification, Origin, Status
from alumusic.query.comments import history
from alumusic.query.progress import progress
from alumusic.store.database import reading
from alumusic.store.providers import pause
from alumusic.store.tables import comments
from tests.examples import MONDAY_NOON, handed_in, stored
from tests.fakes import FakeClassifier, FakeClock
from tests.llm_examples import a_turn, counters, llm_settings, provider, statuses, turns
from tests.stub_provider import StubProvider


def house_says(text: str) -> Classification:
    if "acho" in text:
        return Classification(Category.QUESTION, 0.4)
    return Classification(Category.CRITICISM, 0.93, ("refrao",))


@pytest.fixture
def stub():
    with StubProvider() as running:
        yield running


@pytest.fixture
def clock():
    return FakeClock(MONDAY_NOON)


@pytest.fixture
def house():
    return FakeClassifier(house_says)


@pytest.fixture
def cascade(engine, stub, clock, house):
    settings = llm_settings(stub, classifier="cascade", cascade_sure_from=0.8, cascade_patience_seconds=300)
    made = build_cascade(settings, local=house, engine=engine, clock=clock)
    yield made
    made.close()


def who(engine) -> list[tuple[Origin | None, Category | None]]:
    return [(comment.origin, comment.category) for comment in stored(engine)]


def provisional(engine) -> list[bool]:
    with reading(engine) as db:
        return list(db.scalars(select(comments.c.provisional).order_by(comments.c.seq)))


def test_only_what_the_house_is_not_sure_of_is_asked_about(engine, stub, clock, cascade):
    handed_in(engine, "refrão chato", "acho que sim", "voz fraca", "acho que não")
    a_turn(engine, cascade, clock)

    assert stub.asked == [["acho que sim", "acho que não"]]
    assert who(engine) == [
        (Origin.LOCAL, Category.CRITICISM),
        (Origin.LLM, Category.PRAISE),
        (Origin.LOCAL, Category.CRITICISM),
        (Origin.LLM, Category.PRAISE),
    ]


@pytest.mark.parametrize("asked", [None, 10])
def test_so_many_are_claimed_at_once_that_what_the_house_leaves_fills_one_question(stub, clock, house, asked):
    settings = llm_settings(stub, classifier="cascade", batch_size=asked)
    made = build_cascade(settings, local=house, clock=clock)

    assert worker_terms(settings, made).sizes.first == 4 * (asked or 30)
    made.close()


def test_the_history_says_who_answered(engine, stub, clock, cascade):
    receipt = handed_in(engine, "refrão chato", "acho que sim")
    a_turn(engine, cascade, clock)

    with reading(engine) as db:
        sure, unsure = (history(db, comment_id)[0] for comment_id in receipt.accepted_ids)
    assert (sure.model, sure.prompt_version) == ("fake-1", None)
    assert (unsure.model, unsure.prompt_version) == ("stub-1", cascade.prompt_version)


def test_a_claim_is_large_enough_to_fill_a_question(engine, stub, clock, cascade):
    handed_in(engine, *(f"{'acho' if n % 4 == 0 else 'sei'} {n}" for n in range(240)))
    a_turn(engine, cascade, clock)

    assert set(statuses(engine)) == {"CONCLUIDO"}
    assert len(stub.questions) < 8 + 240 // 30 // 2


def test_while_the_provider_is_away_the_house_still_answers_what_it_is_sure_of(engine, stub, clock, cascade):
    stub.script.always = "503"
    handed_in(engine, *(f"{'acho' if n % 2 else 'sei'} {n}" for n in range(20)))

    turns(engine, cascade, clock, seconds=60)

    assert statuses(engine) == ["CONCLUIDO", "PENDENTE"] * 10
    assert {attempts for attempts, _ in counters(engine)} == {0}


def test_away_for_long_the_house_answers_for_it_provisionally(engine, stub, clock, cascade):
    stub.script.always = "503"
    handed_in(engine, "acho que sim", "refrão chato")

    turns(engine, cascade, clock, seconds=1200, until=lambda: "PENDENTE" not in statuses(engine))

    assert clock() - MONDAY_NOON >= cascade_patience()
    assert who(engine)[0] == (Origin.LOCAL, Category.QUESTION)
    assert provisional(engine) == [True, False]


def cascade_patience():
    from datetime import timedelta  # noqa: PLC0415

    return timedelta(seconds=300)


def test_provisional_answers_are_upgraded_when_the_provider_is_back(engine, stub, clock, cascade):
    stub.script.always = "503"
    receipt = handed_in(engine, "acho que sim", "refrão chato")
    turns(engine, cascade, clock, seconds=1200, until=lambda: "PENDENTE" not in statuses(engine))

    stub.script.always = None
    clock.advance(700)
    handed_in(engine, "acho que talvez")
    turns(engine, cascade, clock, seconds=400, until=lambda: not any(provisional(engine)))

    assert who(engine)[0] == (Origin.LLM, Category.PRAISE)
    assert not any(provisional(engine))
    assert set(statuses(engine)) == {"CONCLUIDO"}
    with reading(engine) as db:
        entries = history(db, receipt.accepted_ids[0])
        done = progress(db, receipt.batch_id, now=clock())
    assert {entry.origin for entry in entries} == {Origin.LOCAL, Origin.LLM}
    assert done.status is Status.DONE


def test_a_provisional_answer_stays_in_effect_until_a_better_one_is_there(engine, stub, clock, cascade):
    from alumusic.classify.upgrade import upgrade_provisional  # noqa: PLC0415

    stub.script.always = "503"
    handed_in(engine, "acho que sim")
    turns(engine, cascade, clock, seconds=1200, until=lambda: "PENDENTE" not in statuses(engine))

    assert upgrade_provisional(engine, now=clock()) == 1
    assert upgrade_provisional(engine, now=clock()) == 0
    assert who(engine) == [(Origin.LOCAL, Category.QUESTION)]
    assert statuses(engine) == ["PENDENTE"]


def test_a_pause_is_an_absence_too(engine, stub, clock, cascade):
    with engine.begin() as db:
        pause(db, "openai", now=clock())
    handed_in(engine, "acho que sim")

    turns(engine, cascade, clock, seconds=600, until=lambda: "PENDENTE" not in statuses(engine))

    assert stub.questions == []
    assert provisional(engine) == [True]
    assert provider(engine).paused


def test_without_a_worker_a_provider_that_is_away_leaves_the_houses_answer(stub, clock, house):
    stub.script.always = "503"
    cascade = build_cascade(llm_settings(stub), local=house, clock=clock)

    answers = cascade.classify(["acho que sim", "refrão chato"])

    assert [(said.origin, said.provisional) for said in answers] == [(Origin.LOCAL, True), (Origin.LOCAL, False)]
    cascade.close()
