"""How many calls a provider likes at once."""

import threading

import pytest

from alumusic.classify.concurrency import Concurrency
from alumusic.domain.providers import Trouble


def test_until_the_first_trouble_every_success_adds_a_slot():
    slots = Concurrency(8, start=2)
    for _ in range(3):
        slots.succeeded()
    assert slots.limit == 5


def test_after_a_trouble_a_whole_round_of_successes_adds_one():
    slots = Concurrency(8, start=4)
    slots.troubled(Trouble.BUSY)
    assert slots.limit == 2
    slots.succeeded()
    assert slots.limit == 2
    slots.succeeded()
    assert slots.limit == 3


@pytest.mark.parametrize(
    ("trouble", "left"), [(Trouble.BUSY, 4), (Trouble.TIMEOUT, 4), (Trouble.SERVER, 5), (Trouble.KEY, 8)]
)
def test_each_kind_of_trouble_takes_its_share(trouble, left):
    slots = Concurrency(8)
    slots.troubled(trouble)
    assert slots.limit == left


def test_there_is_always_one_slot_and_never_more_than_allowed():
    slots = Concurrency(3)
    for _ in range(20):
        slots.troubled(Trouble.BUSY)
    assert slots.limit == 1
    for _ in range(50):
        slots.succeeded()
    assert slots.limit == 3


def test_a_slot_is_somebodys_until_it_is_given_back():
    slots = Concurrency(1)
    assert slots.take(wait_seconds=0)
    assert not slots.take(wait_seconds=0.01)
    threading.Timer(0.05, slots.give_back).start()
    assert slots.take(wait_seconds=60)
