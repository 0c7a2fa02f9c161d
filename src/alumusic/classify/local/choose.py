"""Turns scores into classifications: one category, an honest confidence, at most `MAX_TAGS` tags."""

from typing import Final

import numpy as np

from alumusic.classify.local.dense import TAG_CODES
from alumusic.classify.local.model import Scores
from alumusic.domain.comments import MAX_TAGS, Category, Classification
from alumusic.domain.tags import group_of
from alumusic.domain.taxonomy import Group

_CATEGORIES: Final = tuple(Category)
_SPAM: Final = np.array([group_of(code) is Group.SPAM for code in TAG_CODES])
_FORBIDDEN: Final = -1e9
_SURER_OF_OTHERS: Final = 1.2
"""Log-odds by which a second and a third tag must be surer than a first: few comments are about several things."""


def classifications_of(scores: Scores) -> list[Classification]:
    """Choose for each row.

    The confidence is the probability of the best of the five categories as it is, not scaled up after
    NEUTRO is left out: what fits none of the five must look unsure.
    """
    five = scores.labels[:, : len(_CATEGORIES)]
    best = five.argmax(axis=1)
    spam = best == _CATEGORIES.index(Category.SPAM)
    # Spam is tagged as the kind of spam it is, and nothing else ever is.
    tags = np.where(spam[:, None] == _SPAM[None, :], scores.tags, _FORBIDDEN)
    return [
        Classification(
            category=_CATEGORIES[category],
            confidence=round(float(row[category]), 4),
            tags=_codes(tag_row, at_least_one=bool(is_spam)),
        )
        for category, row, tag_row, is_spam in zip(best, five, tags, spam, strict=True)
    ]


def _codes(log_odds: np.ndarray, *, at_least_one: bool) -> tuple[str, ...]:
    first, *others = np.argsort(-log_odds, kind="stable")[:MAX_TAGS]
    if log_odds[first] <= 0 and not at_least_one:
        return ()
    return (TAG_CODES[first], *(TAG_CODES[tag] for tag in others if log_odds[tag] > _SURER_OF_OTHERS))
