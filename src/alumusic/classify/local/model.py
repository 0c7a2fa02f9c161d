"""Says what comments are, with numpy alone: a small neural network and a linear model, averaged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from alumusic.classify.local.ngrams import Floats, Vocabulary
from alumusic.classify.local.reading import ReadComments, read_comments
from alumusic.classify.local.weights import Weights

_CHUNK: Final = 128
"""Comments computed at once: a few MB that stay in a core's cache."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model thinks of some comments, one row each."""

    labels: Floats
    """Probabilities of the classes inside: the five of the business, then NEUTRO."""
    tags: Floats
    """Log-odds above the threshold of each tag: positive means the comment is about it."""


class LocalModel:
    """A trained model, ready to answer. It keeps no state but caches, so threads may share it."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._vocabulary = Vocabulary(weights.grams, weights.idf, word_count=weights.word_count)
        together = np.hstack([weights.gram_weights, weights.tag_gram_weights])
        # A row of zeros for the column that ends each sparse row.
        self._gram_weights = np.vstack([together, np.zeros((1, together.shape[1]), np.float32)])

    def score(self, texts: Sequence[str]) -> Scores:
        """Return the scores of `texts` in order."""
        chunks = [
            self._score_read(read_comments(texts[first : first + _CHUNK])) for first in range(0, len(texts), _CHUNK)
        ]
        weights = self.weights
        if not chunks:
            return Scores(
                np.zeros((0, len(weights.output_bias)), np.float32),
                np.zeros((0, len(weights.tag_bias)), np.float32),
            )
        return Scores(*(np.concatenate(parts) for parts in zip(*chunks, strict=True)))

    def _score_read(self, comments: ReadComments) -> tuple[Floats, Floats]:
        weights = self.weights
        rows = self._vocabulary.rows(comments.tokens)
        dense = (comments.dense - weights.dense_mean) * weights.dense_scale
        found = rows.times(self._gram_weights)
        classes = weights.gram_weights.shape[1]
        mixed = np.asarray(found[:, :classes] + dense @ weights.dense_weights + weights.bias)
        hidden, linear = mixed[:, : weights.hidden], mixed[:, weights.hidden :]
        network = np.maximum(hidden, 0) @ weights.output_weights + weights.output_bias
        share = weights.network_share
        logits = share * log_softmax(network) + (1 - share) * log_softmax(linear)
        labels = np.exp(log_softmax((logits + weights.shift) / weights.temperature))
        tags = (
            found[:, classes:]
            + comments.keywords @ weights.tag_keyword_weights
            + np.exp(log_softmax(logits)) @ weights.tag_dense_weights
            + weights.tag_bias
            - weights.tag_thresholds
        )
        return labels, tags


def log_softmax(logits: npt.NDArray[np.floating]) -> Floats:
    """Return the logarithm of the probabilities that `logits` stand for, row by row."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)), np.float32)
