"""Opens the model that the settings ask for; an SDK is imported only when it is the one that was chosen."""

from typing import Final
from urllib.parse import urlsplit

from alumusic.domain.errors import ConfigurationError, missing_extra
from alumusic.llm.address import checked_base_url
from alumusic.llm.connection import Connection
from alumusic.llm.model import LanguageModel
from alumusic.settings import Settings
from alumusic.text.hosts import is_loopback

BASE_URLS: Final = {
    "gemini": "https://generativelanguage.googleapis.com",
    "openai": "https://api.openai.com/v1",
}
DEFAULT_MODELS: Final = {"gemini": "gemini-3.1-flash-lite", "openai": "gpt-4.1-mini"}

_NO_KEY: Final = "no-key"
"""What a server of one's own is given that asks for no key: the SDKs insist on one."""


def model_name(settings: Settings) -> str:
    """The model that is asked."""
    return settings.llm_model or DEFAULT_MODELS[settings.llm_provider]


def connection_of(settings: Settings) -> Connection:
    """Where the model is and how to reach it.

    Raises:
        ConfigurationError: the address may not be used, or there is no key for it.
    """
    base_url = checked_base_url(settings.llm_base_url or BASE_URLS[settings.llm_provider], local=settings.llm_local)
    return Connection(
        model=model_name(settings),
        api_key=_key_for(settings, base_url),
        base_url=base_url,
        deadline_seconds=settings.llm_deadline_seconds,
        local=settings.llm_local,
        thinking=settings.llm_thinking,
    )


def open_model(settings: Settings) -> LanguageModel:
    """Open the model; nothing is asked of it yet.

    Raises:
        ConfigurationError: the address may not be used, there is no key, or the SDK is not installed.
    """
    connection = connection_of(settings)
    try:
        if settings.llm_provider == "gemini":
            from alumusic.llm.gemini import GeminiModel  # noqa: PLC0415

            return GeminiModel(connection)
        from alumusic.llm.openai_compatible import OpenAICompatibleModel  # noqa: PLC0415

        return OpenAICompatibleModel(connection)
    except ImportError as error:
        raise missing_extra(settings.llm_provider, wanted_by="ALUMUSIC_CLASSIFIER") from error


def _key_for(settings: Settings, base_url: str) -> str:
    """The key that may be shown at `base_url`: a key belongs to a host, and a changed address must not carry it off."""
    if settings.llm_api_key is not None and settings.llm_api_key.get_secret_value():
        return settings.llm_api_key.get_secret_value()
    host = urlsplit(base_url).hostname or ""
    at_home = host == urlsplit(BASE_URLS[settings.llm_provider]).hostname
    google = settings.google_api_key.get_secret_value() if settings.google_api_key is not None else ""
    if settings.llm_provider == "gemini" and google and (at_home or is_loopback(host)):
        return google
    if not at_home and (is_loopback(host) or settings.llm_local):
        return _NO_KEY
    if at_home and settings.llm_provider == "gemini":
        raise ConfigurationError("llm_key", "Gemini needs GOOGLE_API_KEY or ALUMUSIC_LLM_API_KEY")
    if at_home:
        raise ConfigurationError("llm_key", "OpenAI needs ALUMUSIC_LLM_API_KEY")
    raise ConfigurationError("llm_key", "ALUMUSIC_LLM_BASE_URL needs ALUMUSIC_LLM_API_KEY: a key belongs to a host")
