"""Ringing through a broker costs the ringer nothing, whatever state the broker is in."""

import json
import os
import socket
import threading
import time

import pytest

from alumusic.bell.broker import QUEUE, broker_settings
from alumusic.bell.celery import CeleryBell
from alumusic.bell.jobs import JobName
from alumusic.domain.errors import ConfigurationError
from tests.servers import OwnRedis, ResettingProxy, free_port, wait_until


@pytest.fixture
def empty_redis(redis):
    redis.ask("FLUSHALL")
    return redis


def rings_at(redis: OwnRedis) -> int:
    return int(redis.ask("LLEN", QUEUE).split(b":")[1])


class Wanted:
    """Says that one worker is wanted, once it may, and remembers in which threads it was asked."""

    def __init__(self, *, at_once: bool = True) -> None:
        self.asked_by: list[threading.Thread] = []
        self.may_say = threading.Event()
        if at_once:
            self.may_say.set()

    def __call__(self) -> int:
        self.asked_by.append(threading.current_thread())
        assert self.may_say.wait(60)
        return 1


def test_a_ring_becomes_a_message_without_arguments(empty_redis):
    bell = CeleryBell(empty_redis.url)
    bell.ring()
    wait_until(lambda: rings_at(empty_redis) == 1)
    bell.close()

    message = json.loads(empty_redis.ask("LINDEX", QUEUE, "0").split(b"\r\n")[1])
    assert message["headers"]["task"] == JobName.CLASSIFY_DUE
    assert message["headers"]["argsrepr"] == "()"
    assert message["headers"]["expires"] is not None
    assert message["headers"]["eta"] is None
    assert message["content-type"] == "application/json"


def test_many_rings_are_few_messages(empty_redis):
    wanted = Wanted(at_once=False)
    bell = CeleryBell(empty_redis.url, wanted=wanted, pause_seconds=0.05)
    bell.ring()
    wait_until(lambda: len(wanted.asked_by) == 1)
    for _ in range(1_000):
        bell.ring()
    wanted.may_say.set()
    wait_until(lambda: rings_at(empty_redis) == 2)
    # Time for more messages to come, if any would.
    time.sleep(0.5)
    bell.close()

    assert rings_at(empty_redis) == 2


def test_one_ring_wakes_as_many_workers_as_would_find_work(empty_redis):
    bell = CeleryBell(empty_redis.url, wanted=lambda: 5)
    bell.ring()
    wait_until(lambda: rings_at(empty_redis) == 5)
    bell.close()


def test_a_broker_that_is_not_there_costs_a_ring_nothing():
    wanted = Wanted()
    bell = CeleryBell(f"redis://127.0.0.1:{free_port()}/0", wanted=wanted)

    for _ in range(200):
        bell.ring()

    wait_until(lambda: bool(wanted.asked_by))
    assert threading.current_thread() not in wanted.asked_by
    bell.close()


def test_a_broker_that_accepts_and_says_nothing_costs_a_ring_nothing():
    wanted = Wanted(at_once=False)
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        bell = CeleryBell(f"redis://127.0.0.1:{frozen.getsockname()[1]}/0", wanted=wanted)
        for _ in range(200):
            bell.ring()
        wait_until(lambda: bool(wanted.asked_by))

        # The bell's own thread is held up: whoever rang has come back, and without a word to the broker.
        frozen.setblocking(False)
        with pytest.raises(BlockingIOError):
            frozen.accept()

        wanted.may_say.set()
        frozen.settimeout(60)
        frozen.accept()[0].close()
        bell.close()


def test_a_broker_that_comes_back_is_rung_again(tmp_path):
    server = OwnRedis(tmp_path / "late")
    wanted = Wanted()
    bell = CeleryBell(server.url, wanted=wanted, pause_seconds=0.05)
    # Who is asked twice has failed once.
    wait_until(lambda: bell.ring() is None and len(wanted.asked_by) > 1)
    with server:
        wait_until(lambda: bell.ring() is None and rings_at(server) > 0, every=0.2)
    bell.close()


def test_a_bell_rings_again_after_every_connection_was_reset(empty_redis):
    with ResettingProxy(empty_redis.port) as proxy:
        bell = CeleryBell(f"redis://127.0.0.1:{proxy.port}/0", pause_seconds=0.05)
        bell.ring()
        wait_until(lambda: rings_at(empty_redis) > 0)
        proxy.reset_all()
        empty_redis.ask("FLUSHALL")
        wait_until(lambda: bell.ring() is None and rings_at(empty_redis) > 0, every=0.1)
        bell.close()


def test_a_question_that_fails_is_a_ring_lost_and_not_a_bell_lost(empty_redis):
    answers = iter([OSError("the database is away"), 1])
    asked = threading.Event()

    def wanted() -> int:
        asked.set()
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    bell = CeleryBell(empty_redis.url, wanted=wanted, pause_seconds=0.05)
    bell.ring()
    assert asked.wait(60)
    bell.ring()
    wait_until(lambda: rings_at(empty_redis) == 1)
    bell.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning")
def test_a_forked_process_has_a_bell_of_its_own(empty_redis):
    bell = CeleryBell(empty_redis.url)
    bell.ring()
    wait_until(lambda: rings_at(empty_redis) == 1)

    child = os.fork()
    if child == 0:
        failed = True
        try:
            bell.ring()
            # A process that ends takes its bell along.
            wait_until(lambda: rings_at(empty_redis) == 2)
            failed = not any(thread.name == "bell" for thread in threading.enumerate())
        finally:
            os._exit(int(failed))
    _, status = os.waitpid(child, 0)

    assert status == 0
    assert rings_at(empty_redis) == 2
    bell.close()


@pytest.mark.parametrize("url", ["memory://", "filesystem://", "sqla+sqlite:///x.db", "localhost:6379", ""])
def test_brokers_that_lose_work_are_refused(url):
    with pytest.raises(ConfigurationError) as refused:
        broker_settings(url)
    assert refused.value.code == "celery_broker_url"
