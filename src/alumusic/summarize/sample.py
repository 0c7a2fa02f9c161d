"""Chooses the comments that a summary is written from: all classes and frequent tags, within a budget."""

import math
import random
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from alumusic.domain.comments import Category
from alumusic.domain.summaries import SPOKEN, WeekFacts
from alumusic.domain.weeks import Week
from alumusic.query.counts import tag_counts
from alumusic.query.summaries import Candidate, most_confident, with_tag
from alumusic.text.repeating import for_a_model, leads_away, quotable, speaks_to_the_writer

TOKEN_BUDGET: Final = 6_000
"""Tokens of comments that a model reads for one summary: a hundred and fifty ordinary ones."""

LONGEST_TEXT: Final = 400
"""Characters of one comment that a model reads."""

MIN_SIMILAR: Final = 3
"""Comments of one class and tag that a week needs before one of them is quoted: a lone voice is not the public."""

SMALL_WEEK: Final = 50
"""A week with fewer comments has no public to speak of: there any voice may be quoted."""

_PER_CATEGORY: Final = 80
_PER_TAG: Final = 12
_TAGS: Final = 20
_CHARACTERS_PER_TOKEN: Final = 3
_OVERHEAD_TOKENS: Final = 30
Support = Counter[tuple[Category, str | None]]

_KEY_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Sampled:
    """A comment that was chosen."""

    key: str
    """By which a model may name it in this call, and no other: a comment cannot guess its neighbours'."""
    id: UUID
    text: str
    quote: str
    """The part of it that may be repeated."""
    words: frozenset[str]
    category: Category
    tags: tuple[str, ...]
    confidence: float

    @property
    def for_model(self) -> str:
        """What a model reads of it."""
        return for_a_model(self.text, longest=LONGEST_TEXT)


def sample_of(
    db: Connection, week: Week, facts: WeekFacts, *, zone: ZoneInfo, budget: int = TOKEN_BUDGET
) -> list[Sampled]:
    """Comments of `week` in the order in which they matter, until `budget` tokens are used up.

    Classes and tags take turns, so that each has its say however few comments it has. Left out are SPAM, what gives
    orders to whoever reads or leads people away, and what repeats another comment word for word.
    """
    groups: list[Iterable[Candidate]] = []
    for category in SPOKEN:
        confident = most_confident(db, week, category, zone=zone, limit=_PER_CATEGORY)
        groups += [confident, typical(confident)]
    groups += [with_tag(db, week, tag.code, zone=zone, limit=_PER_TAG) for tag in facts.tags[:_TAGS]]
    turns = (candidate for turn in zip_longest(*groups) for candidate in turn if candidate is not None)
    return _within(budget, _fit(turns, _supported(db, week, facts)))


def _supported(db: Connection, week: Week, facts: WeekFacts) -> Support:
    """How many comments of the week say what: by class, and by class and tag."""
    found: Support = Counter({(of.category, None): of.n for of in facts.categories})
    found.update(tag_counts(db, week.monday, week.sunday))
    return found


def _fit(candidates: Iterable[Candidate], support: Support) -> Iterable[Sampled]:
    seen_ids: set[UUID] = set()
    seen_words: set[frozenset[str]] = set()
    small = sum(n for (_, tag), n in support.items() if tag is None) < SMALL_WEEK
    for candidate in candidates:
        if candidate.id in seen_ids or candidate.words in seen_words:
            continue
        seen_ids.add(candidate.id)
        if not small and _similar(candidate, support) < MIN_SIMILAR:
            continue
        chosen = sampled(candidate)
        if chosen is not None:
            seen_words.add(candidate.words)
            yield chosen


def sampled(candidate: Candidate) -> Sampled | None:
    """A comment with a key of its own; None for one that gives orders, leads away, or has no words to repeat."""
    quote = quotable(candidate.text)
    if quote is None or speaks_to_the_writer(candidate.text) or leads_away(candidate.text):
        return None
    return Sampled(
        _key(), candidate.id, candidate.text, quote, candidate.words, candidate.category, candidate.tags,
        candidate.confidence,
    )  # fmt: skip


def _similar(candidate: Candidate, support: Support) -> int:
    by_tag = [support[candidate.category, tag] for tag in candidate.tags]
    return max(by_tag, default=support[candidate.category, None])


def _within(budget: int, chosen: Iterable[Sampled]) -> list[Sampled]:
    kept, used = [], 0
    for sampled in chosen:
        used += len(sampled.for_model) // _CHARACTERS_PER_TOKEN + _OVERHEAD_TOKENS
        if used > budget:
            break
        kept.append(sampled)
    return kept


def _key() -> str:
    return "".join(secrets.choice(_KEY_LETTERS) for _ in range(6))


def typical(candidates: Sequence[Candidate]) -> list[Candidate]:
    """`candidates`, those first that have most in common with the others: rare words count more than frequent ones."""
    having = Counter(word for candidate in candidates for word in candidate.words)
    weights = {word: math.log(1 + len(candidates) / n) for word, n in having.items() if n > 1}

    def in_common(candidate: Candidate) -> float:
        shared = sum(weights.get(word, 0.0) * (having[word] - 1) for word in candidate.words)
        # Long comments share more words with everybody without being any more typical.
        return shared / math.sqrt(len(candidate.words) + 4)

    return sorted(candidates, key=lambda candidate: (-in_common(candidate), str(candidate.id)))


def shuffled(sample: Sequence[Sampled]) -> list[Sampled]:
    """The sample in another order: models make more of what comes first, and nobody shall be able to aim for that."""
    mixed = list(sample)
    random.SystemRandom().shuffle(mixed)
    return mixed
