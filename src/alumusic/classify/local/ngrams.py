"""Counts words, pairs of words and pieces of words, weighed by TF-IDF, as compressed sparse rows of numpy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from alumusic.text.tokens import BREAK

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

_START, _END = "^", "$"
_SHORTEST, _LONGEST = 2, 5
_STEM: Final = 5
"""Letters of a rough stem: "cantando", "cantaria" and "cantava" are "canta-"."""
BLOCKS: Final = 2
"""Words and pieces of words are scaled to length 1 apart, or the many pieces would drown the words."""


def word_grams(tokens: Sequence[str]) -> list[str]:
    """Return the words of `tokens`, pairs of neighbours, pairs around a gap, and pairs of rough stems.

    The ends of a comment count as neighbours; a clause break parts neighbours, but not pairs around it.
    """
    grams = [token for token in tokens if token != BREAK]
    padded = (_START, *tokens, _END)
    stems = [token if len(token) <= _STEM else f"{token[:_STEM]}-" for token in padded]
    grams.extend(f"{left} {right}" for left, right in pairwise(padded) if BREAK not in (left, right))
    grams.extend(f"{left} _ {right}" for left, right in zip(padded, padded[2:], strict=False))
    # A pair of unshortened words is there already.
    grams.extend(f"{left} {right}" for left, right in pairwise(stems) if left[-1] == "-" or right[-1] == "-")
    return grams


def pieces(token: str) -> tuple[str, ...]:
    """Return the character n-grams inside the padded `token`; marked with "~", for they are not words."""
    if not token[0].isalpha():
        return ()
    padded = f" {token} "
    return tuple(
        "~" + padded[start : start + length]
        for length in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(padded) - length + 1)
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows: row i holds `values[starts[i]:starts[i + 1]]` in the columns `ids[...]`.

    Each row ends with the column `width`, valued 0, so that no row is empty (`reduceat` needs that).
    """

    starts: Integers
    ids: Integers
    values: Floats
    width: int

    def times(self, weights: Floats) -> Floats:
        """Multiply with `weights`, which has `width` rows and one of zeros after them."""
        products = weights[self.ids]
        products *= self.values[:, None]
        return np.add.reduceat(products, self.starts[:-1], axis=0)


class Vocabulary:
    """The n-grams a model knows: first `word_count` of words, then of pieces, each with its weight."""

    def __init__(self, grams: Sequence[str], idf: Floats, *, word_count: int) -> None:
        self.grams = tuple(grams)
        self.word_count = word_count
        self.idf = np.append(idf.astype(np.float32), np.float32(0))
        self._ids = {gram: number for number, gram in enumerate(grams)}
        # Words repeat far more than comments do, so their pieces are looked up once.
        self._piece_ids = lru_cache(maxsize=65_536)(self._look_up_pieces)

    def __len__(self) -> int:
        return len(self.grams)

    def _look_up_pieces(self, token: str) -> tuple[int, ...]:
        ids = self._ids
        return tuple(ids[piece] for piece in pieces(token) if piece in ids)

    def _ids_of(self, tokens: Sequence[str]) -> list[int]:
        ids = self._ids
        found = [ids[gram] for gram in word_grams(tokens) if gram in ids]
        for token in tokens:
            found.extend(self._piece_ids(token))
        return found

    def rows(self, comments: Iterable[Sequence[str]]) -> Rows:
        """Return one row for each list of tokens."""
        width = len(self)
        ids: list[int] = []
        lengths: list[int] = []
        for tokens in comments:
            found = self._ids_of(tokens)
            found.append(width)
            ids.extend(found)
            lengths.append(len(found))
        row_of_id = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        cells, counts = np.unique(row_of_id * (width + 1) + np.array(ids, dtype=np.int64), return_counts=True)
        rows, columns = np.divmod(cells, width + 1)
        values = (1 + np.log(counts)) * self.idf[columns]
        blocks = rows * BLOCKS + (columns >= self.word_count)
        lengths_of_blocks = np.sqrt(np.bincount(blocks, values**2, minlength=len(lengths) * BLOCKS))
        values /= np.maximum(lengths_of_blocks, 1e-9)[blocks]
        starts = np.append(0, np.cumsum(np.bincount(rows, minlength=len(lengths))))
        return Rows(starts, columns, values.astype(np.float32), width)
