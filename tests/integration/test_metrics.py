"""Figures for Prometheus: right, cheap, and not for everybody."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from alumusic.domain.comments import Failure
from alumusic.domain.errors import UnusableAnswerError
from alumusic.domain.users import Role
from alumusic.store.ledger import Call, write_down
from alumusic.store.work import ClaimSizes, claim
from alumusic.store.workers import seen
from tests.examples import MONDAY_NOON, handed_in, worked
from tests.fakes import PRAISE, FakeClassifier
from tests.house import bearer, build_house

TOKEN = "h5Kq0yT3bVnW8sXcZ1mL6jRfD2gP9aEu"


def figures(house):
    answer = house.client.get("/metrics")
    assert answer.status_code == 200, answer.json
    assert answer.content_type.startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    # By name and the values of the labels, in the order of the labels' names.
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_queue_is_counted_by_status_with_the_age_of_the_oldest(house):
    handed_in(house.engine, "a", "b", "c")
    worked(house.engine, FakeClassifier(PRAISE))
    handed_in(house.engine, "d", "e", now=MONDAY_NOON - timedelta(seconds=90))
    with house.engine.begin() as db:
        claim(db, lease=uuid4(), sizes=ClaimSizes(first=1), lasts=timedelta(seconds=90), now=MONDAY_NOON)

    found = figures(house)

    assert found["alumusic_comments", "done"] == 3
    assert found["alumusic_comments", "pending"] == 1
    assert found["alumusic_comments", "processing"] == 1
    assert found["alumusic_queue_oldest_due_seconds",] == 90
    assert found["alumusic_open_batches",] == 1
    assert found["alumusic_database_bytes",] > 0


def test_what_a_dead_worker_holds_counts_as_waiting(house):
    handed_in(house.engine, "a")
    with house.engine.begin() as db:
        claim(db, lease=uuid4(), sizes=ClaimSizes(first=1), lasts=timedelta(seconds=90), now=MONDAY_NOON)
    house.later(seconds=91)

    found = figures(house)

    assert (found["alumusic_comments", "pending"], found["alumusic_comments", "processing"]) == (1, 0)


def test_failures_are_counted_by_reason(house):
    handed_in(house.engine, "a")
    for _ in range(8):
        worked(house.engine, FakeClassifier(UnusableAnswerError("no")), clock=house.clock)
        house.later(seconds=500)

    found = figures(house)

    assert found["alumusic_failed_comments", "unusable_answer"] == 1
    assert found["alumusic_failed_comments", Failure.POISON.name.lower()] == 0
    assert found["alumusic_comments", "failed"] == 1


def test_calls_tokens_costs_and_latency_come_from_the_ledger_of_the_day(house):
    call = Call(
        at=MONDAY_NOON, provider="gemini", model="m-1", purpose="classify", prompt_version="p1", items=30,
        outcome="ok", milliseconds=1_800, input_tokens=900, cached_tokens=100, output_tokens=400, cost_microdollars=825,
    )  # fmt: skip
    with house.engine.begin() as db:
        for made in (
            call,
            replace(call, prompt_version="p2", milliseconds=300),
            replace(call, outcome="RATE", milliseconds=40, input_tokens=0, output_tokens=0, cached_tokens=0),
            replace(call, at=MONDAY_NOON - timedelta(days=1)),
        ):
            write_down(db, made)

    found = figures(house)

    ok = ("m-1", "ok", "gemini", "classify")
    assert found["alumusic_provider_calls_total", *ok] == 2
    assert found["alumusic_provider_calls_total", "m-1", "RATE", "gemini", "classify"] == 1
    assert found["alumusic_provider_items_total", *ok] == 60
    assert found["alumusic_provider_tokens_total", "output", *ok] == 800
    assert found["alumusic_provider_cost_dollars_total", *ok] == pytest.approx(0.00165)
    assert found["alumusic_provider_call_seconds_bucket", "0.5", "gemini"] == 2
    assert found["alumusic_provider_call_seconds_bucket", "+Inf", "gemini"] == 3
    assert found["alumusic_provider_call_seconds_sum", "gemini"] == pytest.approx(2.14)


def test_a_worker_counts_while_it_was_seen_lately(house):
    with house.engine.begin() as db:
        seen(db, worker="a", now=MONDAY_NOON)
        seen(db, worker="b", now=MONDAY_NOON - timedelta(minutes=5))

    assert figures(house)["alumusic_workers",] == 1


def test_an_empty_house_has_figures_too(house):
    found = figures(house)
    assert found["alumusic_comments", "pending"] == 0
    assert found["alumusic_queue_oldest_due_seconds",] == 0


# --- who may read them ---------------------------------------------------------------------------------------


def from_elsewhere(house, **options):
    return house.client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}, **options).status_code


def test_from_elsewhere_only_administrators_may_read_them(house):
    assert from_elsewhere(house) == 401
    assert from_elsewhere(house, headers=bearer("nonsense")) == 401
    assert from_elsewhere(house, headers=bearer(house.token_of(Role.CURATOR))) == 403
    assert from_elsewhere(house, headers=bearer(house.token_of(Role.ADMIN))) == 200


def test_a_proxy_on_this_machine_does_not_open_them(house):
    assert house.client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 401


def test_with_a_token_everybody_needs_it(engine, tmp_path):
    house = build_house(engine, tmp_path, metrics_token=SecretStr(TOKEN))

    assert house.client.get("/metrics").status_code == 401
    assert from_elsewhere(house, headers=bearer(TOKEN)) == 200
    assert from_elsewhere(house, headers=bearer(TOKEN[:-1])) == 401
    assert from_elsewhere(house, headers=bearer(house.token_of(Role.ADMIN))) == 200


def test_production_never_takes_anybody_for_a_neighbour(engine, tmp_path):
    house = build_house(engine, tmp_path, env="production")

    assert house.client.get("/metrics").status_code == 401
