"""Whatever happens to the queue in whatever order, it is what a model in plain Python says, on both databases."""

import os
import threading
from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)
from sqlalchemy import Engine, select, text

from alumusic.domain.batches import BatchKind
from alumusic.domain.comments import Category, Classification, Failure, NewComment, Origin
from alumusic.domain.ids import time_ordered_id
from alumusic.domain.search import CommentFilter
from alumusic.ingest.receive import receive
from alumusic.ingest.rerun import rerun
from alumusic.query.progress import progress
from alumusic.store.batches import Delivery, open_batch
from alumusic.store.changes import correct, erase, send_back
from alumusic.store.database import reading
from alumusic.store.opinions import Opinion
from alumusic.store.tables import batches, comments
from alumusic.store.work import ClaimSizes, bury, claim, complete, defer, fail, next_due
from tests import queue_model
from tests.examples import MONDAY_NOON, SAO_PAULO
from tests.fakes import FakeBell
from tests.fragile import emptied, quick
from tests.queue_machine import LEASE, QueueMachine
from tests.servers import wait_until


def examples(usual: int) -> int:
    """How many sequences are tried; `ALUMUSIC_TEST_DEPTH` multiplies them for a long night."""
    return usual * int(os.environ.get("ALUMUSIC_TEST_DEPTH", "1"))


def play(engine: Engine, *, times: int, steps: int) -> None:
    machine = type("Machine", (QueueMachine,), {"engine": engine})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(times),
            stateful_step_count=steps,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
def test_the_queue_is_what_the_model_says_on_sqlite(sqlite_engine):
    quick(sqlite_engine)

    play(sqlite_engine, times=45, steps=50)


@pytest.mark.slow
@pytest.mark.postgres
def test_the_queue_is_what_the_model_says_on_postgresql(postgres_engine):
    play(postgres_engine, times=6, steps=35)


@pytest.mark.slow
def test_workers_and_curators_at_once_lose_and_double_nothing(engine):
    """What the machine cannot play: transactions that overlap, and lock each other's rows and counters."""
    quick(engine)
    user_id = emptied(engine)
    receive(
        [NewComment(f"comentário {n}", artist=["anitta", "liniker", None][n % 3]) for n in range(400)],
        engine=engine, bell=FakeBell(), delivery=Delivery(user_id), kind=BatchKind.FILE,
        zone=SAO_PAULO, now=MONDAY_NOON,
    )  # fmt: skip
    with reading(engine) as db:
        ids = list(db.scalars(select(comments.c.id)))
    troubles: list[BaseException] = []

    def at_once(work: Callable[[Random], None], seed: int) -> threading.Thread:
        def run() -> None:
            try:
                work(Random(seed))
            except BaseException as trouble:  # noqa: BLE001 - shown by the test itself
                troubles.append(trouble)

        return threading.Thread(target=run)

    threads = [at_once(lambda choice: work_until_all_is_done(engine, choice), seed) for seed in range(4)]
    threads += [at_once(lambda choice: meddle(engine, ids, user_id, choice), seed) for seed in range(4, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert troubles == []
    work_until_all_is_done(engine, Random(0))
    with reading(engine) as db:
        queue_model.check_rules(db)
        queue_model.check_daily_counts(db)
        kept = queue_model.order(db)
        assert len(kept) == len(set(kept)) == 400 - queue_model.graves(db)
        for batch in db.scalars(select(batches.c.id)):
            told = progress(db, batch, now=MONDAY_NOON)
            assert told.done + told.failed + told.erased == told.total
            assert told.finished_at is not None


@pytest.mark.postgres
def test_of_two_orders_at_once_the_second_takes_nothing_from_the_first(postgres_engine):
    """A comment counts for the batch that sent it: one taken away would leave that batch unfinished for ever."""
    user_id = emptied(postgres_engine)
    receive(
        [NewComment(f"comentário {n}") for n in range(9)],
        engine=postgres_engine, bell=FakeBell(), delivery=Delivery(user_id), kind=BatchKind.FILE,
        zone=SAO_PAULO, now=MONDAY_NOON,
    )  # fmt: skip
    work_until_all_is_done(postgres_engine, Random(0))
    sent: list[int | None] = []

    def order_again() -> None:
        done = rerun(CommentFilter(), engine=postgres_engine, bell=FakeBell(), user_id=user_id, now=MONDAY_NOON)
        sent.append(done.count.total)

    with postgres_engine.begin() as db:
        first = time_ordered_id(MONDAY_NOON)
        open_batch(db, batch_id=first, kind=BatchKind.RERUN, name=None, delivery=Delivery(user_id), now=MONDAY_NOON)
        assert send_back(db, [], batch_id=first, now=MONDAY_NOON, at_most=100) == 9
        second = threading.Thread(target=order_again)
        second.start()
        wait_until_somebody_waits_for_a_lock(postgres_engine)
    second.join(120)

    assert sent == [0]
    with reading(postgres_engine) as db:
        assert set(db.scalars(select(comments.c.rerun_id))) == {first}


def wait_until_somebody_waits_for_a_lock(engine: Engine) -> None:
    """Return once a session of this database is held up by another."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )

    def somebody_waits() -> bool:
        with engine.connect() as db:
            return bool(db.scalar(waiting))

    wait_until(somebody_waits, every=0.01)


def work_until_all_is_done(engine: Engine, choice: Random) -> None:
    """A worker that completes, fails, defers and forgets what it claims, until nothing is left."""
    now = MONDAY_NOON
    while True:
        now += timedelta(seconds=choice.choice([1, 91, 400]))
        lease = uuid4()
        with engine.begin() as db:
            bury(db, now=now)
            found = claim(
                db, lease=lease, sizes=ClaimSizes(first=9), lasts=LEASE, now=now, newest_first=now.second > 30
            )
            if not found and next_due(db) is None:
                return
        done = [comment.id for comment in found if choice.random() < 0.8]
        rest = [comment.id for comment in found if comment.id not in done]
        said = Classification(choice.choice(list(Category)), 0.7, tuple(choice.sample(["refrao", "letra"], 1)))
        with engine.begin() as db:
            complete(db, lease=lease, opinions=dict.fromkeys(done, Opinion(said, Origin.LOCAL, "m")), now=now)
            fail(db, lease=lease, failures=dict.fromkeys(rest[::2], Failure.BLOCKED), jitter=1.0, now=now)
            defer(db, lease=lease, ids=rest[1:2], reason="429", until=now)


def meddle(engine: Engine, ids: list[UUID], user_id: int, choice: Random) -> None:
    """A curator who corrects, erases and asks again while others work."""
    for _ in range(25):
        with engine.begin() as db:
            correct(
                db, comment_id=choice.choice(ids), category=choice.choice(list(Category)), tags=("show",),
                by_user_id=user_id, now=MONDAY_NOON,
            )  # fmt: skip
        with engine.begin() as db:
            erase(db, comment_id=choice.choice(ids), now=MONDAY_NOON)
        some = CommentFilter(ids=tuple(choice.sample(ids, 9)))
        rerun(some, engine=engine, bell=FakeBell(), user_id=user_id, now=MONDAY_NOON)
