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


def quick(bell: CeleryBell, *, times: int = 200) -> float:
    """The longest that one of many rings took, in seconds."""
    longest = 0.0
    for _ in range(times):
        began = time.perf_counter()
        bell.ring()
        longest = max(longest, time.perf_counter() - began)
    return longest


def test_a_ring_becomes_a_message_without_arguments(empty_redis):
    bell = CeleryBell(empty_redis.url)
    bell.ring()
    wait_until(lambda: rings_at(empty_redis) == 1, seconds=10)
    bell.close()

    message = json.loads(empty_redis.ask("LINDEX", QUEUE, "0").split(b"\r\n")[1])
    assert message["headers"]["task"] == JobName.CLASSIFY_DUE
    assert message["headers"]["argsrepr"] == "()"
    assert message["headers"]["expires"] is not None
    assert message["headers"]["eta"] is None
    assert message["content-type"] == "application/json"


def test_many_rings_are_few_messages(empty_redis):
    bell = CeleryBell(empty_redis.url, pause_seconds=0.5)
    quick(bell, times=1_000)
    wait_until(lambda: rings_at(empty_redis) >= 1, seconds=10)
    time.sleep(0.7)
    bell.close()

    assert rings_at(empty_redis) <= 3


def test_one_ring_wakes_as_many_workers_as_would_find_work(empty_redis):
    bell = CeleryBell(empty_redis.url, wanted=lambda: 5)
    bell.ring()
    wait_until(lambda: rings_at(empty_redis) == 5, seconds=10)
    bell.close()


def test_a_broker_that_is_not_there_costs_a_ring_nothing():
    bell = CeleryBell(f"redis://127.0.0.1:{free_port()}/0")

    assert quick(bell) < 0.05
    bell.close()


def test_a_broker_that_accepts_and_says_nothing_costs_a_ring_nothing():
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        bell = CeleryBell(f"redis://127.0.0.1:{frozen.getsockname()[1]}/0")

        assert quick(bell) < 0.05
        bell.close()


def test_a_broker_that_comes_back_is_rung_again(tmp_path):
    server = OwnRedis(tmp_path / "late")
    bell = CeleryBell(server.url, pause_seconds=0.05)
    bell.ring()
    time.sleep(0.3)
    with server:
        wait_until(lambda: bell.ring() is None and rings_at(server) > 0, seconds=15, every=0.2)
    bell.close()


def test_a_bell_rings_again_after_every_connection_was_reset(empty_redis):
    with ResettingProxy(empty_redis.port) as proxy:
        bell = CeleryBell(f"redis://127.0.0.1:{proxy.port}/0", pause_seconds=0.05)
        bell.ring()
        wait_until(lambda: rings_at(empty_redis) > 0, seconds=10)
        proxy.reset_all()
        empty_redis.ask("FLUSHALL")
        wait_until(lambda: bell.ring() is None and rings_at(empty_redis) > 0, seconds=15, every=0.1)
        bell.close()


def test_a_question_that_fails_is_a_ring_lost_and_not_a_bell_lost(empty_redis):
    answers = iter([OSError("the database is away"), 1])

    def wanted() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    bell = CeleryBell(empty_redis.url, wanted=wanted, pause_seconds=0.05)
    bell.ring()
    time.sleep(0.3)
    bell.ring()
    wait_until(lambda: rings_at(empty_redis) == 1, seconds=10)
    bell.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning")
def test_a_forked_process_has_a_bell_of_its_own(empty_redis):
    bell = CeleryBell(empty_redis.url)
    bell.ring()
    wait_until(lambda: rings_at(empty_redis) == 1, seconds=10)

    child = os.fork()
    if child == 0:
        bell.ring()
        is_there = any(thread.name == "bell" for thread in threading.enumerate())
        time.sleep(1)
        os._exit(0 if is_there else 1)
    _, status = os.waitpid(child, 0)

    assert status == 0
    wait_until(lambda: rings_at(empty_redis) == 2, seconds=10)
    bell.close()


@pytest.mark.parametrize("url", ["memory://", "filesystem://", "sqla+sqlite:///x.db", "localhost:6379", ""])
def test_brokers_that_lose_work_are_refused(url):
    with pytest.raises(ConfigurationError) as refused:
        broker_settings(url)
    assert refused.value.code == "celery_broker_url"
