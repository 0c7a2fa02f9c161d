"""Asks Gemini, through Google's own SDK."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from google import genai
from google.genai import errors, types

from alumusic.domain.providers import Trouble
from alumusic.llm.connection import Connection, calling, estimated_usage
from alumusic.llm.errors import BlockedError, ProviderCallError, error_of_reply
from alumusic.llm.model import Answer, Question, Usage
from alumusic.llm.transport import open_client

_BLOCKS: Final = frozenset(
    {"SAFETY", "PROHIBITED_CONTENT", "SPII", "BLOCKLIST", "RECITATION", "LANGUAGE", "ESCALATION", "MODEL_ARMOR"}
)
_CUT_OFF: Final = frozenset({"MAX_TOKENS", "CONTINUATION"})


class GeminiModel:
    """A model of Gemini."""

    provider = "gemini"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._http = open_client(local=connection.local, in_clear=connection.in_clear)
        self._client = genai.Client(
            # Said in full, so that nothing of it is taken from the environment.
            vertexai=False,
            api_key=connection.api_key,
            http_options=types.HttpOptions(
                base_url=connection.base_url,
                timeout=int(connection.deadline_seconds * 1000),
                retry_options=types.HttpRetryOptions(attempts=1),
                httpx_client=self._http,
            ),
        )

    @property
    def name(self) -> str:
        """The model's name as Google knows it."""
        return self._connection.model

    def ask(self, question: Question) -> Answer:
        """Ask, and wait for the whole answer until the deadline."""
        config = types.GenerateContentConfig(
            system_instruction=question.instructions,
            temperature=0.0,
            max_output_tokens=question.max_output_tokens,
            candidate_count=1,
            response_mime_type="application/json",
            response_json_schema=dict(question.schema),
            thinking_config=self._thinking(),
        )
        with calling(self._connection), _saying_whose_fault():
            response = self._client.models.generate_content(model=self.name, contents=question.content, config=config)
        return self._answer(question, response)

    def check(self) -> None:
        """Find out whether the model exists and the key is good."""
        with calling(self._connection), _saying_whose_fault():
            self._client.models.get(model=self.name)

    def close(self) -> None:
        """Give back connections."""
        self._client.close()
        self._http.close()

    def _thinking(self) -> types.ThinkingConfig | None:
        if self._connection.thinking:
            return None
        # The second generation counts tokens of thought; later ones only know levels, of which this is the lowest.
        if self.name.startswith("gemini-2"):
            return types.ThinkingConfig(thinking_budget=0)
        return types.ThinkingConfig(thinking_level=types.ThinkingLevel.MINIMAL)

    def _answer(self, question: Question, response: types.GenerateContentResponse) -> Answer:
        feedback = response.prompt_feedback
        if feedback is not None and feedback.block_reason is not None:
            raise BlockedError("the question was blocked")
        if not response.candidates:
            raise BlockedError("there is no candidate")
        candidate = response.candidates[0]
        finish = candidate.finish_reason.value if candidate.finish_reason is not None else "STOP"
        if finish in _BLOCKS:
            raise BlockedError("the answer was blocked")
        parts = (candidate.content.parts if candidate.content is not None else None) or []
        text = "".join(part.text for part in parts if part.text and not part.thought)
        return Answer(text=text, usage=_usage(question, response, text), complete=finish not in _CUT_OFF)


def _usage(question: Question, response: types.GenerateContentResponse, text: str) -> Usage:
    said = response.usage_metadata
    if said is None or said.prompt_token_count is None:
        return estimated_usage(question, text)
    return Usage(
        input_tokens=said.prompt_token_count,
        # Thoughts are paid for like words.
        output_tokens=(said.candidates_token_count or 0) + (said.thoughts_token_count or 0),
        cached_tokens=said.cached_content_token_count or 0,
    )


@contextmanager
def _saying_whose_fault() -> Iterator[None]:
    """Turn the SDK's errors into ours; what the provider wrote stays in the chain and out of sight."""
    try:
        yield
    except errors.APIError as error:
        headers = getattr(error.response, "headers", None) or {}
        raise error_of_reply(error.code or 500, error.details, headers) from error
    except (errors.UnknownApiResponseError, ValueError, AttributeError, TypeError) as error:
        # A success that is no answer: something in between answered for the provider.
        raise ProviderCallError(Trouble.SERVER) from error
