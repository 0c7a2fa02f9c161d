"""Remembers what a model said about a text, so that identical texts are asked about once."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from alumusic.domain.comments import Classification
from alumusic.store.database import reading
from alumusic.store.kept_answers import (
    find_answers,
    forget_answers,
    hash_asked,
    is_stale_use,
    keep_answers,
    note_use,
)

log: Final = structlog.get_logger(__name__)

_TIDY_EVERY: Final = 1_000


class AnswerMemory:
    """Answers of one model with one prompt; others are as good as unknown."""

    def __init__(
        self, engine: Engine, *, model: str, prompt_version: str, at_most: int, clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._model = model
        self._prompt_version = prompt_version
        self._at_most = at_most
        self._clock = clock
        self._new = 0
        self._lock = threading.Lock()

    def find(self, texts: Sequence[str]) -> dict[str, Classification]:
        """What was said about those of `texts` that were asked before, as they are asked: masked."""
        by_hash = {hash_asked(text): text for text in texts}
        now = self._clock()
        with reading(self._engine) as db:
            found = find_answers(db, list(by_hash), model=self._model, prompt_version=self._prompt_version)
        stale = [text_hash for text_hash, (_, used_at) in found.items() if is_stale_use(used_at, now=now)]
        if stale:
            with self._engine.begin() as db:
                note_use(db, stale, model=self._model, prompt_version=self._prompt_version, now=now)
        return {by_hash[text_hash]: said for text_hash, (said, _) in found.items()}

    def keep(self, answers: Mapping[str, Classification]) -> None:
        """Remember new answers, and forget the least useful ones beyond the bound."""
        if not answers:
            return
        by_hash = {hash_asked(text): said for text, said in answers.items()}
        try:
            with self._engine.begin() as db:
                keep_answers(db, by_hash, model=self._model, prompt_version=self._prompt_version, now=self._clock())
                if self._is_time_to_tidy(len(by_hash)):
                    forget_answers(db, at_most=self._at_most)
        except DBAPIError as error:
            # To forget an answer costs a call some day; to lose it now would cost one for sure.
            log.warning("answers_not_kept", error=type(error).__name__)

    def _is_time_to_tidy(self, added: int) -> bool:
        with self._lock:
            self._new += added
            due = self._new >= min(_TIDY_EVERY, self._at_most)
            if due:
                self._new = 0
            return due
