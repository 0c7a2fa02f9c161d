"""Tells from a provider's reply whose fault it is, and when to come back."""

from collections.abc import Mapping
from typing import Any, Final

from alumusic.domain.comments import Failure
from alumusic.domain.errors import ProviderTroubleError, UnusableAnswerError
from alumusic.domain.providers import Trouble
from alumusic.llm.retry_after import retry_after_seconds


class ProviderCallError(ProviderTroubleError):
    """A call that had no answer; `trouble` says of which kind. Its text never quotes the provider."""

    def __init__(self, trouble: Trouble, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(trouble.value, retry_after_seconds=retry_after_seconds)
        self.trouble = trouble


class CallGivenUpError(ProviderTroubleError):
    """We stopped waiting, and that is nobody's fault."""

    def __init__(self) -> None:
        super().__init__("given up")


class BlockedError(UnusableAnswerError):
    """The provider refuses to speak about this content."""

    failure = Failure.BLOCKED


class InputRefusedError(UnusableAnswerError):
    """The provider cannot read what was asked: too long, or otherwise not to its taste."""

    failure = Failure.INPUT_REFUSED


class AnswerTooLargeError(UnusableAnswerError):
    """The answer has more bytes than any answer of ours could have."""


class NoAnswerError(UnusableAnswerError):
    """Asked alone, while others were answered, this one ran out of time."""

    failure = Failure.TIMEOUT


_BY_STATUS: Final = {
    401: Trouble.KEY,
    402: Trouble.QUOTA,
    403: Trouble.KEY,
    404: Trouble.MODEL,
    405: Trouble.CONFIGURATION,
    407: Trouble.CONFIGURATION,
}
_REFUSED: Final = frozenset({400, 413, 415, 422})
_KEY_WORDS: Final = ("api_key_invalid", "api key", "invalid_api_key")
_OPERATOR_WORDS: Final = ("failed_precondition", "billing", "user location")
_QUOTA_WORDS: Final = ("insufficient_quota", "per_day", "billing", "credit")
_BLOCK_WORDS: Final = ("content_filter", "content_policy", "prohibited_content", "responsibleaipolicyviolation")


def error_of_reply(status: int, body: Any, headers: Mapping[str, str]) -> ProviderCallError | UnusableAnswerError:
    """What a reply that is not a success means; `body` is its JSON, if it was any."""
    if status == 429:  # noqa: PLR2004
        trouble = Trouble.QUOTA if _used_up(body) else Trouble.BUSY
        return ProviderCallError(trouble, retry_after_seconds=retry_after_seconds(headers, body))
    if status in _BY_STATUS:
        return ProviderCallError(_BY_STATUS[status])
    if status in _REFUSED:
        return _refused(body)
    if 300 <= status < 400:  # noqa: PLR2004
        return ProviderCallError(Trouble.CONFIGURATION)
    return ProviderCallError(Trouble.SERVER, retry_after_seconds=retry_after_seconds(headers, body))


def _refused(body: Any) -> ProviderCallError | UnusableAnswerError:
    # Gemini says 400 to a bad key and to a country it does not serve.
    if _mentions(body, _KEY_WORDS):
        return ProviderCallError(Trouble.KEY)
    if _mentions(body, _OPERATOR_WORDS):
        return ProviderCallError(Trouble.CONFIGURATION)
    if _mentions(body, _BLOCK_WORDS):
        return BlockedError("the provider blocked the question")
    return InputRefusedError("the provider refused the question")


def _used_up(body: Any) -> bool:
    """Whether a 429 is about the day's quota or about money, and not about this minute."""
    # Gemini names the quota, and speaks of billing even where a minute's wait is enough.
    if _mentions(body, ("quotaid",)):
        return _mentions(body, ("perday",))
    return _mentions(body, _QUOTA_WORDS)


def _mentions(body: Any, words: tuple[str, ...]) -> bool:
    """Whether the machine-readable parts of an error, or its message, hold one of `words`."""
    error = body[0] if isinstance(body, list) and body else body
    error = error.get("error", error) if isinstance(error, dict) else error
    said = str(error)[:20_000].lower()
    return any(word in said for word in words)
