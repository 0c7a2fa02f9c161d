"""The capacity model on paper agrees with a simulated day."""

import importlib.util
import sys
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("capacity", Path(__file__).parents[2] / "bench" / "capacity.py")
capacity = importlib.util.module_from_spec(_SPEC)


@pytest.fixture(scope="module", autouse=True)
def loaded():
    sys.modules["capacity"] = capacity
    _SPEC.loader.exec_module(capacity)
    yield
    del sys.modules["capacity"]


def test_a_day_of_arrivals_adds_up_and_has_its_peak():
    day = [capacity.arrivals(second, 10.0, 4.0) for second in range(0, capacity.DAY, 60)]
    assert sum(day) / len(day) == pytest.approx(10.0, rel=0.05)
    assert max(day) == pytest.approx(40.0, rel=0.01)


@pytest.mark.parametrize("per_day", [1_000, 300_000, 1_000_000])
def test_what_the_model_asks_for_is_enough(per_day):
    need = capacity.needed(per_day)
    assert capacity.simulated_wait(per_day, need.slots) < 60


def test_half_of_it_is_not():
    need = capacity.needed(1_000_000)
    assert capacity.simulated_wait(1_000_000, need.slots // 2) > 600


def test_ten_times_the_comments_take_about_ten_times_as_much():
    small, large = capacity.needed(10_000_000), capacity.needed(100_000_000)
    assert large.slots / small.slots == pytest.approx(10, rel=0.05)
    assert large.dollars_a_day / small.dollars_a_day == pytest.approx(10)
