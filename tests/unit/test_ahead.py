"""Reading ahead changes when things are read, and nothing else."""

import threading
from collections.abc import Iterator

import pytest

from alumusic.ingest.ahead import one_ahead


def test_all_comes_in_order():
    assert list(one_ahead(iter(range(100)))) == list(range(100))


def test_nothing_comes_of_nothing():
    assert list(one_ahead(iter(()))) == []


def test_the_next_is_made_while_the_caller_is_busy():
    second_is_made = threading.Event()

    def making() -> Iterator[int]:
        yield 1
        second_is_made.set()
        yield 2

    items = one_ahead(making())
    assert next(items) == 1
    assert second_is_made.wait(60)
    assert list(items) == [2]


def test_what_goes_wrong_goes_wrong_in_its_turn():
    def making() -> Iterator[int]:
        yield 1
        raise ValueError("line 2")

    items = one_ahead(making())
    assert next(items) == 1
    with pytest.raises(ValueError, match="line 2"):
        next(items)


def test_who_stops_early_leaves_no_thread_behind():
    items = one_ahead(iter(range(100)))
    next(items)

    items.close()

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ahead")]
