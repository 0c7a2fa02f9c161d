"""Decides whether a day has more of something than the weeks before let expect, with a stated rate of false alarms.

The count of a tag on a day is taken to be negative-binomial: its mean is the tag's share of the comments of the eight
weeks before, times the day's volume, times a factor of the weekday; its spread is a Poisson's, widened by how much the
tag's share has varied from day to day and by how little is known of it (the gamma-Poisson posterior predictive,
Gelman et al., Bayesian Data Analysis, 3rd ed., § 2.6). A busy day alone is no trend; a change of the mix is.
"""

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alumusic.domain.comments import Category
from alumusic.domain.tags import KNOWN_CODES

BASELINE_DAYS: Final = 56
"""Days before the one in question that say what to expect: eight of each weekday."""

MIN_DAYS: Final = 14
"""Days with comments that the baseline needs; with fewer nobody knows what is usual."""

MIN_COUNT: Final = 5
"""Fewer comments than this are no trend, whatever the arithmetic says, and would not be anonymous."""

FALSE_ALARMS_PER_WEEK: Final = 0.05
"""In a week in which nothing happens, the chance that anything at all is called rising on any of its days."""

SERIES: Final[tuple[tuple[Category, str | None], ...]] = tuple(
    (category, tag) for category in Category for tag in (None, *KNOWN_CODES)
)
"""Everything that is watched: each class as a whole, and each tag within it."""

_DAYS_PER_WEEK: Final = 7
_FOR_CLASSES: Final = 0.4
"""How much of the false alarms that are allowed goes to the five classes: there a crisis shows that has no one tag."""

CLASS_THRESHOLD: Final = FALSE_ALARMS_PER_WEEK * _FOR_CLASSES / (_DAYS_PER_WEEK * len(Category))
TAG_THRESHOLD: Final = FALSE_ALARMS_PER_WEEK * (1 - _FOR_CLASSES) / (_DAYS_PER_WEEK * len(Category) * len(KNOWN_CODES))
"""Bonferroni's bounds: the probabilities under which one count on one day is an alarm."""

_WEEKDAY_WEIGHT: Final = 20.0
"""Comments' worth of belief that a tag does not care about weekdays."""

_PRIOR_COUNT: Final = 0.5
"""Jeffreys' prior for a Poisson rate."""

_SPREAD_WEIGHT: Final = 50.0
"""How much a series must have (in squared comments) to be judged by its own spread rather than by everybody's."""

_ERRORS: Final = np.array([2.0 if tag is None else 3.0 for _, tag in SERIES])
"""Standard errors that are added to the estimate of a spread: three where few comments make for heavy tails."""

_LEAST_SPREAD: Final = 0.0025
"""Variance of a share from day to day, relative to its square, that is always allowed for."""

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rise:
    """Something of which a day has more than expected."""

    category: Category
    tag: str | None
    """None for the class as a whole."""
    day: date
    n: int
    expected: float
    volume: int
    """All comments of the day."""
    probability: float
    """Of so many or more, if nothing had changed."""


def upper_tail(n: int, mean: float, shape: float) -> float:
    """P(X ≥ n) of a negative-binomial X with that mean and the variance mean + mean²/shape.

    Above the mean it is summed upwards from n, so that a probability of 1e-30 is as exact as one of 0.1.
    """
    if n <= mean:
        # Not a small probability: what is below can be taken from 1.
        return 1.0 - sum(math.exp(_log_probability(below, mean, shape)) for below in range(n))
    term, total, ratio = math.exp(_log_probability(n, mean, shape)), 0.0, mean / (mean + shape)
    while term > total * 1e-12:
        total += term
        term *= ratio * (n + shape) / (n + 1)
        n += 1
    return min(1.0, total + term)


def _log_probability(n: int, mean: float, shape: float) -> float:
    """Logarithm of P(X = n)."""
    of_n = math.lgamma(n + shape) - math.lgamma(shape) - math.lgamma(n + 1)
    return of_n + shape * math.log(shape / (mean + shape)) + n * math.log(mean / (mean + shape))


def expectations(
    history: Counts, volumes: Counts, weekdays: NDArray[np.int64], *, today: float, weekday: int
) -> tuple[Counts, Counts]:
    """Mean and shape of today's count of every series.

    Args:
        history: a row for each day of the baseline, a column for each series.
        volumes: all comments of each of those days.
        weekdays: 0 to 6 for each of those days.
        today: all comments of the day in question.
        weekday: the weekday of that day.
    """
    known = history.sum(axis=0) + _PRIOR_COUNT
    share = known / (volumes.sum() + 1.0)
    usual = np.outer(volumes, share)
    factors = _weekday_factors(history, usual, weekdays)
    fitted = usual * factors[weekdays]
    spread = _spread(history, fitted)
    mean = today * share * factors[weekday]
    # What is not known of the share and of the weekday widens what may come, like a spread of its own.
    same_day = weekdays == weekday
    unknown = 1.0 / known + 1.0 / (_WEEKDAY_WEIGHT + usual[same_day].sum(axis=0))
    return mean, 1.0 / (spread + unknown)


def _weekday_factors(history: Counts, usual: Counts, weekdays: NDArray[np.int64]) -> Counts:
    factors = np.ones((7, history.shape[1]))
    for day in range(7):
        chosen = weekdays == day
        seen, awaited = history[chosen].sum(axis=0), usual[chosen].sum(axis=0)
        factors[day] = (seen + _WEEKDAY_WEIGHT) / (awaited + _WEEKDAY_WEIGHT)
    return factors


def _spread(history: Counts, fitted: Counts) -> Counts:
    """Variance of each share from day to day beyond Poisson's, relative to its square: by moments, and no less.

    A series with few comments says little about its own spread; all of them together say how much is usual. Either
    estimate is itself uncertain, and one that is too small costs false alarms: some standard errors are added.
    """
    excess, squares = (history - fitted) ** 2 - fitted, fitted**2
    pooled = float(excess.sum() / max(float(squares.sum()), 1e-9))
    total = squares.sum(axis=0) + _SPREAD_WEIGHT
    own = (excess.sum(axis=0) + _SPREAD_WEIGHT * max(0.0, pooled)) / total
    error = np.sqrt(((excess - squares * own) ** 2).sum(axis=0)) / total
    widest: Counts = np.maximum(own + _ERRORS * error, _LEAST_SPREAD)
    return widest


def rises(
    today: Counts, volume: float, history: Counts, volumes: Counts, weekdays: NDArray[np.int64], *, weekday: int
) -> list[tuple[int, float, float]]:
    """The series (by column) that rose, with what was expected and how improbable it is; the most improbable first."""
    if int((volumes > 0).sum()) < MIN_DAYS or volume <= 0:
        return []
    means, shapes = expectations(history, volumes, weekdays, today=volume, weekday=weekday)
    found = []
    for column in np.flatnonzero((today >= MIN_COUNT) & (today > means)):
        probability = upper_tail(int(today[column]), float(means[column]), float(shapes[column]))
        if probability <= (CLASS_THRESHOLD if SERIES[column][1] is None else TAG_THRESHOLD):
            found.append((int(column), float(means[column]), probability))
    return sorted(found, key=lambda item: item[2])
