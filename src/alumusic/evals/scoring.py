"""Turns answers into figures: accuracy with its interval, F1, calibration, coverage, tags; NEUTRO counted apart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support
from sklearn.preprocessing import MultiLabelBinarizer

from alumusic.domain.comments import REVIEW_BELOW, Category
from alumusic.domain.tags import KNOWN_CODES
from alumusic.evals.answers import Answered, AnsweredSet, Effort

CALIBRATION_BINS: Final = 15
"""Equal-width bins of confidence (Guo et al. 2017, "On Calibration of Modern Neural Networks")."""

RESAMPLES: Final = 2_000
SEED: Final = 20_261_124
"""The same answers always have the same interval."""

THRESHOLDS: Final = tuple(round(step * 0.05, 2) for step in range(20))

NO_ANSWER: Final = "SEM_RESPOSTA"
"""Column of the confusion matrix for what the classifier failed to answer."""

_CATEGORIES: Final = tuple(category.value for category in Category)
_MOST_MISTAKES: Final = 40

Interval = tuple[float, float]
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How well one category is told from the others."""

    precision: float
    recall: float
    f1: float
    n: int


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies in [`low`, `high`); the last bin holds 1 as well."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """What is left, and how right it is, when answers under `threshold` go to a person."""

    threshold: float
    coverage: float
    accuracy: float | None
    """None where nothing is left."""


@dataclass(frozen=True, slots=True)
class TagScore:
    """How well tags are found, over the comments whose tags somebody wrote down."""

    n: int
    micro_f1: float
    any_right: float | None
    """Share of the comments with tags for which at least one is right; None where none has tags."""


@dataclass(frozen=True, slots=True)
class NeutralScore:
    """What became of comments that fit no category: the right answer is to be unsure."""

    n: int
    held_back: float
    """Share under the threshold at which a person should look."""
    by_threshold: Mapping[float, float]
    by_category: Mapping[str, int]
    """What those were called that were not held back."""


@dataclass(frozen=True, slots=True)
class SliceScore:
    """One kind of comments."""

    name: str
    n: int
    accuracy: float
    accuracy_interval: Interval


@dataclass(frozen=True, slots=True)
class Score:
    """All figures of one set; those of the five categories are None where it holds only NEUTRO."""

    name: str
    n: int
    accuracy: float | None
    accuracy_interval: Interval | None
    macro_f1: float | None
    """Mean over the categories that occur in the set."""
    macro_f1_interval: Interval | None
    by_category: Mapping[Category, ClassScore]
    confusion: Mapping[str, Mapping[str, int]]
    """Expected category → answered category → comments."""
    ece: float | None
    bins: tuple[Bin, ...]
    coverage: tuple[CoveragePoint, ...]
    tags: TagScore | None
    neutral: NeutralScore | None
    slices: tuple[SliceScore, ...]
    mistakes: tuple[Answered, ...]
    """The most confident ones first."""
    effort: Effort
    notes: tuple[str, ...] = ()

    @property
    def spam_recall(self) -> float | None:
        """Share of spam that is called so; None without spam."""
        spam = self.by_category.get(Category.SPAM)
        return spam.recall if spam and spam.n else None


def score(answered: AnsweredSet) -> Score:
    """Score one set."""
    answers = answered.scored
    truth, given = _labels(answers)
    confusion = _confusion(truth, given)
    accuracy_interval, macro_interval = bootstrap_intervals(confusion)
    by_category = _by_category(truth, given)
    present = [found.f1 for found in by_category.values() if found.n]
    bins = calibration_bins(answers)
    return Score(
        name=answered.name,
        n=len(answers),
        accuracy=float(accuracy_score(truth, given)) if answers else None,
        accuracy_interval=accuracy_interval if answers else None,
        macro_f1=float(np.mean(present)) if present else None,
        macro_f1_interval=macro_interval if answers else None,
        by_category=by_category,
        confusion=_named(confusion),
        ece=calibration_error(bins) if answers else None,
        bins=bins,
        coverage=coverage(answers),
        tags=tag_score(answers),
        neutral=neutral_score(answered.neutral),
        slices=slice_scores(answers),
        mistakes=_mistakes(answers),
        effort=answered.effort,
        notes=answered.notes,
    )


def _labels(answers: Sequence[Answered]) -> tuple[list[str], list[str]]:
    truth = [str(answer.comment.category) for answer in answers]
    return truth, [str(answer.said.category or NO_ANSWER) for answer in answers]


def _confusion(truth: Sequence[str], given: Sequence[str]) -> npt.NDArray[np.int64]:
    """Expected by answered; the last column is what was not answered."""
    if not truth:
        return np.zeros((len(_CATEGORIES), len(_CATEGORIES) + 1), np.int64)
    whole = confusion_matrix(truth, given, labels=[*_CATEGORIES, NO_ANSWER])
    return np.asarray(whole[:-1], np.int64)


def _named(confusion: npt.NDArray[np.int64]) -> dict[str, dict[str, int]]:
    columns = list(_CATEGORIES) + ([NO_ANSWER] if confusion[:, -1].any() else [])
    return {
        expected: {given: int(confusion[row, column]) for column, given in enumerate(columns)}
        for row, expected in enumerate(_CATEGORIES)
    }


def _by_category(truth: Sequence[str], given: Sequence[str]) -> dict[Category, ClassScore]:
    if not truth:
        return {category: ClassScore(0.0, 0.0, 0.0, 0) for category in Category}
    precisions, recalls, f1s, counts = precision_recall_fscore_support(
        truth, given, labels=list(_CATEGORIES), zero_division=0
    )
    return {
        category: ClassScore(float(precision), float(recall), float(f1), int(n))
        for category, precision, recall, f1, n in zip(Category, precisions, recalls, f1s, counts, strict=True)
    }


def bootstrap_intervals(confusion: npt.NDArray[np.int64], *, resamples: int = RESAMPLES) -> tuple[Interval, Interval]:
    """Return the 95 % percentile intervals of accuracy and of macro-F1.

    Drawing comments with replacement is drawing cells of their confusion matrix: one multinomial draw is one resample.

    Args:
        confusion: expected by answered, one row for each category; a further column counts no answer.
        resamples: how often to draw.
    """
    total = int(confusion.sum())
    if not total:
        return (0.0, 0.0), (0.0, 0.0)
    draw = np.random.default_rng(SEED)
    drawn = draw.multinomial(total, confusion.ravel() / total, size=resamples).reshape(-1, *confusion.shape)
    size = confusion.shape[0]
    right = drawn[:, range(size), range(size)]
    expected = drawn.sum(axis=2)
    said = drawn.sum(axis=1)[:, :size]
    f1 = 2 * right / np.maximum(expected + said, 1)
    occurs = confusion.sum(axis=1) > 0
    return _percentiles(right.sum(axis=1) / total), _percentiles(f1[:, occurs].mean(axis=1))


def _percentiles(values: _Floats) -> Interval:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def calibration_bins(answers: Sequence[Answered], *, count: int = CALIBRATION_BINS) -> tuple[Bin, ...]:
    """Return the reliability diagram: the bins that hold any answer, in order."""
    confidence = np.array([answer.said.confidence for answer in answers])
    right = np.array([answer.right for answer in answers], float)
    place = np.minimum((confidence * count).astype(int), count - 1)
    return tuple(
        Bin(
            low=at / count,
            high=(at + 1) / count,
            n=int(here.sum()),
            confidence=float(confidence[here].mean()),
            accuracy=float(right[here].mean()),
        )
        for at in range(count)
        if (here := place == at).any()
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: the mean gap of the bins, by their size."""
    total = sum(found.n for found in bins)
    return sum(found.n * abs(found.confidence - found.accuracy) for found in bins) / total if total else 0.0


def coverage(answers: Sequence[Answered], *, thresholds: Sequence[float] = THRESHOLDS) -> tuple[CoveragePoint, ...]:
    """Return how much is kept, and how right that is, for each threshold of confidence."""
    points = []
    for threshold in thresholds:
        kept = [answer.right for answer in answers if answer.said.confidence >= threshold]
        share = len(kept) / len(answers) if answers else 0.0
        points.append(CoveragePoint(threshold, share, sum(kept) / len(kept) if kept else None))
    return tuple(points)


def tag_score(answers: Sequence[Answered]) -> TagScore | None:
    """Score the tags; None where nobody wrote any down."""
    tagged = [answer for answer in answers if answer.comment.tags is not None]
    pairs = [(answer.comment.tags or frozenset(), frozenset(answer.said.tags)) for answer in tagged]
    with_tags = [(expected, given) for expected, given in pairs if expected]
    if not with_tags:
        return None
    table = MultiLabelBinarizer(classes=list(KNOWN_CODES)).fit([])
    expected, given = (table.transform([pair[side] for pair in pairs]) for side in (0, 1))
    return TagScore(
        n=len(pairs),
        micro_f1=float(f1_score(expected, given, average="micro", zero_division=0)),
        any_right=sum(bool(expected & given) for expected, given in with_tags) / len(with_tags),
    )


def neutral_score(answers: Sequence[Answered]) -> NeutralScore | None:
    """Score what fits no category; None where the set has no such comments."""
    if not answers:
        return None
    confidence = [answer.said.confidence for answer in answers]

    def held_back(threshold: float) -> float:
        return sum(value < threshold for value in confidence) / len(confidence)

    kept = (answer.said.category or NO_ANSWER for answer in answers if answer.said.confidence >= REVIEW_BELOW)
    return NeutralScore(
        n=len(answers),
        held_back=held_back(REVIEW_BELOW),
        by_threshold={threshold: held_back(threshold) for threshold in THRESHOLDS},
        by_category={str(category): n for category, n in Counter(kept).most_common()},
    )


def slice_scores(answers: Sequence[Answered]) -> tuple[SliceScore, ...]:
    """Score each slice, the largest first."""
    by_slice: dict[str, list[bool]] = {}
    for answer in answers:
        for name in dict.fromkeys(answer.comment.slices):
            by_slice.setdefault(name, []).append(answer.right)
    found = [
        SliceScore(name, len(right), sum(right) / len(right), interval_of(sum(right), len(right)))
        for name, right in by_slice.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.n, one.name)))


def interval_of(right: int, total: int) -> Interval:
    """Return the 95 % bootstrap interval of `right` of `total`."""
    return bootstrap_intervals(np.array([[right, total - right]], np.int64))[0]


def _mistakes(answers: Sequence[Answered]) -> tuple[Answered, ...]:
    wrong = (answer for answer in answers if not answer.right)
    return tuple(sorted(wrong, key=lambda answer: -answer.said.confidence)[:_MOST_MISTAKES])
