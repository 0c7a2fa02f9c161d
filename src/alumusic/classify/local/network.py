"""Trains the small neural network: one hidden layer, dropout on the words, Adam; repeatable to the bit."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from alumusic.classify.local.model import log_softmax
from alumusic.classify.local.ngrams import Floats, Integers

_FIRST_DECAY, _SECOND_DECAY, _EPSILON = 0.9, 0.999, 1e-8
"""The usual ones of Adam (Kingma and Ba, 2015)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How the network is trained; what was tried is in docs/local-model.md."""

    hidden: int = 32
    epochs: int = 15
    rate: float = 3e-3
    word_dropout: float = 0.3
    hidden_dropout: float = 0.3
    smoothing: float = 0.05
    """Share of each label given to all classes: keeps the confidence of a wrong answer low."""
    batch: int = 512
    seed: int = 0


def train_network(
    rows: Any, labels: Integers, importance: Floats, *, classes: int, recipe: Recipe
) -> tuple[Floats, Floats, Floats, Floats]:
    """Fit to `rows` (a SciPy CSR matrix) and return weights and biases of the two layers."""
    rng = np.random.default_rng(recipe.seed)
    count, width = rows.shape
    parameters = [
        (rng.standard_normal((width, recipe.hidden)) * 0.1).astype(np.float32),
        np.zeros(recipe.hidden, np.float32),
        (rng.standard_normal((recipe.hidden, classes)) / np.sqrt(recipe.hidden)).astype(np.float32),
        np.zeros(classes, np.float32),
    ]
    targets = np.full((count, classes), recipe.smoothing / classes, np.float32)
    targets[np.arange(count), labels] += 1 - recipe.smoothing
    adam = _Adam(parameters, steps=recipe.epochs * -(-count // recipe.batch), rate=recipe.rate)
    seen = _Seen(width)
    for _ in range(recipe.epochs):
        order = rng.permutation(count)
        for first in range(0, count, recipe.batch):
            chosen = order[first : first + recipe.batch]
            ids, batch = seen.alone(rows[chosen])
            gradients = _gradients(
                [parameters[0][ids], *parameters[1:]],
                batch,
                targets=targets[chosen],
                importance=importance[chosen],
                recipe=recipe,
                rng=rng,
            )
            adam.step(gradients, only=ids)
    first_weights, first_bias, second_weights, second_bias = parameters
    return first_weights, first_bias, second_weights, second_bias


def _gradients(
    parameters: list[Floats],
    rows: Any,
    *,
    targets: Floats,
    importance: Floats,
    recipe: Recipe,
    rng: np.random.Generator,
) -> list[Floats]:
    """Return the gradient of the cross-entropy for one batch, with fresh dropout."""
    first_weights, first_bias, second_weights, second_bias = parameters
    rows.data *= _kept(rng, rows.data.shape, recipe.word_dropout)
    before = rows @ first_weights + first_bias
    passing = (before > 0) * _kept(rng, before.shape, recipe.hidden_dropout)
    hidden = before * passing
    predicted = np.exp(log_softmax(hidden @ second_weights + second_bias))
    wrong = ((predicted - targets) * importance[:, None] / len(targets)).astype(np.float32)
    hidden_wrong = ((wrong @ second_weights.T) * passing).astype(np.float32)
    return [rows.T @ hidden_wrong, hidden_wrong.sum(0), hidden.T @ wrong, wrong.sum(0)]


def _kept(rng: np.random.Generator, shape: tuple[int, ...], dropout: float) -> Floats:
    kept: npt.NDArray[np.bool_] = rng.random(shape, dtype=np.float32) >= dropout
    return kept.astype(np.float32) / np.float32(1 - dropout)


class _Seen:
    """Finds the columns that a batch has anything in: a fifth of them all, so the rest need not be touched."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._places = np.zeros(width, np.int32)

    def alone(self, batch: Any) -> tuple[Integers, Any]:
        """Return the ids of those columns, ascending, and `batch` with no other."""
        found = np.zeros(self._width, bool)
        found[batch.indices] = True
        ids = np.flatnonzero(found)
        self._places[ids] = np.arange(len(ids), dtype=np.int32)
        parts = (batch.data, self._places[batch.indices], batch.indptr)
        return ids, type(batch)(parts, shape=(batch.shape[0], len(ids)))


class _Adam:
    """Adam with a rate that falls to nothing; of the first parameter only the rows in use move, and their moments."""

    def __init__(self, parameters: list[Floats], *, steps: int, rate: float) -> None:
        self._parameters = parameters
        self._means = [np.zeros_like(parameter) for parameter in parameters]
        self._squares = [np.zeros_like(parameter) for parameter in parameters]
        self._steps, self._rate, self._done = steps, rate, 0

    def step(self, gradients: list[Floats], *, only: Integers) -> None:
        """Move by `gradients`; that of the first parameter is for its rows `only`."""
        self._done += 1
        mean_share = 1 - _FIRST_DECAY**self._done
        square_share = 1 - _SECOND_DECAY**self._done
        rate = np.float32(self._rate * (1 - self._done / (self._steps + 1)) * np.sqrt(square_share) / mean_share)
        epsilon = np.float32(_EPSILON * np.sqrt(square_share))
        where: list[Any] = [only, *([slice(None)] * (len(gradients) - 1))]
        moments = zip(where, self._parameters, self._means, self._squares, gradients, strict=True)
        for here, parameter, means, squares, gradient in moments:
            mean, square = _moments(means[here], squares[here], gradient)
            means[here], squares[here] = mean, square
            parameter[here] -= rate * mean / (np.sqrt(square) + epsilon)


def _moments(mean: Floats, square: Floats, gradient: Floats) -> tuple[Floats, Floats]:
    """Return both running means with `gradient` in them, in place: new arrays cost more than the sums."""
    mean *= np.float32(_FIRST_DECAY)
    mean += gradient * np.float32(1 - _FIRST_DECAY)
    square *= np.float32(_SECOND_DECAY)
    square += np.square(gradient) * np.float32(1 - _SECOND_DECAY)
    return mean, square
