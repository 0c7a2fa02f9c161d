"""Classifies by asking a language model about many comments at once, and believing only what can be checked."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from alumusic.classify.answers import Reading, read_answers
from alumusic.classify.classifier import Classifier
from alumusic.classify.gate import OpenCall, ProviderGate, TroubledCallError
from alumusic.classify.memory import AnswerMemory
from alumusic.classify.permit import Outcome, Postponed, Refusal
from alumusic.classify.prompts.question import Lesson, Prompt, ask_about, current_prompt, estimate_of
from alumusic.classify.spending import Spending
from alumusic.domain.comments import Classification, Origin
from alumusic.domain.errors import ProviderTroubleError, UnusableAnswerError
from alumusic.domain.providers import Trouble
from alumusic.llm.errors import BlockedError, CallGivenUpError, NoAnswerError, ProviderCallError
from alumusic.llm.model import Answer, LanguageModel, Question
from alumusic.llm.prices import Price
from alumusic.text.mask import mask

log: Final = structlog.get_logger(__name__)

MAX_BATCH: Final = 50
"""More comments in one question cost quality (docs/decisions/0011)."""

MAX_CHARACTERS: Final = 12_000
"""More text in one question, likewise."""


class LlmClassifier:
    """A `Classifier` behind which a language model sits.

    Without a gate nobody is asked for permission and nothing is written down: for the command line and for evals.
    """

    origin: Final = Origin.LLM

    def __init__(
        self,
        model: LanguageModel,
        *,
        batch_size: int = 30,
        prompt: Prompt | None = None,
        gate: ProviderGate | None = None,
        memory: AnswerMemory | None = None,
        fallback: Classifier | None = None,
        lessons: Callable[[Sequence[str]], Sequence[Lesson]] | None = None,
        price: Price | None = None,
    ) -> None:
        self._llm = model
        self._lessons = lessons
        self._prompt = prompt or current_prompt()
        self._gate = gate
        self._memory = memory
        self._fallback = fallback
        self._spending = Spending(price or Price())
        self.model = model.name[:100]
        self.prompt_version = self._prompt.version
        self.batch_size = max(1, min(batch_size, MAX_BATCH))

    # --- as any classifier -------------------------------------------------------------------------------------

    def classify(self, texts: Sequence[str]) -> list[Classification | UnusableAnswerError]:
        """Classify `texts`, any number of them, and answer in the same order.

        Raises:
            ProviderTroubleError: nobody answered in time, or too busy; try the whole batch later.
        """
        answers: dict[int, Classification | UnusableAnswerError] = {}
        left = list(range(len(texts)))
        while left:
            for index, outcome in zip(left, self._at_once([texts[index] for index in left]), strict=True):
                if not isinstance(outcome, Postponed):
                    answers[index] = outcome
                elif outcome.reason is not None:
                    raise ProviderTroubleError(outcome.reason, retry_after_seconds=outcome.wait.total_seconds())
            unanswered = [index for index in left if index not in answers]
            if len(unanswered) == len(left):
                raise ProviderTroubleError(Trouble.TIMEOUT.value)
            left = unanswered
        return [answers[index] for index in range(len(texts))]

    def _at_once(self, texts: Sequence[str]) -> Sequence[Outcome]:
        if self._gate is None:
            return self.outcomes_with(_Ungated(self._llm), texts)
        call = self._gate.admit(estimate=estimate_of(self._prompt, min(len(texts), self.batch_size)))
        if isinstance(call, Refusal):
            raise ProviderTroubleError(call.reason)
        return self.outcomes_with(call, texts)

    def usage_so_far(self) -> dict[str, float]:
        """What all answers have cost since it was built: `calls`, tokens, `cost_usd`."""
        return self._spending.so_far()

    def close(self) -> None:
        """Give back connections."""
        self._llm.close()

    # --- as a worker's -----------------------------------------------------------------------------------------

    def admit(self, *, now: datetime) -> "_Permit | Refusal":  # noqa: ARG002
        """Ask for one call."""
        if self._gate is None:
            return _Permit(self, _Ungated(self._llm))
        call = self._gate.admit(estimate=estimate_of(self._prompt, self.batch_size))
        return call if isinstance(call, Refusal) else _Permit(self, call)

    @property
    def gate(self) -> ProviderGate | None:
        """What stands before the model, if anything."""
        return self._gate

    def outcomes_with(self, call: "OpenCall | _Ungated", texts: Sequence[str]) -> Sequence[Outcome]:
        """What becomes of each of `texts` with one call at most; those that do not fit in are not looked at."""
        try:
            masked = [mask(text) for text in texts]
            known: dict[str, Outcome] = dict(self._memory.find(masked)) if self._memory is not None else {}
        except BaseException:
            call.cancel()
            raise
        piece = _fitting([text for text in dict.fromkeys(masked) if text not in known], self.batch_size)
        if piece:
            known |= self._ask(piece, call)
        else:
            call.cancel()
        outcomes = [known.get(text, Postponed(counted=False)) for text in masked]
        if len(texts) == 1:
            return [self._second_opinion(texts[0], outcomes[0])]
        return outcomes

    def _ask(self, texts: Sequence[str], call: "OpenCall | _Ungated") -> dict[str, Outcome]:
        try:
            lessons = self._lessons(texts) if self._lessons is not None else ()
        except BaseException:
            call.cancel()
            raise
        question, keys = ask_about(self._prompt, texts, lessons=lessons)
        found: list[Reading] = []

        def judge(answer: Answer) -> bool:
            self._spending.add(answer.usage)
            found.append(read_answers(answer.text, keys))
            return 2 * len(found[0].by_key) > len(keys)

        try:
            call.ask(question, items=len(texts), judge=judge)
        except TroubledCallError as error:
            return dict.fromkeys(texts, _troubled(error, alone=len(texts) == 1))
        except CallGivenUpError:
            return dict.fromkeys(texts, Postponed(counted=False))
        except UnusableAnswerError as error:
            return dict.fromkeys(texts, error)
        said = {text: found[0].by_key.get(key) for text, key in zip(texts, keys, strict=True)}
        self._raise_alarm(found[0], len(keys))
        if self._memory is not None:
            self._memory.keep({text: answer for text, answer in said.items() if answer is not None})
        unusable = UnusableAnswerError("no usable answer")
        return {text: answer or unusable for text, answer in said.items()}

    def _second_opinion(self, text: str, outcome: Outcome) -> Outcome:
        """Let the model of the house speak about what the other one refuses to read, when it is alone."""
        if self._fallback is None or not isinstance(outcome, BlockedError):
            return outcome
        said = self._fallback.classify([text])[0]
        if not isinstance(said, Classification):
            return outcome
        return replace(said, origin=self._fallback.origin, model=self._fallback.model)

    def _raise_alarm(self, reading: Reading, asked: int) -> None:
        if reading.foreign or reading.repeated:
            log.warning(
                "security_event",
                kind="keys_that_nobody_gave_out",
                foreign=reading.foreign,
                repeated=reading.repeated,
                items=asked,
                model=self.model,
            )


class _Permit:
    """One call, for one claim."""

    def __init__(self, classifier: LlmClassifier, call: "OpenCall | _Ungated") -> None:
        self._classifier = classifier
        self._call = call

    @property
    def at_most(self) -> int:
        """A probe is small: it finds out whether the provider is back, and is likely to be wasted."""
        return 1 if self._call.probe else self._classifier.batch_size

    def classify(self, texts: Sequence[str]) -> Sequence[Outcome]:
        """Use the call."""
        return self._classifier.outcomes_with(self._call, texts)

    def cancel(self) -> None:
        """Give the call back."""
        self._call.cancel()


class _Ungated:
    """Calls that nobody counts."""

    probe = False

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def ask(self, question: Question, *, items: int, judge: Callable[[Answer], bool]) -> Answer:  # noqa: ARG002
        """Ask."""
        try:
            answer = self._model.ask(question)
        except ProviderCallError as error:
            wait = timedelta(seconds=error.retry_after_seconds or 0)
            raise TroubledCallError(error.trouble, wait, was_well=False) from error
        judge(answer)
        return answer

    def cancel(self) -> None:
        """Nothing was reserved."""


def _fitting(texts: Sequence[str], at_most: int) -> list[str]:
    """The first of `texts` that go into one question."""
    fitting: list[str] = []
    room = MAX_CHARACTERS
    for text in texts[:at_most]:
        room -= len(text)
        if fitting and room < 0:
            break
        fitting.append(text)
    return fitting


def _troubled(error: TroubledCallError, *, alone: bool) -> Outcome:
    """What a call without an answer means for its comments."""
    if error.trouble is not Trouble.TIMEOUT or not error.was_well:
        return Postponed(error.trouble.value, error.wait)
    # Others were answered: something in here may be what makes the model run in circles.
    return NoAnswerError("no answer in time") if alone else Postponed(error.trouble.value, error.wait, steps_down=True)
