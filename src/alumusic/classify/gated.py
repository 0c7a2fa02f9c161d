"""A language model behind the gate that the workers use: the same breaker, budget and ledger for every purpose."""

from collections.abc import Callable
from datetime import datetime

from alumusic.classify.gate import OpenCall, ProviderGate, TroubledCallError
from alumusic.domain.errors import ProviderTroubleError
from alumusic.llm.model import Answer, LanguageModel, Question

_CHARACTERS_PER_TOKEN = 3


class GatedModel:
    """A `LanguageModel` that asks for permission before each call, and keeps the books."""

    def __init__(self, model: LanguageModel, gate: ProviderGate, *, clock: Callable[[], datetime]) -> None:
        self._model = model
        self._gate = gate
        self._clock = clock

    @property
    def provider(self) -> str:
        """Who serves the model."""
        return self._model.provider

    @property
    def name(self) -> str:
        """The model's name as the provider knows it."""
        return self._model.name

    def ask(self, question: Question) -> Answer:
        """Ask, if the provider is well, within its rate and within the day's budget.

        Raises:
            ProviderTroubleError: it is not, or nobody answered; ask again later.
            UnusableAnswerError: the provider refuses to answer this.
        """
        call = self._gate.admit(estimate=_estimate(question))
        if not isinstance(call, OpenCall):
            again = call.again_at
            seconds = None if again is None else max(0.0, (again - self._clock()).total_seconds())
            raise ProviderTroubleError(call.reason, retry_after_seconds=seconds)
        try:
            return call.ask(question, items=1, judge=lambda answer: answer.complete)
        except TroubledCallError as trouble:
            raise ProviderTroubleError(
                trouble.trouble.value, retry_after_seconds=trouble.wait.total_seconds()
            ) from trouble

    def check(self) -> None:
        """Find out whether the model exists and the key is good."""
        self._model.check()

    def close(self) -> None:
        """Give back connections."""
        self._model.close()


def _estimate(question: Question) -> int:
    """Tokens, rather too many than too few: what is not used is given back."""
    return (len(question.instructions) + len(question.content)) // _CHARACTERS_PER_TOKEN + question.max_output_tokens
