"""Asks any server that speaks OpenAI's chat completions: OpenAI, a gateway, or a model of one's own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import openai
from openai.types.chat import ChatCompletion

from alumusic.domain.providers import Trouble
from alumusic.llm.connection import Connection, calling, estimated_usage
from alumusic.llm.errors import BlockedError, ProviderCallError, error_of_reply
from alumusic.llm.model import Answer, Question, Usage
from alumusic.llm.transport import open_client

_HOME: Final = "api.openai.com"

_THINKS: Final = re.compile(r"(?:gpt-[5-9](?:\.(?P<minor>\d+))?|o\d)(?:\b|-)")


class OpenAICompatibleModel:
    """A model behind the chat completions of OpenAI or of a server like it."""

    provider = "openai"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._http = open_client(local=connection.local, in_clear=connection.in_clear)
        client: Any = self._http
        self._client = openai.OpenAI(
            api_key=connection.api_key,
            base_url=_with_version(connection.base_url),
            organization="",
            project="",
            timeout=connection.deadline_seconds,
            max_retries=0,
            http_client=client,
        )

    @property
    def name(self) -> str:
        """The model's name as the server knows it."""
        return self._connection.model

    def ask(self, question: Question) -> Answer:
        """Ask, and wait for the whole answer until the deadline."""
        request: dict[str, Any] = {
            "model": self.name,
            "messages": [
                {"role": "system", "content": question.instructions},
                {"role": "user", "content": question.content},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": question.schema_name, "strict": True, "schema": dict(question.schema)},
            },
            **self._manner(question),
        }
        with calling(self._connection), _saying_whose_fault():
            completion = self._client.chat.completions.create(**request)
        try:
            return _answer(question, completion)
        except (AttributeError, TypeError) as error:
            # A success that is no completion: something in between answered for the provider.
            raise ProviderCallError(Trouble.SERVER) from error

    def check(self) -> None:
        """Find out whether the model exists and the key is good; a server without a list is taken at its word."""
        try:
            with calling(self._connection), _saying_whose_fault():
                known = {model.id for model in self._client.models.list().data}
        except ProviderCallError as error:
            if error.trouble in {Trouble.MODEL, Trouble.CONFIGURATION}:
                return
            raise
        # A server that lists other names may still serve this one by an alias: only OpenAI's list is the last word.
        if urlsplit(self._connection.base_url).hostname == _HOME and self.name not in known:
            raise ProviderCallError(Trouble.MODEL)

    def close(self) -> None:
        """Give back connections."""
        self._client.close()

    def _manner(self, question: Question) -> dict[str, Any]:
        """How to answer: coldly, briefly, without thinking aloud; each kind of model wants it said differently."""
        thinks = _THINKS.match(self.name)
        if thinks is None:
            # Servers of one's own know the older name of the limit.
            return {"temperature": 0, "max_tokens": question.max_output_tokens}
        manner: dict[str, Any] = {"max_completion_tokens": question.max_output_tokens}
        if self._connection.thinking:
            return manner
        if thinks["minor"]:
            return manner | {"reasoning_effort": "none", "temperature": 0}
        # The first of these refuse any temperature, and cannot stop thinking altogether.
        return manner | {"reasoning_effort": "low" if self.name.startswith("o") else "minimal"}


def _with_version(base_url: str) -> str:
    """Where the API is, when only a host was given."""
    return base_url if urlsplit(base_url).path else f"{base_url}/v1"


def _answer(question: Question, completion: ChatCompletion) -> Answer:
    choices = completion.choices or []
    if not choices or choices[0].message is None:
        raise ProviderCallError(Trouble.SERVER)
    choice = choices[0]
    if choice.finish_reason == "content_filter" or choice.message.refusal:
        raise BlockedError("the answer was blocked")
    text = choice.message.content or ""
    return Answer(text=text, usage=_usage(question, completion, text), complete=choice.finish_reason != "length")


def _usage(question: Question, completion: ChatCompletion, text: str) -> Usage:
    said = completion.usage
    if said is None or said.prompt_tokens is None:
        return estimated_usage(question, text)
    details = said.prompt_tokens_details
    return Usage(
        input_tokens=said.prompt_tokens,
        output_tokens=said.completion_tokens or 0,
        cached_tokens=(details.cached_tokens if details is not None else None) or 0,
    )


@contextmanager
def _saying_whose_fault() -> Iterator[None]:
    """Turn the SDK's errors into ours; what the provider wrote stays in the chain and out of sight."""
    try:
        yield
    except openai.APIStatusError as error:
        raise error_of_reply(error.status_code, error.body, error.response.headers) from error
    except openai.APIConnectionError as error:
        # What httpx said, for `calling` to read.
        if isinstance(error.__cause__, httpx.TransportError):
            raise error.__cause__ from None
        raise ProviderCallError(Trouble.CONNECTION) from error
    except (openai.OpenAIError, ValueError) as error:
        # A success that is not even JSON.
        raise ProviderCallError(Trouble.SERVER) from error
