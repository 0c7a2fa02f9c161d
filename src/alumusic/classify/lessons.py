"""Shows a language model how curators decided about comments that are near to those it is asked about."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine

from alumusic.classify.prompts.question import Lesson
from alumusic.query.review import Corrected, CorrectedExamples
from alumusic.store.database import reading
from alumusic.text.attacks import looks_like_an_attack
from alumusic.text.mask import mask

MOST_LESSONS: Final = 4
"""Of one question: about 150 tokens, which 30 comments share."""

LONGEST_LESSON: Final = 300
"""Characters; longer comments teach little for what they cost."""

READ_AGAIN_AFTER: Final = timedelta(minutes=5)


class Lessons:
    """What curators have decided, read again every few minutes; one for each process, shared by its threads."""

    def __init__(self, engine: Engine, *, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at: datetime | None = None
        self._known = CorrectedExamples([])

    def about(self, texts: Sequence[str]) -> list[Lesson]:
        """At most `MOST_LESSONS` decisions about comments that are near to `texts`, masked as these are.

        A comment that tries to speak to a model is no lesson, whatever a curator called it: it would stand beside
        strangers'.
        """
        known = self._latest()
        found: dict[str, Lesson] = {}
        for text in texts:
            for near in known.nearest(text, limit=1):
                if _is_fit(near):
                    found.setdefault(near.text, Lesson(mask(near.text), near.classification.category))
            if len(found) >= MOST_LESSONS:
                break
        return list(found.values())[:MOST_LESSONS]

    def _latest(self) -> CorrectedExamples:
        now = self._clock()
        with self._lock:
            if self._read_at is None or now - self._read_at >= READ_AGAIN_AFTER:
                with reading(self._engine) as db:
                    self._known = CorrectedExamples.load(db)
                self._read_at = now
            return self._known


def _is_fit(corrected: Corrected) -> bool:
    return len(corrected.text) <= LONGEST_LESSON and not looks_like_an_attack(corrected.text)
