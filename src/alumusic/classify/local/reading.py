"""Reads comments once for everything the model needs: tokens, measures and keywords of tags."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alumusic.classify.local.dense import Reading, dense_features
from alumusic.classify.local.ngrams import Floats
from alumusic.text.tokens import clean, folded_tokens, raw_tokens


@dataclass(frozen=True, slots=True)
class ReadComments:
    """Comments as the model sees them, one row each."""

    tokens: list[list[str]]
    dense: Floats
    keywords: Floats
    """Logarithm of 1 + keywords seen, one column for each tag of `TAG_CODES`."""

    def __len__(self) -> int:
        return len(self.tokens)


def read_comments(texts: Sequence[str]) -> ReadComments:
    """Read `texts`, which must not be none at all."""
    tokens: list[list[str]] = []
    dense: list[list[float]] = []
    keywords: list[list[int]] = []
    for text in texts:
        cleaned = clean(text)
        words = [token for raw in raw_tokens(cleaned) for token in folded_tokens(raw)]
        seen = Reading(words)
        tokens.append(words)
        dense.append(dense_features(cleaned, words, seen))
        keywords.append(seen.tag_counts())
    return ReadComments(tokens, np.array(dense, dtype=np.float32), np.log1p(np.array(keywords, dtype=np.float32)))
