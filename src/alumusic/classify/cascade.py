"""Lets the model of the house answer what it is sure of, and a language model the rest.

While the language model is away for long, the house answers for it, provisionally; when it is back, those comments
are asked again.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from alumusic.classify.by_llm import LlmClassifier
from alumusic.classify.classifier import Classifier
from alumusic.classify.permit import Outcome, Postponed, Refusal
from alumusic.domain.comments import Classification, Origin
from alumusic.domain.errors import ProviderTroubleError, UnusableAnswerError

log: Final = structlog.get_logger(__name__)

_CLAIMS_FOR_A_CALL: Final = 4
"""The house keeps about three comments in four: so many must be claimed to fill one question with the rest."""

_SHORT_WAIT: Final = timedelta(seconds=5)
_LOOK_EVERY: Final = timedelta(seconds=60)

Upgrade = Callable[[datetime], int]


class CascadeClassifier:
    """A `Classifier` of two: `sure_from` is the confidence from which the first one's answer stays."""

    origin: Final = Origin.LLM

    def __init__(
        self,
        local: Classifier,
        llm: LlmClassifier,
        *,
        sure_from: float,
        patience: timedelta,
        upgrade: Upgrade | None = None,
    ) -> None:
        self._local = local
        self._llm = llm
        self._sure_from = sure_from
        self._patience = patience
        self._upgrade = upgrade
        self._looked_at: datetime | None = None
        self._looking = threading.Lock()
        self.model = llm.model
        self.prompt_version: str | None = llm.prompt_version
        self.batch_size = llm.batch_size * _CLAIMS_FOR_A_CALL

    def classify(self, texts: Sequence[str]) -> list[Classification | UnusableAnswerError]:
        """Classify `texts`, any number of them; while the language model is away, the house answers for it."""
        answers, unsure = self._first_opinions(texts)
        try:
            second = self._llm.classify([texts[index] for index in unsure]) if unsure else []
        except ProviderTroubleError:
            second = [_provisional(answers[index]) for index in unsure]
        return [*({**dict(enumerate(answers)), **dict(zip(unsure, second, strict=True))}).values()]

    def usage_so_far(self) -> dict[str, float]:
        """What the language model's answers have cost; the house's are free."""
        return self._llm.usage_so_far()

    def close(self) -> None:
        """Give back connections."""
        self._llm.close()

    def admit(self, *, now: datetime) -> "_Permit":
        """Always allow a claim: the house is always there."""
        return _Permit(self, now)

    def outcomes(self, texts: Sequence[str], *, now: datetime) -> Sequence[Outcome]:
        """What becomes of each of `texts`, with one call at most."""
        answers, unsure = self._first_opinions(texts)
        outcomes: list[Outcome] = list(answers)
        second = self._second_opinions([texts[index] for index in unsure], now=now) if unsure else []
        waiting = [index for index, outcome in zip(unsure, second, strict=True) if _waits(outcome)]
        outcomes_of_unsure = dict(zip(unsure, second, strict=True))
        if waiting and not self._is_patient(now):
            outcomes_of_unsure |= {index: _provisional(answers[index]) for index in waiting}
        for index, outcome in outcomes_of_unsure.items():
            outcomes[index] = outcome
        return outcomes

    def _first_opinions(self, texts: Sequence[str]) -> tuple[list[Classification | UnusableAnswerError], list[int]]:
        """What the house says, and where it is not sure enough."""
        answers = [self._signed(answer) for answer in self._local.classify(texts)]
        unsure = [
            index
            for index, answer in enumerate(answers)
            if not isinstance(answer, Classification) or answer.confidence < self._sure_from
        ]
        return answers, unsure

    def _signed(self, answer: Classification | UnusableAnswerError) -> Classification | UnusableAnswerError:
        if not isinstance(answer, Classification):
            return answer
        return replace(answer, origin=self._local.origin, model=self._local.model)

    def _second_opinions(self, texts: Sequence[str], *, now: datetime) -> Sequence[Outcome]:
        permit = self._llm.admit(now=now)
        if isinstance(permit, Refusal):
            wait = _SHORT_WAIT if permit.again_at is None else max(_SHORT_WAIT, permit.again_at - now)
            # Nobody was asked, so nobody counts it.
            return [Postponed(permit.reason, wait, counted=False)] * len(texts)
        # What the permit does not allow is due again at once, and asks for a permit of its own.
        asked = texts[: permit.at_most]
        return [*permit.classify(asked), *[Postponed(counted=False)] * (len(texts) - len(asked))]

    def _is_patient(self, now: datetime) -> bool:
        away_since = self._llm.gate.state().away_since if self._llm.gate is not None else None
        return away_since is None or now - away_since < self._patience

    def tend(self, *, now: datetime) -> None:
        """Send provisional answers back to work, when the language model is back."""
        with self._looking:
            if self._upgrade is None or (self._looked_at is not None and now - self._looked_at < _LOOK_EVERY):
                return
            self._looked_at = now
        state = self._llm.gate.state() if self._llm.gate is not None else None
        if state is None or (not state.paused and state.open_until is None and state.away_since is None):
            sent_back = self._upgrade(now)
            if sent_back:
                log.info("provisional_answers_asked_again", comments=sent_back)


class _Permit:
    """One claim, of which the house answers most."""

    def __init__(self, cascade: CascadeClassifier, now: datetime) -> None:
        self._cascade = cascade
        self._now = now

    @property
    def at_most(self) -> int:
        """As many as fill one question with what the house is not sure of."""
        return self._cascade.batch_size

    def classify(self, texts: Sequence[str]) -> Sequence[Outcome]:
        """Use the permit."""
        return self._cascade.outcomes(texts, now=self._now)

    def cancel(self) -> None:
        """Nothing was reserved yet."""


def _waits(outcome: Outcome) -> bool:
    """Whether a trouble, and not a lack of room, keeps a comment waiting."""
    return isinstance(outcome, Postponed) and outcome.reason is not None


def _provisional(answer: Classification | UnusableAnswerError) -> Classification | UnusableAnswerError:
    return replace(answer, provisional=True) if isinstance(answer, Classification) else answer
