"""Celery's workers from outside: woken by bells, working without any, ending when they are told to."""

import base64
import json
import pickle
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from alumusic.bell.broker import QUEUE
from alumusic.bell.celery import CeleryBell
from alumusic.bell.jobs import JobName
from alumusic.store.database import reading
from alumusic.store.tables import comments
from tests.examples import handed_in
from tests.servers import OwnRabbit, ResettingProxy, free_port, wait_until
from tests.workers import a_worker_was_seen, celery_worker, drained, environment, left, worker_is_ready

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PROCESSES, THREADS = "-P prefork -c 2", "-P threads -c 2"
DEAF = {"ALUMUSIC_WATCHDOG_SECONDS": 600}
"""Only a bell wakes this worker."""


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory):
    with OwnRabbit(tmp_path_factory.mktemp("rabbit")) as server:
        yield server


@pytest.fixture
def server(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def started(tmp_path):
    """Starts workers, and ends those that a test leaves behind."""
    begun = []

    def start(env, *options):
        worker = celery_worker(env, tmp_path, *options, name=f"worker{len(begun)}")
        begun.append(worker)
        wait_until(lambda: worker_is_ready(worker), seconds=180)
        return worker

    yield start
    for worker in begun:
        worker.kill()


def begins_to_work(engine):
    wait_until(lambda: a_worker_was_seen(engine), seconds=180)
    # A worker begins by looking for work: what comes after that look is for others to announce.
    time.sleep(1.0)


def attempts(engine):
    with reading(engine) as db:
        return db.scalar(select(func.sum(comments.c.attempts)))


@pytest.mark.parametrize(
    ("server", "pool"), [("redis", PROCESSES), ("redis", THREADS), ("rabbit", PROCESSES)], indirect=["server"], ids=str
)
def test_a_ring_wakes_a_worker_and_sigterm_ends_it(server, pool, sqlite_engine, tmp_path, started):
    env = environment(sqlite_engine, tmp_path, CELERY_BROKER_URL=server.url, **DEAF)
    worker = started(env, *pool.split())
    begins_to_work(sqlite_engine)

    bell = CeleryBell(server.url)
    handed_in(sqlite_engine, *(f"adorei a faixa {n}" for n in range(40)), bell=bell)

    drained(sqlite_engine)
    assert attempts(sqlite_engine) == 0
    worker.stop()
    assert worker.exit_code == 0
    assert "Traceback" not in worker.output()


def test_without_any_broker_the_watchdog_works_and_sigterm_is_obeyed(sqlite_engine, tmp_path, started):
    env = environment(sqlite_engine, tmp_path, CELERY_BROKER_URL=f"redis://127.0.0.1:{free_port()}/0")
    worker = celery_worker(env, tmp_path, "-c", "2")
    try:
        wait_until(lambda: a_worker_was_seen(sqlite_engine), seconds=180)
        handed_in(sqlite_engine, *(f"adorei a faixa {n}" for n in range(40)))

        drained(sqlite_engine)
        worker.stop()
    finally:
        worker.kill()


@pytest.mark.parametrize("pool", [PROCESSES, THREADS], ids=str)
def test_twenty_resets_of_every_connection_neither_stop_the_work_nor_deafen_the_worker(
    pool, redis, sqlite_engine, tmp_path, started
):
    with ResettingProxy(redis.port) as proxy:
        env = environment(sqlite_engine, tmp_path, CELERY_BROKER_URL=f"redis://127.0.0.1:{proxy.port}/0", **DEAF)
        worker = started(env, *pool.split())
        begins_to_work(sqlite_engine)
        for _ in range(20):
            # As soon as there is one again.
            wait_until(lambda: proxy.reset_all() > 0, every=0.3)
        handed_in(sqlite_engine, *(f"adorei a faixa {n}" for n in range(40)))
        bell = CeleryBell(redis.url)

        wait_until(lambda: bell.ring() is None and left(sqlite_engine) == 0, every=0.1)
        worker.stop()


class Touch:
    """Makes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_a_worker_outlives_what_strangers_put_into_its_queue(redis, sqlite_engine, tmp_path, started):
    """Security statement S41: pickled and broken messages are refused unread."""
    env = environment(sqlite_engine, tmp_path, CELERY_BROKER_URL=redis.url, **DEAF)
    worker = started(env, "-c", "1")
    begins_to_work(sqlite_engine)
    evil = tmp_path / "owned"
    message = {
        "body": base64.b64encode(pickle.dumps(Touch(evil))).decode(),
        "content-encoding": "binary",
        "content-type": "application/x-python-serialize",
        "headers": {"lang": "py", "task": JobName.CLASSIFY_DUE, "id": "1"},
        "properties": {
            "delivery_tag": "1",
            "body_encoding": "base64",
            "delivery_info": {"exchange": "", "routing_key": QUEUE},
            "correlation_id": "1",
        },
    }
    for kind in ("application/x-python-serialize", "application/json", "text/plain"):
        redis.ask("LPUSH", QUEUE, json.dumps(message | {"content-type": kind}))
    wait_until(lambda: redis.ask("LLEN", QUEUE) == b":0\r\n")

    handed_in(sqlite_engine, "adorei", bell=CeleryBell(redis.url))

    drained(sqlite_engine)
    assert not evil.exists()
    assert worker.is_alive()


def test_sigterm_to_the_whole_group_charges_nobody(redis, sqlite_engine, tmp_path, started):
    env = environment(sqlite_engine, tmp_path, CELERY_BROKER_URL=redis.url)
    worker = started(env, "-c", "2")
    begins_to_work(sqlite_engine)
    handed_in(sqlite_engine, *(f"adorei a faixa {n}" for n in range(3_000)))
    wait_until(lambda: left(sqlite_engine) < 3_000, every=0.01)

    worker.send_all(signal.SIGTERM)
    wait_until(lambda: not worker.is_alive())

    with reading(sqlite_engine) as db:
        held = db.scalar(select(func.count()).where(comments.c.lease.is_not(None)))
    assert (held, attempts(sqlite_engine)) == (0, 0)


def test_a_broker_that_is_frozen_does_not_keep_a_worker_from_ending(redis, sqlite_engine, tmp_path, started):
    env = environment(sqlite_engine, tmp_path, CELERY_BROKER_URL=redis.url)
    worker = started(env, "-c", "1")
    begins_to_work(sqlite_engine)
    redis.send(signal.SIGSTOP)
    try:
        handed_in(sqlite_engine, "adorei")
        drained(sqlite_engine)

        worker.stop()
    finally:
        redis.send(signal.SIGCONT)
