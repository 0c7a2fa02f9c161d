"""What a worker must be given before it takes comments in hand, and what may become of each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from alumusic.classify.classifier import Classifier
from alumusic.domain.comments import Classification
from alumusic.domain.errors import ProviderTroubleError, UnusableAnswerError

_TROUBLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Postponed:
    """Nobody said anything about this comment, and that is no fault of its own."""

    reason: str | None = None
    """The code of the trouble; None where the comment was not even looked at, and is due again at once."""
    wait: timedelta = timedelta()
    """How long it should wait, before jitter."""
    counted: bool = True
    """Whether somebody was asked."""
    steps_down: bool = False
    """Whether it should be taken in smaller company from now on: something in its batch makes calls hang."""


Outcome = Classification | UnusableAnswerError | Postponed


@dataclass(frozen=True, slots=True)
class Refusal:
    """No comment may be taken in hand now."""

    reason: str
    again_at: datetime | None = None
    """When it is worth asking again, if anybody knows."""


class Permit(Protocol):
    """Allows one claim of comments to be classified, once."""

    @property
    def at_most(self) -> int | None:
        """How many comments; None for as many as the worker likes."""

    def classify(self, texts: Sequence[str]) -> Sequence[Outcome]:
        """Use the permit: one outcome per text, in order. It never raises for a provider's trouble."""

    def cancel(self) -> None:
        """Give the permit back unused."""


@runtime_checkable
class Admitting(Protocol):
    """A classifier that must be asked before comments are taken in hand."""

    def admit(self, *, now: datetime) -> Permit | Refusal:
        """Ask for one claim."""


@runtime_checkable
class Tending(Protocol):
    """A classifier that has something of its own to see to, whether comments are due or not."""

    def tend(self, *, now: datetime) -> None:
        """See to it; called at the beginning of every turn."""


class FreePermit:
    """Allows everything: the classifier has nobody to ask."""

    at_most = None

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    def classify(self, texts: Sequence[str]) -> Sequence[Outcome]:
        """Classify `texts`; trouble postpones them all."""
        try:
            return self._classifier.classify(texts)
        except ProviderTroubleError as trouble:
            seconds = trouble.retry_after_seconds
            wait = timedelta(seconds=_TROUBLE_SECONDS if seconds is None else seconds)
            return [Postponed(trouble.reason, wait)] * len(texts)

    def cancel(self) -> None:
        """Nothing was reserved."""
