"""Says what a curator should look at next, and hands on what curators have said: to training, and to prompts."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, exists, func, select
from sqlalchemy.sql import Select

from alumusic.domain.comments import REVIEW_BELOW, Category, Classification, Origin, Status
from alumusic.domain.review import ReviewState, ToReview
from alumusic.store.opinions import split_tags
from alumusic.store.tables import classifications, comments
from alumusic.text.normalize import search_words

_C: Final = comments.c
_SAID: Final = classifications.c

MOST_EXAMPLES: Final = 5_000
"""Corrected comments among which the nearest ones are looked for: the latest."""


def review_queue(
    db: Connection, *, limit: int, below: float | None = None, skip: Collection[UUID] = ()
) -> list[ToReview]:
    """The comments that nobody has reviewed, those first of which a model is least sure."""
    question = (
        _to_review(_C.category, _C.confidence, _C.tags)
        .where(_C.status == Status.DONE, _C.confidence.is_not(None), _C.reviewed_at.is_(None))
        .order_by(_C.confidence, _C.seq)
    )
    if below is not None:
        question = question.where(_C.confidence < below)
    # More than are wanted, instead of a list of ids in the statement.
    rows = db.execute(question.limit(limit + len(skip)))
    return [_found(row) for row in rows if row.id not in skip][:limit]


def second_reading_queue(db: Connection, *, user_id: int, limit: int, skip: Collection[UUID] = ()) -> list[ToReview]:
    """Comments that other curators have reviewed and this one has not, the latest reviewed first.

    What is shown is what the model had said, not what the other person did: the second reading must be blind.
    """
    last = (
        select(func.max(_SAID.generation))
        .where(_SAID.comment_id == _C.id, _SAID.origin != Origin.CURATOR)
        .correlate(comments)
        .scalar_subquery()
    )
    mine = exists().where(_SAID.comment_id == _C.id, _SAID.origin == Origin.CURATOR, _SAID.by_user_id == user_id)
    machine = classifications.alias("machine")
    question = (
        _to_review(machine.c.category, machine.c.confidence, machine.c.tags)
        .join(machine, (machine.c.comment_id == _C.id) & (machine.c.generation == last))
        .where(_C.status == Status.DONE, _C.reviewed_at.is_not(None), ~mine)
        .order_by(_C.reviewed_at.desc(), _C.seq)
        .limit(limit + len(skip))
    )
    return [_found(row) for row in db.execute(question) if row.id not in skip][:limit]


def _to_review(category: ColumnElement[Any], confidence: ColumnElement[Any], tags: ColumnElement[Any]) -> Select[Any]:
    return select(
        _C.seq,
        _C.id,
        _C.text,
        _C.artist,
        category.label("category"),
        confidence.label("confidence"),
        tags.label("tags"),
    ).select_from(comments)


def _found(row: Any) -> ToReview:
    tags = tuple(row.tags) if isinstance(row.tags, list) else split_tags(row.tags)
    return ToReview(row.seq, row.id, row.text, Category(row.category), row.confidence, tags, row.artist)


def said_by_model(db: Connection, comment_id: UUID) -> Classification | None:
    """What a model last said of a comment, whatever people have said since; None where none ever did."""
    row = db.execute(
        select(_SAID.category, _SAID.confidence, _SAID.tags)
        .where(_SAID.comment_id == comment_id, _SAID.origin != Origin.CURATOR)
        .order_by(_SAID.generation.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Classification(Category(row.category), row.confidence, tuple(row.tags))


def review_state(db: Connection) -> ReviewState:
    """How many comments wait for a look, and how many had one."""
    # What a curator has decided is certain, so that whatever is unsure has not been reviewed: one range of an index.
    waiting = db.scalar(select(func.count()).select_from(comments).where(_C.confidence < REVIEW_BELOW))
    reviewed = db.scalar(select(func.count()).select_from(comments).where(_C.reviewed_at.is_not(None)))
    return ReviewState(waiting or 0, reviewed or 0)


# --- what curators have said --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Corrected:
    """A comment with what a curator says it is."""

    text: str
    classification: Classification


def corrected_comments(db: Connection, *, limit: int | None = None) -> list[Corrected]:
    """The comments that a curator has decided, the latest first: rows to train with, or examples for a prompt.

    A text that was decided more than once counts as it was decided last.
    """
    question = (
        select(_C.text, _C.category, _C.tags)
        .where(_C.reviewed_at.is_not(None), _C.status == Status.DONE, _C.category.is_not(None))
        .order_by(_C.reviewed_at.desc(), _C.seq)
    )
    rows = db.execute(question if limit is None else question.limit(limit))
    found: dict[str, Corrected] = {}
    for row in rows:
        said = Classification(Category(row.category), 1.0, split_tags(row.tags), origin=Origin.CURATOR)
        found.setdefault(search_words(row.text) or row.text, Corrected(row.text, said))
    return list(found.values())


class CorrectedExamples:
    """Finds the corrected comments that are nearest to a text, by the words they share.

    Texts of evaluation sets are left out however they got into the database: a prompt that holds the answer to a test
    makes the test worthless.
    """

    def __init__(self, corrected: Sequence[Corrected], *, never: Iterable[str] = ()) -> None:
        excluded = {search_words(text) for text in never}
        self._kept = [one for one in corrected if search_words(one.text) not in excluded]
        self._words = [frozenset(search_words(one.text).split()) for one in self._kept]
        self._having: dict[str, list[int]] = defaultdict(list)
        for position, words in enumerate(self._words):
            for word in words:
                self._having[word].append(position)

    @classmethod
    def load(cls, db: Connection, *, never: Iterable[str] = ()) -> "CorrectedExamples":
        """The latest of those in the database."""
        return cls(corrected_comments(db, limit=MOST_EXAMPLES), never=never)

    def nearest(self, text: str, *, limit: int, at_least: float = 0.2) -> list[Corrected]:
        """At most `limit` of them, the nearest first, that share so much of the weight of their words with `text`.

        Rare words weigh more (their inverse document frequency); `text` itself is no example for itself.
        """
        words = frozenset(search_words(text).split())
        shared: Counter[int] = Counter()
        for word in words:
            for position in self._having.get(word, ()):
                shared[position] += 1
        scores = {position: self._overlap(words, self._words[position]) for position in shared}
        ranked = sorted(scores, key=lambda position: (-scores[position], position))
        near = [position for position in ranked if scores[position] >= at_least and self._words[position] != words]
        return [self._kept[position] for position in near[:limit]]

    def _overlap(self, one: frozenset[str], other: frozenset[str]) -> float:
        return self._weight(one & other) / max(self._weight(one | other), 1e-9)

    def _weight(self, words: frozenset[str]) -> float:
        return sum(math.log(1 + len(self._kept) / (1 + len(self._having.get(word, ())))) for word in words)
