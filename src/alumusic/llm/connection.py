"""Says where a model is and how to reach it, and turns an SDK's errors into ours."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from alumusic.domain.providers import Trouble
from alumusic.llm.errors import AnswerTooLargeError, CallGivenUpError, ProviderCallError
from alumusic.llm.model import Question, Usage
from alumusic.llm.transport import GivenUpError, TooManyBytesError, deadline


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a model is, and how to reach it."""

    model: str
    api_key: str
    base_url: str
    """As `checked_base_url` returns it."""
    deadline_seconds: float
    """Total time for one answer."""
    local: bool = False
    """Whether the model may be on the own network."""
    thinking: bool = False
    """Whether the model may think before it answers: slower, dearer, and no better at sorting comments."""

    @property
    def in_clear(self) -> bool:
        """Whether anybody on the way can read along."""
        return self.base_url.startswith("http://")

    def __repr__(self) -> str:
        return f"Connection(model={self.model!r}, base_url={self.base_url!r})"


@contextmanager
def calling(connection: Connection) -> Iterator[None]:
    """Make a call within the deadline; what goes wrong on the wire becomes an error of ours.

    Raises:
        ProviderCallError: nobody answered in time, or nobody could be reached.
        AnswerTooLargeError: the answer never seems to end.
        CallGivenUpError: whoever asked has no more time.
    """
    try:
        with deadline(connection.deadline_seconds):
            yield
    except TooManyBytesError as error:
        raise AnswerTooLargeError("the answer does not end") from error
    except GivenUpError as error:
        raise CallGivenUpError from error
    except httpx.TimeoutException as error:
        raise ProviderCallError(Trouble.TIMEOUT) from error
    except httpx.TransportError as error:
        raise ProviderCallError(Trouble.CONNECTION) from error


def estimated_usage(question: Question, text: str) -> Usage:
    """What a call costs by a rule of thumb, for providers that do not say: four characters are a token."""
    return Usage(
        input_tokens=estimated_tokens(question.instructions) + estimated_tokens(question.content),
        output_tokens=estimated_tokens(text),
    )


def estimated_tokens(text: str) -> int:
    """Four characters are about a token."""
    return math.ceil(len(text) / 4)
