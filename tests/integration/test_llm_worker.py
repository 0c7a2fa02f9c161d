"""A worker with a language model never loses a comment, and never blames one for the provider's faults."""

import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from alumusic.classify.drain import classify_due
from alumusic.classify.permit import Refusal
from alumusic.domain.comments import MAX_ATTEMPTS, Category, Classification, Failure, Origin, Status
from alumusic.domain.providers import Trouble
from alumusic.query.comments import history
from alumusic.store.database import reading
from alumusic.store.ledger import ANSWERED, accounts
from alumusic.store.providers import pause, resume
from alumusic.store.tables import comments
from tests.examples import MONDAY_NOON, TERMS, handed_in, stored
from tests.fakes import FakeClassifier, FakeClock
from tests.llm_examples import (
    HASTY_SECONDS,
    PATIENT_SECONDS,
    a_turn,
    classifier_on,
    counters,
    errors,
    llm_settings,
    provider,
    statuses,
    turns,
)
from tests.stub_provider import StubProvider

PROVIDERS_FAULTS = [
    ("429", Trouble.BUSY),
    ("429-after", Trouble.BUSY),
    ("429-info", Trouble.BUSY),
    ("quota", Trouble.QUOTA),
    ("500", Trouble.SERVER),
    ("503", Trouble.SERVER),
    ("drop", Trouble.CONNECTION),
    ("401", Trouble.KEY),
    ("403", Trouble.KEY),
    ("404", Trouble.MODEL),
    ("redirect", Trouble.CONFIGURATION),
]
SILENCES = ["hang", "dribble"]
"""Faults that end only with the deadline."""


@pytest.fixture
def stub():
    with StubProvider() as running:
        yield running


@pytest.fixture
def clock():
    return FakeClock(MONDAY_NOON)


@pytest.fixture
def make(stub, clock):
    """Makes classifiers, and closes them at the end."""
    made = []

    def one(engine, **changes):
        made.append(classifier_on(engine, stub, clock, **changes))
        return made[-1]

    yield one
    for classifier in made:
        classifier.close()


@pytest.fixture
def classifier(engine, make):
    return make(engine)


@pytest.fixture
def world(engine, stub, clock, classifier):
    return engine, stub, clock, classifier


def judge(text: str):
    if "chato" in text:
        return {"c": "CRÍTICA", "p": 0.7, "t": ["refrao"]}
    return {"c": "ELOGIO", "p": 0.95, "t": ["melodia", "voz"]}


# --- what works -------------------------------------------------------------------------------------------------


def test_comments_are_asked_about_together_and_each_gets_its_own_answer(engine, stub, clock, classifier):
    stub.script.judge = judge
    handed_in(engine, *(f"refrão {'chato' if n % 3 == 0 else 'lindo'} {n}" for n in range(60)))

    tally = a_turn(engine, classifier, clock)

    assert tally.done == 60
    assert [len(texts) for texts in stub.asked] == [30, 30]
    for n, comment in enumerate(stored(engine)):
        assert comment.status is Status.DONE
        assert comment.category is (Category.CRITICISM if n % 3 == 0 else Category.PRAISE)
        assert comment.origin is Origin.LLM


def test_the_history_says_which_model_and_which_prompt(engine, stub, clock, classifier):
    receipt = handed_in(engine, "lindo")
    a_turn(engine, classifier, clock)

    with reading(engine) as db:
        entry = history(db, receipt.accepted_ids[0])[0]
    assert (entry.model, entry.prompt_version) == ("stub-1", classifier.prompt_version)


def test_neither_ids_nor_authors_nor_personal_data_leave(engine, stub, clock, classifier):
    from alumusic.domain.comments import NewComment  # noqa: PLC0415

    receipt = handed_in(
        engine,
        NewComment("sou eu, ana@gmail.com, 529.982.247-25, amei @fulana", author="Ana Autora", external_id="ext-77"),
        NewComment("liga (11) 98765-4321", author="Bia Autora"),
    )
    a_turn(engine, classifier, clock)

    sent = b"".join(seen.raw for seen in stub.questions).decode()
    for secret in ("ana@gmail.com", "529.982.247-25", "@fulana", "98765-4321", "Autora", "ext-77"):
        assert secret not in sent
    for comment_id in receipt.accepted_ids:
        assert str(comment_id) not in sent
        assert comment_id.hex not in sent
    assert stub.asked == [["sou eu, [EMAIL], [CPF], amei [USUARIO]", "liga [FONE]"]]


def test_a_question_never_grows_beyond_12000_characters_and_the_rest_comes_at_once(engine, stub, clock, classifier):
    handed_in(engine, *(f"{n} " + "muito bom " * 450 for n in range(6)))

    tally = a_turn(engine, classifier, clock)

    assert [len(texts) for texts in stub.asked] == [2, 2, 2]
    assert tally.done == 6
    assert counters(engine) == [(0, 0)] * 6


def test_the_ledger_says_what_was_asked_and_what_it_cost(engine, stub, clock, classifier):
    handed_in(engine, "a", "b", "c")
    a_turn(engine, classifier, clock)

    with reading(engine) as db:
        (account,) = accounts(db, since=MONDAY_NOON, until=MONDAY_NOON + timedelta(days=1))
    assert (account.calls, account.items, account.outcome) == (1, 3, ANSWERED)
    assert (account.model, account.prompt_version) == ("stub-1", classifier.prompt_version)
    assert (account.input_tokens, account.output_tokens) == (stub.input_tokens, stub.output_tokens)
    exact = stub.input_tokens * 0.25 + stub.output_tokens * 1.5
    assert exact <= account.cost_microdollars < exact + 1
    assert provider(engine).tokens == stub.input_tokens + stub.output_tokens


def test_the_same_text_is_asked_about_once(engine, stub, clock, classifier):
    handed_in(engine, "primeira", "lindo demais", "lindo demais")
    a_turn(engine, classifier, clock)
    handed_in(engine, "lindo demais")
    a_turn(engine, classifier, clock)

    assert stub.asked == [["primeira", "lindo demais"]]
    assert statuses(engine) == ["CONCLUIDO"] * 4


def test_texts_that_differ_only_in_personal_data_are_one_text(engine, stub, clock, classifier):
    handed_in(engine, "me liga 11 98765-4321", "me liga 21 91234-5678")
    a_turn(engine, classifier, clock)

    assert stub.asked == [["me liga [FONE]"]]
    assert statuses(engine) == ["CONCLUIDO"] * 2


def test_remembered_answers_are_bounded(engine, stub, clock, make):
    from alumusic.store.tables import kept_answers  # noqa: PLC0415

    classifier = make(engine, llm_remembered_answers=10)
    handed_in(engine, *(f"texto {n}" for n in range(60)))
    a_turn(engine, classifier, clock)

    with reading(engine) as db:
        assert len(db.execute(kept_answers.select()).all()) <= 10


# --- the provider's and the operator's faults -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "trouble"), [*PROVIDERS_FAULTS, *((silence, Trouble.TIMEOUT) for silence in SILENCES)]
)
def test_no_fault_of_the_provider_is_ever_charged_to_a_comment(world, make, fault, trouble):
    engine, stub, clock, _ = world
    classifier = make(engine, llm_deadline_seconds=HASTY_SECONDS if fault in SILENCES else PATIENT_SECONDS)
    stub.script.always = fault
    handed_in(engine, *(f"comentário {n}" for n in range(40)))

    turns(engine, classifier, clock, seconds=60)

    assert {attempts for attempts, _ in counters(engine)} == {0}
    assert set(statuses(engine)) == {"PENDENTE"}
    assert trouble in set(errors(engine))
    assert provider(engine).open_until is not None
    assert provider(engine).reason is trouble


@pytest.mark.parametrize(("fault", "trouble"), PROVIDERS_FAULTS)
def test_when_the_provider_is_back_everything_is_answered(world, fault, trouble):
    engine, stub, clock, classifier = world
    stub.script.always = fault
    handed_in(engine, *(f"comentário {n}" for n in range(40)))
    turns(engine, classifier, clock, seconds=30)

    stub.script.always = None
    clock.advance(3700)
    turns(engine, classifier, clock, seconds=300, until=lambda: set(statuses(engine)) == {"CONCLUIDO"})

    assert set(statuses(engine)) == {"CONCLUIDO"}
    assert {attempts for attempts, _ in counters(engine)} == {0}
    assert provider(engine).open_until is None


@pytest.mark.parametrize("fault", SILENCES)
def test_when_the_provider_breaks_its_silence_everything_is_answered(engine, stub, clock, make, fault):
    stub.script.always = fault
    handed_in(engine, *(f"comentário {n}" for n in range(40)))
    turns(engine, make(engine, llm_deadline_seconds=HASTY_SECONDS), clock, seconds=30)

    stub.script.always = None
    clock.advance(3700)
    patient = make(engine)
    turns(engine, patient, clock, seconds=300, until=lambda: set(statuses(engine)) == {"CONCLUIDO"})

    assert set(statuses(engine)) == {"CONCLUIDO"}
    assert {attempts for attempts, _ in counters(engine)} == {0}
    assert provider(engine).open_until is None


def test_while_the_breaker_is_open_no_row_is_touched_and_nobody_is_asked(engine, stub, clock, classifier):
    stub.script.always = "quota"
    handed_in(engine, *(f"comentário {n}" for n in range(90)))
    a_turn(engine, classifier, clock)
    before = (len(stub.questions), counters(engine))

    tally = a_turn(engine, classifier, clock)

    assert tally.refusal == Refusal(Trouble.QUOTA, MONDAY_NOON + timedelta(hours=1))
    assert (len(stub.questions), counters(engine)) == before


def test_one_probe_of_one_comment_finds_out_whether_the_provider_is_back(engine, stub, clock, classifier):
    stub.script.always = "401"
    handed_in(engine, *(f"comentário {n}" for n in range(90)))
    a_turn(engine, classifier, clock)
    stub.seen.clear()
    clock.advance(301)

    a_turn(engine, classifier, clock)

    assert [len(texts) for texts in stub.asked] == [1]


def test_retry_after_is_obeyed_by_everybody(engine, stub, clock, classifier, make):
    stub.script.faults.append("429-after")
    stub.script.retry_after = "20"
    handed_in(engine, *(f"comentário {n}" for n in range(90)))

    a_turn(engine, classifier, clock)
    clock.advance(19)
    a_turn(engine, make(engine), clock)
    assert len(stub.questions) == 1

    clock.advance(2)
    a_turn(engine, make(engine), clock)
    assert len(stub.questions) > 1


@pytest.mark.parametrize(
    ("changes", "trouble"), [({"llm_model": "retired-1"}, Trouble.MODEL), ({"llm_api_key": "bad"}, Trouble.KEY)]
)
def test_a_withdrawn_model_or_a_bad_key_is_found_before_any_comment_is_taken(world, make, changes, trouble):
    engine, stub, clock, _ = world
    stub.script.api_key = "stub-key"
    classifier = make(engine, llm_provider="gemini", **changes)
    handed_in(engine, "a", "b")

    tally = a_turn(engine, classifier, clock)

    assert tally.refusal is not None
    assert tally.refusal.reason is trouble
    assert stub.questions == []
    assert counters(engine) == [(0, 0)] * 2
    assert provider(engine, "gemini").reason is trouble


def test_a_provider_that_refuses_everything_with_a_400_is_a_matter_of_configuration(engine, stub, clock, classifier):
    stub.script.always = "400"
    handed_in(engine, *(f"comentário {n}" for n in range(40)))

    turns(engine, classifier, clock, seconds=60)

    assert {attempts for attempts, _ in counters(engine)} == {0}
    assert provider(engine).reason is Trouble.CONFIGURATION


def test_answers_that_are_mostly_unusable_open_the_breaker(engine, stub, clock, classifier):
    stub.script.always = "prose"
    handed_in(engine, *(f"comentário {n}" for n in range(400)))

    a_turn(engine, classifier, clock)

    assert len(stub.questions) == 10
    assert provider(engine).reason is Trouble.UNUSABLE


def test_a_day_never_costs_more_than_its_budget(engine, stub, clock, make):
    classifier = make(engine, daily_budget_tokens=30_000)
    handed_in(engine, *(f"comentário {n}" for n in range(1500)))

    turns(engine, classifier, clock, seconds=60)
    spent_today = stub.input_tokens + stub.output_tokens
    asked_today = len(stub.questions)
    assert 0 < spent_today <= 30_000
    assert a_turn(engine, classifier, clock).refusal == Refusal(Trouble.BUDGET)
    assert counters(engine).count((0, 0)) == 1500

    clock.advance(24 * 3600)
    turns(engine, classifier, clock, seconds=60)
    assert len(stub.questions) == 2 * asked_today


def test_a_paused_provider_is_not_asked_until_somebody_resumes_it(engine, stub, clock, classifier):
    handed_in(engine, "a")
    with engine.begin() as db:
        pause(db, "openai", now=clock())

    assert a_turn(engine, classifier, clock).refusal == Refusal(Trouble.PAUSED)
    assert stub.questions == []

    with engine.begin() as db:
        resume(db, "openai")
    assert a_turn(engine, classifier, clock).done == 1


def test_somebody_who_resumes_an_open_breaker_sees_a_probe_at_once(engine, stub, clock, classifier):
    stub.script.faults.append("quota")
    handed_in(engine, "a", "b")
    a_turn(engine, classifier, clock)
    clock.advance(10)
    with engine.begin() as db:
        resume(db, "openai")
        db.execute(update(comments).values(available_at=clock()))

    assert a_turn(engine, classifier, clock).done == 2
    assert provider(engine).open_until is None


# --- the comment's own faults -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        "empty",
        "prose",
        "wrong-enum",
        "wrong-type",
        "wrong-row",
        "missing",
        "foreign",
        "duplicated",
        "too-sure",
        "not-a-number",
        "many-tags",
        "huge",
    ],
)
def test_a_comment_that_is_never_answered_well_fails_alone_with_a_code(engine, stub, clock, classifier, fault):
    stub.script.poison["veneno"] = fault
    handed_in(engine, *(f"comentário {n}" for n in range(20)), "veneno", *(f"outro {n}" for n in range(20)))

    turns(engine, classifier, clock, seconds=2400, until=lambda: "PENDENTE" not in statuses(engine))

    by_text = {comment.text: comment for comment in stored(engine)}
    assert by_text["veneno"].status is Status.FAILED
    assert by_text["veneno"].failure == Failure.UNUSABLE_ANSWER
    assert [comment.text for comment in by_text.values() if comment.status is not Status.DONE] == ["veneno"]
    assert stub.asked[-1] == ["veneno"]


@pytest.mark.parametrize(
    ("fault", "failure"),
    [("400", Failure.INPUT_REFUSED), ("safety", Failure.BLOCKED), ("blocked-prompt", Failure.BLOCKED)],
)
def test_a_comment_that_the_provider_refuses_fails_alone_with_a_code(world, fault, failure):
    engine, stub, clock, classifier = world
    stub.script.poison["veneno"] = fault
    handed_in(engine, *(f"comentário {n}" for n in range(35)), "veneno")

    turns(engine, classifier, clock, seconds=2400, until=lambda: "PENDENTE" not in statuses(engine))

    assert statuses(engine) == ["CONCLUIDO"] * 35 + ["FALHOU"]
    assert errors(engine)[-1] == failure


def test_a_question_that_finds_out_who_is_refused_is_paid_for_in_the_books(engine, stub, clock, classifier):
    stub.script.poison["veneno"] = "400"
    handed_in(engine, "veneno")

    a_turn(engine, classifier, clock)

    assert len(stub.questions) == 2
    with reading(engine) as db:
        (account,) = accounts(db, since=MONDAY_NOON - timedelta(days=1), until=clock() + timedelta(days=1))
    assert account.outcome == Failure.INPUT_REFUSED
    assert account.input_tokens > 0
    assert provider(engine).tokens == account.input_tokens + account.output_tokens


def test_a_blocked_comment_gets_the_opinion_of_the_house_when_there_is_one(engine, stub, clock, make):
    house = FakeClassifier(Classification(Category.CRITICISM, 0.55))
    classifier = make(engine, fallback=house)
    stub.script.poison["palavrão"] = "safety"
    receipt = handed_in(engine, "lindo", "palavrão")

    turns(engine, classifier, clock, seconds=300, until=lambda: "PENDENTE" not in statuses(engine))

    assert statuses(engine) == ["CONCLUIDO"] * 2
    assert house.calls == [["palavrão"]]
    with reading(engine) as db:
        entry = history(db, receipt.accepted_ids[1])[0]
    assert (entry.origin, entry.model, entry.prompt_version) == (Origin.LOCAL, "fake-1", None)


@pytest.mark.parametrize("fault", ["truncated", "malformed", "fenced", "extra", "strange-tags"])
def test_what_is_good_in_a_bad_answer_is_kept(engine, stub, clock, classifier, fault):
    stub.script.faults.append(fault)
    handed_in(engine, *(f"comentário {n}" for n in range(10)))

    tally = a_turn(engine, classifier, clock)

    assert tally.done >= 5
    assert tally.done + tally.troubled == 10
    assert {attempts for attempts, _ in counters(engine)} <= {0, 1}


def test_trouble_is_isolated_from_30_to_10_to_1(engine, stub, clock, classifier):
    stub.script.poison["veneno"] = "prose"
    handed_in(engine, *(f"comentário {n}" for n in range(29)), "veneno")

    turns(engine, classifier, clock, seconds=60, until=lambda: statuses(engine).count("CONCLUIDO") == 29)

    sizes = [len(texts) for texts in stub.asked if "veneno" in texts]
    assert sizes[:3] == [30, 10, 1]
    assert all(later <= earlier for earlier, later in pairwise(sizes))


def one_hangs_while_others_go_on(engine, stub, clock, make, *, others, until):
    """A provider that answers everybody but one, who comes last of a batch, and new comments all the time."""
    # One deadline for who hangs and who is answered: short enough to wait for, long enough for a slow machine.
    classifier = make(engine, llm_deadline_seconds=2 * HASTY_SECONDS)
    handed_in(engine, "antes")
    a_turn(engine, classifier, clock)
    stub.script.poison["lento"] = "hang"
    handed_in(engine, *(f"comentário {n}" for n in range(others)), "lento")

    def others_go_on() -> bool:
        handed_in(engine, f"novo {clock()}")
        return until(statuses(engine))

    turns(engine, classifier, clock, seconds=1200, until=others_go_on)
    return classifier


def test_a_batch_that_hangs_is_taken_apart_from_30_to_10_to_1(engine, stub, clock, make):
    one_hangs_while_others_go_on(
        engine, stub, clock, make, others=29, until=lambda found: found[1:30].count("CONCLUIDO") == 29
    )

    sizes = [len(texts) for texts in stub.asked if "lento" in texts]
    assert sizes[:3] == [30, 10, 1]


def test_a_comment_that_makes_calls_hang_is_found_and_fails_alone(engine, stub, clock, make):
    classifier = one_hangs_while_others_go_on(
        engine, stub, clock, make, others=5, until=lambda found: found[6] == "FALHOU"
    )
    a_turn(engine, classifier, clock)

    assert statuses(engine)[6] == "FALHOU"
    assert errors(engine)[6] == Failure.TIMEOUT
    assert set(statuses(engine)) == {"CONCLUIDO", "FALHOU"}
    assert counters(engine)[6][0] == MAX_ATTEMPTS
    assert {attempts for attempts, _ in counters(engine)[:6]} == {0}


# --- stopping, and together -------------------------------------------------------------------------------------


def test_a_worker_that_must_stop_gives_back_what_it_has_in_hand_uncharged(engine, stub, clock, monkeypatch, make):
    monkeypatch.setattr("alumusic.classify.drain.GRACE_SECONDS", 0.2)
    # Nothing but the worker ends the call before the test's own time is over.
    classifier = make(engine, llm_deadline_seconds=600)
    stub.script.always, stub.script.hang_seconds = "hang", 3_600
    handed_in(engine, "a", "b")

    def a_call_is_in_flight() -> bool:
        return stub.in_flight > 0

    until = clock() + timedelta(30)
    classify_due(engine, classifier, terms=TERMS, clock=clock, until=until, stopping=a_call_is_in_flight)

    assert stub.asked == [["a", "b"]]
    assert statuses(engine) == ["PENDENTE"] * 2
    assert counters(engine) == [(0, 0)] * 2
    assert provider(engine).tokens == 0


def test_workers_together_answer_every_comment_once_and_never_overspend_the_concurrency(engine, stub, clock, make):
    stub.script.seconds = 0.02
    classifier = make(engine, llm_concurrency=3)
    handed_in(engine, *(f"comentário {n}" for n in range(400)))
    threads = [threading.Thread(target=a_turn, args=(engine, classifier, clock)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    turns(engine, classifier, clock, seconds=30)

    assert set(statuses(engine)) == {"CONCLUIDO"}
    texts = [text for asked in stub.asked for text in asked]
    assert len(texts) == len(set(texts)) == 400
    assert stub.most_in_flight <= 3


def test_without_a_gate_texts_are_classified_and_nothing_is_kept(stub, clock, make):
    stub.script.judge = judge
    classifier = make(None)

    answers = classifier.classify([f"{'chato' if n == 40 else 'bom'} {n}" for n in range(65)])

    assert [len(texts) for texts in stub.asked] == [30, 30, 5]
    assert [n for n, said in enumerate(answers) if said.category is Category.CRITICISM] == [40]


def test_settings_say_when_there_is_no_key(stub):
    from alumusic.domain.errors import ConfigurationError  # noqa: PLC0415
    from alumusic.llm.choose import connection_of  # noqa: PLC0415

    home = {"llm_base_url": None, "llm_api_key": None}
    elsewhere = {"llm_base_url": "https://models.example.com", "llm_api_key": None, "google_api_key": "AIza-secret"}
    for changes in (home, home | {"llm_provider": "gemini"}, elsewhere, elsewhere | {"llm_provider": "gemini"}):
        with pytest.raises(ConfigurationError) as caught:
            connection_of(llm_settings(stub, **changes))
        assert caught.value.code == "llm_key"
        assert "AIza-secret" not in str(caught.value)
    assert connection_of(llm_settings(stub, **home, llm_provider="gemini", google_api_key="AIza")).api_key == "AIza"
    assert "AIza" not in repr(connection_of(llm_settings(stub, **home, llm_provider="gemini", google_api_key="AIza")))
