"""Finds the comments that speak of what a question asks, by the words and tags they share with it."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from alumusic.domain.comments import Category, Status
from alumusic.domain.search import CommentFilter, FoundComment, Order
from alumusic.domain.summaries import SPOKEN
from alumusic.domain.tags import TAGS_BY_CODE, code_named
from alumusic.query.comments import search
from alumusic.text.normalize import search_words

PER_WORD: Final = 40
"""Comments that one word of a question brings in; the latest."""

_STOP_WORDS: Final = frozenset(
    (
        "a o as os um uma uns umas de do da dos das em no na nos nas por pelo pela pelos pelas para pra com sem "
        "sob sobre e ou que qual quais quem quando onde como porque por quanto quantos quantas se ao aos mais "
        "menos muito muita muitos muitas ja nao sim foi foram ser sao esta estao estava estavam tem teve tiveram "
        "ha houve isso isto esse essa este esta eles elas ele ela nos voces voce eu me meu minha seu sua seus "
        "suas dizem diz falam fala falando comentam comentarios comentario ouvintes ouvinte publico pessoas gente "
        "semana semanas ultimas ultimos ultima ultimo mes meses hoje ontem acham acha pensam opiniao opinioes "
        "geral principais principal maior maiores tudo todo todos toda todas ate the is of what how why who "
    ).split()
)
_CLASS_STEMS: Final = {
    "elogi": Category.PRAISE,
    "gosta": Category.PRAISE,
    "critic": Category.CRITICISM,
    "reclam": Category.CRITICISM,
    "queix": Category.CRITICISM,
    "sugest": Category.SUGGESTION,
    "suger": Category.SUGGESTION,
    "pedem": Category.SUGGESTION,
    "pedido": Category.SUGGESTION,
    "duvid": Category.QUESTION,
    "pergunt": Category.QUESTION,
    "spam": Category.SPAM,
}


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about, as far as words can tell."""

    words: tuple[str, ...]
    """The telling ones, folded."""
    categories: tuple[Category, ...]
    tags: tuple[str, ...]


def topic_of(question: str) -> Topic:
    """What `question` asks about."""
    folded = search_words(question).split()
    classes = [category for word in folded for stem, category in _CLASS_STEMS.items() if word.startswith(stem)]
    named = [word for word in folded if any(word.startswith(stem) for stem in _CLASS_STEMS)]
    words = [word for word in folded if word not in _STOP_WORDS and word not in named and len(word) > 1]
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    codes = [code for name in (*pairs, *words) if (code := code_named(name)) is not None]
    return Topic(tuple(dict.fromkeys(words)), tuple(dict.fromkeys(classes)), tuple(dict.fromkeys(codes))[:3])


def matching_comments(
    db: Connection, topic: Topic, *, since: datetime, now: datetime, limit: int
) -> list[FoundComment]:
    """The comments since then that match `topic` best, SPAM apart; none where not even one telling word is found.

    A comment is worth the rarity of the words and tags it shares with the question (their inverse document frequency
    among what was found), and the class that the question names counts like a word.
    """
    found: dict[UUID, FoundComment] = {}
    shared: dict[UUID, set[str]] = {}
    having: Counter[str] = Counter()
    for name, wanted in _ways(topic, since):
        for comment in search(db, wanted, order=Order.NEWEST, limit=PER_WORD, cursor=None, now=now).comments:
            found[comment.id] = comment
            shared.setdefault(comment.id, set()).add(name)
            having[name] += 1
    weights = {name: math.log(1 + len(found) / n) for name, n in having.items()}

    def worth(id_: UUID) -> float:
        of_class = 0.5 if found[id_].category in topic.categories else 0.0
        return of_class + sum(weights[name] for name in shared[id_])

    ranked = sorted(found, key=lambda id_: (-worth(id_), -found[id_].seq))
    if topic.categories and not (topic.words or topic.tags):
        return _latest_of(db, topic.categories, since=since, now=now, limit=limit)
    return [found[id_] for id_ in ranked[:limit]]


def _ways(topic: Topic, since: datetime) -> Iterable[tuple[str, CommentFilter]]:
    categories = tuple(category for category in topic.categories if category in SPOKEN) or SPOKEN
    for word in topic.words:
        yield word, CommentFilter(words=word, statuses=(Status.DONE,), categories=categories, since=since)
    for tag in topic.tags:
        if tag in TAGS_BY_CODE:
            yield f"#{tag}", CommentFilter(tags=(tag,), statuses=(Status.DONE,), categories=categories, since=since)


def _latest_of(
    db: Connection, categories: Iterable[Category], *, since: datetime, now: datetime, limit: int
) -> list[FoundComment]:
    wanted = CommentFilter(statuses=(Status.DONE,), categories=tuple(categories), since=since)
    return search(db, wanted, order=Order.NEWEST, limit=limit, cursor=None, now=now).comments
