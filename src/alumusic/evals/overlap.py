"""Finds texts of one set that are also in another, alike in all but details: what a model saw cannot measure it."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from alumusic.text.normalize import search_words

GRAM: Final = 5
"""Characters of a shingle."""

ALIKE: Final = 0.8
"""Jaccard similarity from which two texts count as one."""

Grams = frozenset[str]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two texts that are one, by their places."""

    left: int
    right: int
    similarity: float
    """1 for texts that are the same but for case, accents, signs and spaces."""


def grams(text: str) -> Grams:
    """Return the shingles of `text` without case, accents and signs; a text of nothing else stands for itself."""
    folded = search_words(text) or text.strip()
    if len(folded) <= GRAM:
        return frozenset({folded})
    return frozenset(folded[at : at + GRAM] for at in range(len(folded) - GRAM + 1))


def similarity(one: Grams, other: Grams) -> float:
    """Return the Jaccard similarity: the share of all their shingles that both have."""
    return len(one & other) / len(one | other)


def overlaps(left: Sequence[str], right: Sequence[str], *, alike: float = ALIKE) -> Iterator[Overlap]:
    """Yield each pair of `left` and `right` whose similarity is at least `alike`, by the place in `left`.

    Two sets that alike share at least one of the rarest few shingles of each, so only those are indexed (prefix
    filtering: Chaudhuri et al. 2006, "A primitive operator for similarity joins in data cleaning").
    """
    left_grams, right_grams = [grams(text) for text in left], [grams(text) for text in right]
    counts = Counter(gram for found in (*left_grams, *right_grams) for gram in found)
    index: dict[str, list[int]] = defaultdict(list)
    for at, found in enumerate(right_grams):
        for gram in _rarest(found, counts, alike):
            index[gram].append(at)
    for at, found in enumerate(left_grams):
        candidates = {other for gram in _rarest(found, counts, alike) for other in index.get(gram, ())}
        for other in sorted(candidates):
            shared = similarity(found, right_grams[other])
            if shared >= alike:
                yield Overlap(at, other, shared)


def _rarest(found: Grams, counts: Counter[str], alike: float) -> list[str]:
    """As many of the rarest as cannot all be missing from a set that is `alike`."""
    needed = math.ceil(alike * len(found) - 1e-9)
    return sorted(found, key=lambda gram: (counts[gram], gram))[: len(found) - needed + 1]
