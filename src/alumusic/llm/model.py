"""What every language model promises, whoever serves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask, with the shape the answer must have."""

    instructions: str
    """What never changes between questions of a kind; it comes first, so that providers can keep it."""
    content: str
    """What it is about, as data."""
    schema: Mapping[str, object]
    """JSON schema of the answer, in the part that all providers understand (see docs/llm.md)."""
    schema_name: str
    max_output_tokens: int


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call, as the provider counts them; estimated from characters where it does not say."""

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    """Those of `input_tokens` that the provider had kept."""

    @property
    def total(self) -> int:
        """All that counts against a budget."""
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: nobody has looked into it yet."""

    text: str
    usage: Usage
    complete: bool = True
    """False where it was cut off because it grew too long."""


class LanguageModel(Protocol):
    """Answers one question at a time. One is shared by all threads of a process.

    Nothing is tried twice here: whoever asks decides whether to ask again.
    """

    @property
    def provider(self) -> str:
        """Who serves it: a short name under which breaker, budget and ledger are kept."""

    @property
    def name(self) -> str:
        """The model's name as the provider knows it."""

    def ask(self, question: Question) -> Answer:
        """Ask, and wait for the whole answer until the deadline.

        Raises:
            ProviderCallError: the provider's or the operator's fault; ask again later.
            BlockedError: the provider refuses to speak about this content.
            InputRefusedError: the provider says that this question cannot be asked.
            AnswerTooLargeError: the answer never seems to end.
            CallGivenUpError: whoever asked has no more time (see `llm.transport.giving_up_when`).
        """

    def check(self) -> None:
        """Find out whether the model exists and the key is good, without using up tokens.

        Raises:
            ProviderCallError: it does not, it is not, or nobody answered.
        """

    def close(self) -> None:
        """Give back connections."""
