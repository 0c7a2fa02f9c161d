"""A day is called rising rarely when nothing happens, and at once when something does."""

import numpy as np
import pytest

from alumusic.domain.comments import Category
from alumusic.domain.trends import BASELINE_DAYS, FALSE_ALARMS_PER_WEEK, MIN_COUNT, SERIES, rises, upper_tail

QUIET_WEEKS = 1_000
_TAGS = 61
_WIDTH = _TAGS + 1
_CLASSES = np.array([0.28, 0.24, 0.15, 0.18, 0.15])
_WEEKDAYS = np.array([1.0, 0.9, 0.9, 1.0, 1.3, 1.6, 1.4])
_FEW_OFTEN = 1 / np.arange(1, _TAGS + 1) ** 1.1


class House:
    """Days of a house in which nothing happens: busier at weekends, with tags that follow weekdays of their own, and
    volume and shares that vary from day to day more than chance alone would have them."""

    def __init__(self, seed: int, *, per_day: float, spread: float) -> None:
        draw = np.random.default_rng(seed)
        self.days = BASELINE_DAYS + 7 * QUIET_WEEKS
        self.weekdays = np.arange(self.days) % 7
        volume = draw.poisson(per_day * _WEEKDAYS[self.weekdays] * draw.gamma(10, 0.1, self.days))
        self.counts = np.zeros((self.days, len(SERIES)))
        shares = _CLASSES * draw.gamma(1 / spread, spread, (self.days, 5))
        shares /= shares.sum(axis=1, keepdims=True)
        of_class = draw.multinomial(volume, shares)
        weekend = draw.choice([1.0, 1.0, 1.8], (5, _TAGS))
        for number in range(5):
            column = number * _WIDTH
            usual = np.roll(_FEW_OFTEN, 7 * number) * draw.gamma(1 / spread, spread, (self.days, _TAGS))
            usual[self.weekdays >= 5] *= weekend[number]
            usual *= 1.6 / usual.sum(axis=1, keepdims=True)
            self.counts[:, column] = of_class[:, number]
            self.counts[:, column + 1 : column + _WIDTH] = draw.binomial(of_class[:, [number]], np.minimum(usual, 1))
        self.volumes = volume.astype(float)
        self.draw = draw

    def rises(self, day: int, *, counts: np.ndarray | None = None, volume: float | None = None):
        before = slice(day - BASELINE_DAYS, day)
        return rises(
            self.counts[day] if counts is None else counts,
            self.volumes[day] if volume is None else volume,
            self.counts[before],
            self.volumes[before],
            self.weekdays[before],
            weekday=int(self.weekdays[day]),
        )


@pytest.mark.parametrize(("per_day", "spread"), [(40, 0.02), (250, 0.02), (250, 0.1)])
def test_a_thousand_quiet_weeks_have_no_more_false_alarms_than_is_stated(per_day, spread):
    house = House(7, per_day=per_day, spread=spread)

    alarmed = 0
    for week in range(QUIET_WEEKS):
        first = BASELINE_DAYS + 7 * week
        alarmed += any(house.rises(day) for day in range(first, first + 7))

    assert alarmed / QUIET_WEEKS <= FALSE_ALARMS_PER_WEEK


@pytest.mark.parametrize("per_day", [100, 250])
def test_a_crisis_of_twenty_points_is_found_on_its_first_day(per_day):
    house = House(11, per_day=per_day, spread=0.02)
    criticism = SERIES.index((Category.CRITICISM, None))
    tag = criticism + 17
    found = 0
    days = house.draw.integers(BASELINE_DAYS, house.days, 300)
    for day in days:
        counts, volume = house.counts[day].copy(), house.volumes[day]
        # So many more that the tag's share rises by twenty points: (before + more) / (all + more) = before / all + 0.2.
        extra = house.draw.poisson(0.2 * volume / (1 - counts[tag] / volume - 0.2))
        counts[[criticism, tag]] += extra
        found += any(column == tag for column, _, _ in house.rises(day, counts=counts, volume=volume + extra))

    assert found / len(days) >= 0.9


def test_a_crisis_that_has_no_one_tag_shows_in_its_class():
    house = House(13, per_day=250, spread=0.001)
    criticism = SERIES.index((Category.CRITICISM, None))
    days = house.draw.integers(BASELINE_DAYS, house.days, 300)
    found = 0
    for day in days:
        counts, volume = house.counts[day].copy(), house.volumes[day]
        extra = house.draw.poisson(0.2 * volume / (1 - counts[criticism] / volume - 0.2))
        counts[criticism] += extra
        found += any(column == criticism for column, _, _ in house.rises(day, counts=counts, volume=volume + extra))

    assert found / len(days) >= 0.9


def test_a_busy_day_with_the_usual_mix_is_no_trend():
    house = House(3, per_day=200, spread=0.02)
    day = BASELINE_DAYS + 20

    alike = [day, day + 7, day + 14]

    assert house.rises(day, counts=house.counts[alike].sum(axis=0), volume=house.volumes[alike].sum()) == []


def test_less_than_the_least_count_is_no_trend_however_improbable():
    house = House(3, per_day=200, spread=0.02)
    day = BASELINE_DAYS + 20
    counts = house.counts[day].copy()
    column = SERIES.index((Category.CRITICISM, "merchandising"))
    house.counts[:, column] = 0
    counts[column] = MIN_COUNT - 1
    assert not any(found == column for found, _, _ in house.rises(day, counts=counts))

    counts[column] = 2 * MIN_COUNT
    assert any(found == column for found, _, _ in house.rises(day, counts=counts))


def test_without_two_weeks_of_history_nobody_can_tell():
    nothing = np.zeros((BASELINE_DAYS, len(SERIES)))
    volumes = np.zeros(BASELINE_DAYS)
    volumes[-13:] = 100
    weekdays = np.arange(BASELINE_DAYS) % 7
    assert rises(np.full(len(SERIES), 50.0), 100.0, nothing, volumes, weekdays, weekday=0) == []


@pytest.mark.parametrize("mean", [0.01, 0.7, 3.0, 45.0, 900.0])
@pytest.mark.parametrize("shape", [0.3, 2.0, 40.0, 5_000.0])
def test_tail_probabilities_are_those_of_scipy(mean, shape):
    stats = pytest.importorskip("scipy.stats")
    for n in (0, 1, 2, 5, int(mean) + 1, int(2 * mean) + 5, int(6 * mean) + 20):
        expected = stats.nbinom.sf(n - 1, shape, shape / (shape + mean))
        assert upper_tail(n, mean, shape) == pytest.approx(expected, rel=1e-6, abs=1e-290)
