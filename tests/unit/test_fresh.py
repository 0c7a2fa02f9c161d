"""One computation for everybody, and nothing older than was promised."""

import threading
from datetime import timedelta

import pytest

from alumusic.api.fresh import Fresh
from tests.examples import MONDAY_NOON

SECOND = timedelta(seconds=1)


class Counter:
    def __init__(self):
        self.made = 0
        self.background = []

    def make(self, _now):
        self.made += 1
        return self.made

    def fresh(self):
        return Fresh(self.make, renew_after=10 * SECOND, good_for=60 * SECOND, start=self.background.append)


def test_what_is_new_is_given_again_and_what_is_older_is_renewed_behind_the_scenes():
    counter = Counter()
    fresh = counter.fresh()
    assert [fresh.get(MONDAY_NOON + n * SECOND) for n in (0, 5, 10)] == [1, 1, 1]

    assert [fresh.get(MONDAY_NOON + n * SECOND) for n in (11, 12, 13)] == [1, 1, 1]

    assert len(counter.background) == 1  # One renewal, however many notice.
    counter.background.pop()()
    assert fresh.get(MONDAY_NOON + 14 * SECOND) == 2


def test_what_is_too_old_is_never_given():
    counter = Counter()
    fresh = counter.fresh()
    fresh.get(MONDAY_NOON)
    assert fresh.get(MONDAY_NOON + 61 * SECOND) == 2


def test_a_renewal_that_fails_leaves_the_old_one_and_is_tried_again():
    counter = Counter()
    fresh = counter.fresh()
    fresh.get(MONDAY_NOON)

    def broken(_now):
        raise RuntimeError("no database")

    fresh._make = broken
    fresh.get(MONDAY_NOON + 11 * SECOND)
    counter.background.pop()()

    assert fresh.get(MONDAY_NOON + 20 * SECOND) == 1
    fresh._make = counter.make
    counter.background.pop()()
    assert fresh.get(MONDAY_NOON + 21 * SECOND) == 2


def test_whoever_waits_for_the_first_one_is_told_of_its_failure_and_the_next_may_try():
    counter = Counter()
    fresh = counter.fresh()
    fresh._make, kept = lambda _now: 1 / 0, fresh._make
    with pytest.raises(ZeroDivisionError):
        fresh.get(MONDAY_NOON)
    fresh._make = kept
    assert fresh.get(MONDAY_NOON) == 1


def test_a_crowd_that_comes_at_once_waits_for_one_computation():
    started, made = threading.Event(), []

    def slowly(_now):
        assert started.wait(60)
        made.append(1)
        return len(made)

    fresh = Fresh(slowly, renew_after=10 * SECOND, good_for=60 * SECOND)
    found = []
    crowd = [threading.Thread(target=lambda: found.append(fresh.get(MONDAY_NOON))) for _ in range(20)]
    for one in crowd:
        one.start()
    started.set()
    for one in crowd:
        one.join()

    assert found == [1] * 20
    assert made == [1]


class Doorway:
    """A lock that counts who has come to it."""

    def __init__(self):
        self.lock, self.came = threading.Lock(), threading.Semaphore(0)

    def __enter__(self):
        self.came.release()
        self.lock.acquire()

    def __exit__(self, *_):
        self.lock.release()


def test_a_crowd_that_waits_for_a_computation_that_fails_does_not_try_in_turn():
    doorway, tried, told = Doorway(), [], []

    def in_vain(_now):
        tried.append(1)
        for _ in range(20):
            doorway.came.acquire()
        raise RuntimeError("no database")

    fresh = Fresh(in_vain, renew_after=10 * SECOND, good_for=60 * SECOND)
    fresh._making = doorway

    def ask():
        with pytest.raises(RuntimeError):
            fresh.get(MONDAY_NOON)
        told.append(1)

    crowd = [threading.Thread(target=ask, daemon=True) for _ in range(20)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(30)

    assert (len(told), len(tried)) == (20, 1)
