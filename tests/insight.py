"""Labelled comments by the dozen, and a language model that says what it is told to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson
from sqlalchemy import Engine

from alumusic.domain.comments import Category, Classification, NewComment
from alumusic.domain.weeks import Week
from alumusic.llm.model import Answer, Question, Usage
from tests.examples import MONDAY_NOON, SAO_PAULO, handed_in, worked
from tests.fakes import FakeClassifier, FakeClock

LAST_WEEK = Week(2026, 47)
"""The week before MONDAY_NOON: 16 to 22 November 2026."""


@dataclass(frozen=True, slots=True)
class Labelled:
    text: str
    category: Category = Category.CRITICISM
    tags: tuple[str, ...] = ("show_som",)
    confidence: float = 0.9
    day: date = LAST_WEEK.monday
    artist: str | None = None


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SAO_PAULO)


def labelled(engine: Engine, comments: Iterable[Labelled], *, now: datetime = MONDAY_NOON) -> list[Any]:
    """Hand in comments that are classified as they say, and return their ids."""
    given = list(comments)
    of_text = {one.text: Classification(one.category, one.confidence, one.tags) for one in given}
    receipt = handed_in(
        engine, *(NewComment(one.text, written_at=noon(one.day), artist=one.artist) for one in given), now=now
    )
    worked(engine, FakeClassifier(lambda text: of_text[text]), clock=FakeClock(now))
    return list(receipt.accepted_ids)


def many(n: int, text: str, **how: Any) -> list[Labelled]:
    """`n` comments that differ in one word."""
    return [Labelled(f"{text} {_word(k)}", **how) for k in range(n)]


def _word(n: int) -> str:
    letters = "abcdefghij"
    return "v" + "".join(letters[int(digit)] for digit in str(n))


def ordinary_week(*, week: Week = LAST_WEEK) -> list[Labelled]:
    """Seventy comments of all classes, spread over the week."""
    groups = [
        many(24, "o som do show estava abafado", category=Category.CRITICISM, tags=("show_som",)),
        many(20, "que voz linda no refrão", category=Category.PRAISE, tags=("qualidade_vocal", "refrao")),
        many(12, "podiam vir tocar em Recife", category=Category.SUGGESTION, tags=("turne_agenda",)),
        many(9, "quando sai o clipe novo?", category=Category.QUESTION, tags=("lancamento",)),
        many(5, "ganhe seguidores agora", category=Category.SPAM, tags=("spam_venda",)),
    ]
    return [
        Labelled(one.text + (" de novo" if week != LAST_WEEK else ""), one.category, one.tags, one.confidence,
                 week.monday + timedelta(days=position % 7), "Anitta")
        for group in groups for position, one in enumerate(group)
    ]  # fmt: skip


class FakeModel:
    """A language model: it answers what it was told to, or what a function makes of what it is shown."""

    provider = "fake"
    name = "fake-llm-1"

    def __init__(self, answer: str | Exception | Callable[[dict[str, Any]], Any]) -> None:
        self._answer = answer
        self.questions: list[Question] = []

    @property
    def seen(self) -> dict[str, Any]:
        """The data of the last question."""
        return data_of(self.questions[-1])

    def ask(self, question: Question) -> Answer:
        self.questions.append(question)
        if isinstance(self._answer, Exception):
            raise self._answer
        said = self._answer if isinstance(self._answer, str) else orjson.dumps(self._answer(self.seen)).decode()
        return Answer(said, Usage(1_000, 100))

    def check(self) -> None:
        pass

    def close(self) -> None:
        pass


def data_of(question: Question) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(question.content.split("\n")[1])
    return found


def claim(sentence: str, *keys: str, quotes: Iterable[tuple[str, str]] = (), **more: Any) -> dict[str, Any]:
    """A claim as a model makes it."""
    return {
        "frase": sentence,
        "comentarios": list(keys),
        "citacoes": [{"comentario": key, "trecho": words} for key, words in quotes],
    } | more
