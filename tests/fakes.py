"""Small honest stand-ins with a memory, for the things of ours that reach outside."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from alumusic.domain.comments import Category, Classification, Origin
from alumusic.domain.errors import UnusableAnswerError

Answer = Classification | UnusableAnswerError

CRITICISM = Classification(Category.CRITICISM, 0.9, ("refrao",))
PRAISE = Classification(Category.PRAISE, 0.8, ("melodia", "qualidade_vocal"))


class FakeClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class FakeClassifier:
    """Answers what it was told to: the same for every text, by a function of the text, or by raising."""

    origin = Origin.LOCAL
    model = "fake-1"
    prompt_version: str | None = None
    batch_size = 30

    def __init__(self, answer: Answer | Exception | Callable[[str], Answer] = CRITICISM) -> None:
        self._answer = answer
        self.calls: list[list[str]] = []

    def classify(self, texts: Sequence[str]) -> list[Answer]:
        self.calls.append(list(texts))
        if isinstance(self._answer, Exception) and not isinstance(self._answer, UnusableAnswerError):
            raise self._answer
        if callable(self._answer):
            return [self._answer(text) for text in texts]
        return [self._answer for _ in texts]  # type: ignore[misc]


class FakeBell:
    """Counts its rings."""

    def __init__(self) -> None:
        self.rings = 0
        self.closed = False

    def ring(self) -> None:
        self.rings += 1

    def close(self) -> None:
        self.closed = True
