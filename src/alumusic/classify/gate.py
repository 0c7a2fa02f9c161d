"""Stands between the workers of a process and a provider: permission, rate, budget, and a ledger of every call."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from alumusic.classify.concurrency import Concurrency
from alumusic.classify.permit import Refusal
from alumusic.domain.errors import ProviderTroubleError, UnusableAnswerError
from alumusic.domain.providers import Entry, ProviderLimits, ProviderState, Spent, Trouble
from alumusic.domain.weeks import day_of
from alumusic.llm.errors import InputRefusedError, ProviderCallError
from alumusic.llm.model import Answer, LanguageModel, Question, Usage
from alumusic.llm.prices import Price
from alumusic.store import providers
from alumusic.store.database import reading
from alumusic.store.ledger import ANSWERED, Call, write_down

log: Final = structlog.get_logger(__name__)

_SLOT_SECONDS: Final = 0.5
_LATELY: Final = timedelta(minutes=10)
_UNKNOWN_WAIT: Final = timedelta(seconds=5)
_NOTHING: Final = Usage(0, 0)


@dataclass(frozen=True, slots=True)
class Books:
    """Where a gate writes, and by which rules."""

    engine: Engine
    limits: ProviderLimits
    price: Price
    zone: ZoneInfo
    clock: Callable[[], datetime]
    purpose: str
    """What the calls are for, as the ledger says it."""
    prompt_version: str | None
    harmless: Question
    """A question that any model in its right mind answers: it tells a refused question from a refused set-up."""


class ProviderGate:
    """The only way to a model: one for each process, shared by its threads."""

    def __init__(self, model: LanguageModel, books: Books, *, concurrency: Concurrency) -> None:
        self._model = model
        self._books = books
        self._concurrency = concurrency
        self._checked = False

    def admit(self, *, estimate: int) -> "OpenCall | Refusal":
        """Ask for one call of about `estimate` tokens."""
        if not self._concurrency.take(wait_seconds=_SLOT_SECONDS):
            return Refusal(Trouble.RATE)
        try:
            return self._enter(estimate)
        except BaseException:
            self._concurrency.give_back()
            raise

    def _enter(self, estimate: int) -> "OpenCall | Refusal":
        books = self._books
        now, today = self._time()
        with books.engine.begin() as db:
            entry = providers.enter(
                db, self._model.provider, limits=books.limits, estimate=estimate, now=now, today=today
            )
        if entry.refusal is not None:
            self._concurrency.give_back()
            return Refusal(entry.refusal, entry.again_at)
        call = OpenCall(self._model, books, entry, self._concurrency)
        if not self._checked:
            # A withdrawn model or a bad key should be a sentence for a person, and not a hundred failed calls.
            try:
                self._model.check()
            except ProviderCallError as error:
                wait = call.note_trouble(error, items=0, milliseconds=0)
                return Refusal(error.trouble, now + wait)
            self._checked = True
        return call

    def state(self) -> ProviderState:
        """What all workers together know about the provider."""
        with reading(self._books.engine) as db:
            return providers.state_of(db, self._model.provider)

    def _time(self) -> tuple[datetime, date]:
        now = self._books.clock()
        return now, day_of(now, self._books.zone)


class OpenCall:
    """One call that was granted: it must be asked with, or cancelled."""

    def __init__(self, model: LanguageModel, books: Books, entry: Entry, concurrency: Concurrency) -> None:
        self._model = model
        self._books = books
        self._entry = entry
        self._concurrency = concurrency
        self._over = False

    @property
    def probe(self) -> bool:
        """Whether this call finds out if the provider is back."""
        return self._entry.probe

    def ask(self, question: Question, *, items: int, judge: Callable[[Answer], bool]) -> Answer:
        """Ask, and keep the books; `judge` says of an answer whether it is usable.

        Raises:
            TroubledCallError: nobody answered; it says how long to wait.
            UnusableAnswerError: the provider refuses to answer this.
        """
        started = time.monotonic()
        try:
            answer = self._model.ask(question)
        except ProviderCallError as error:
            raise self._troubled(error, items=items, started=started) from error
        except UnusableAnswerError as error:
            spent: Usage | None = _NOTHING
            if isinstance(error, InputRefusedError) and not self._was_well():
                spent = self._cost_of_answering_anything()
            if spent is None:
                # Every comment would be refused like this one: it is for a person to mend, and nobody's comment fails.
                trouble = ProviderCallError(Trouble.CONFIGURATION)
                raise self._troubled(trouble, items=items, started=started) from error
            self._note_answer(spent, error.failure, items=items, milliseconds=_since(started), unusable=False)
            raise
        except BaseException:
            self.cancel()
            raise
        usable = judge(answer)
        outcome = ANSWERED if usable else Trouble.UNUSABLE.value
        self._note_answer(answer.usage, outcome, items=items, milliseconds=_since(started), unusable=not usable)
        return answer

    def _troubled(self, error: ProviderCallError, *, items: int, started: float) -> "TroubledCallError":
        was_well = self._was_well()
        wait = self.note_trouble(error, items=items, milliseconds=_since(started))
        return TroubledCallError(error.trouble, wait, was_well=was_well)

    def _was_well(self) -> bool:
        """Whether somebody had an answer lately, so that a trouble may be this question's own."""
        try:
            with reading(self._books.engine) as db:
                answered_at = providers.state_of(db, self._model.provider).answered_at
        except DBAPIError:
            return False
        return answered_at is not None and self._books.clock() - answered_at < _LATELY

    def _cost_of_answering_anything(self) -> Usage | None:
        """What the harmless question cost, which goes on this call's account; None where not even that is answered."""
        try:
            return self._model.ask(self._books.harmless).usage
        except (UnusableAnswerError, ProviderTroubleError):
            return None

    def cancel(self) -> None:
        """No call is made: give back what was reserved."""
        if not self._end():
            return
        today = day_of(self._books.clock(), self._books.zone)
        with self._books.engine.begin() as db:
            providers.cancel(db, self._model.provider, self._entry, limits=self._books.limits, today=today)

    def _end(self) -> bool:
        """Free the slot, once; whether this was the once."""
        if self._over:
            return False
        self._over = True
        self._concurrency.give_back()
        return True

    def _note_answer(self, usage: Usage, outcome: str, *, items: int, milliseconds: int, unusable: bool) -> None:
        self._end()
        self._concurrency.succeeded()
        now = self._books.clock()
        spent = Spent(usage.total, self._books.price.microdollars(usage))
        try:
            with self._books.engine.begin() as db:
                providers.note_answer(
                    db,
                    self._model.provider,
                    self._entry,
                    spent=spent,
                    unusable=unusable,
                    now=now,
                    today=day_of(now, self._books.zone),
                )
                write_down(db, self._call(outcome, usage, at=now, items=items, milliseconds=milliseconds))
        except DBAPIError as error:
            # The answer is worth more than the note; what was reserved stays reserved.
            log.warning("provider_note_lost", error=type(error).__name__)

    def note_trouble(self, error: ProviderCallError, *, items: int, milliseconds: int) -> timedelta:
        """Write down that nobody answered; how long to wait, before jitter."""
        self._end()
        self._concurrency.troubled(error.trouble)
        seconds = error.retry_after_seconds
        now = self._books.clock()
        log.warning("provider_trouble", trouble=error.trouble.value, items=items, retry_after_seconds=seconds)
        try:
            with self._books.engine.begin() as db:
                wait = providers.note_trouble(
                    db,
                    self._model.provider,
                    self._entry,
                    error.trouble,
                    limits=self._books.limits,
                    retry_after=None if seconds is None else timedelta(seconds=seconds),
                    now=now,
                    today=day_of(now, self._books.zone),
                )
                write_down(
                    db, self._call(error.trouble.value, _NOTHING, at=now, items=items, milliseconds=milliseconds)
                )
        except DBAPIError as trouble:
            log.warning("provider_note_lost", error=type(trouble).__name__)
            return _UNKNOWN_WAIT
        return wait

    def _call(self, outcome: str, usage: Usage, *, at: datetime, items: int, milliseconds: int) -> Call:
        return Call(
            at=at,
            provider=self._model.provider,
            model=self._model.name,
            purpose=self._books.purpose,
            prompt_version=self._books.prompt_version,
            items=items,
            outcome=outcome,
            milliseconds=milliseconds,
            input_tokens=usage.input_tokens,
            cached_tokens=usage.cached_tokens,
            output_tokens=usage.output_tokens,
            cost_microdollars=self._books.price.microdollars(usage),
        )


class TroubledCallError(Exception):
    """A call that had no answer, already written down."""

    def __init__(self, trouble: Trouble, wait: timedelta, *, was_well: bool) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.wait = wait
        self.was_well = was_well
        """Whether others were answered lately."""


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
