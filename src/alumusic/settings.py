"""Every setting, with a default that suits a laptop, its unit in its name and a sentence."""

from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def _named(name: str, default: Any, **constraints: Any) -> Any:
    """A setting whose name in the environment has no `ALUMUSIC_` before it, because others know it by this name."""
    return Field(default, validation_alias=AliasChoices(name, name.lower()), **constraints)


class Settings(BaseSettings):
    """What the environment and a `.env` file say; docs/settings.md is made from this class."""

    model_config = SettingsConfigDict(
        env_prefix="ALUMUSIC_",
        env_file=".env",
        env_file_encoding="utf-8",
        # `NAME=` in a copied .env means that nobody has chosen.
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
    )

    env: Literal["local", "production"] = "local"
    """`production` refuses to start with anything that is only good enough for one's own machine."""

    data_dir: Path = Path("data")
    """Folder of everything that is kept when nothing else is said: database, secrets."""

    host: str = "127.0.0.1"
    """Address that `alumusic up` listens on; anything but loopback closes free registration and refuses weak keys."""

    secret_key: SecretStr | None = _named("SECRET_KEY", None)
    """Signs Flask's own cookies; made and kept in the data folder when absent."""

    jwt_secret_key: SecretStr | None = _named("JWT_SECRET_KEY", None)
    """Signs access tokens (32 bytes or more); made and kept in the data folder when absent."""

    jwt_previous_secret_key: SecretStr | None = None
    """The key before this one: its tokens are still accepted while keys are being rotated."""

    database_url: str | None = _named("DATABASE_URL", None)
    """PostgreSQL (`postgresql://…`, `postgres://…`) or SQLite (`sqlite:///…`); by default SQLite in the data folder."""

    celery_broker_url: str | None = _named("CELERY_BROKER_URL", None)
    """Redis or RabbitMQ, to wake up workers of other processes; a thread of this process works when absent."""

    celery_result_backend: str | None = _named("CELERY_RESULT_BACKEND", None)
    """Accepted because others set it, and not used: results are rows."""

    google_api_key: SecretStr | None = _named("GOOGLE_API_KEY", None)
    """Key of Gemini; with it `ALUMUSIC_CLASSIFIER=auto` means `llm`."""

    classifier: Literal["auto", "local", "llm", "cascade"] = "auto"
    """Who classifies; `auto` is `llm` where a key or a base URL is set, else `local`."""

    timezone: str = "America/Sao_Paulo"
    """Where days and weeks begin and end."""

    registration: Literal["auto", "open", "invite", "closed"] = "auto"
    """Who may make an account after the first; `auto`: anybody on one's own machine, by invitation in production."""

    access_token_minutes: int = Field(15, ge=1, le=60)
    """How long an access token is good for."""

    refresh_token_days: int = Field(30, ge=1, le=365)
    """How long somebody stays signed in without coming back."""

    max_upload_megabytes: int = Field(64, ge=1, le=1024)
    """Largest body or file that is accepted at once."""

    max_upload_rows: int = Field(300_000, ge=1)
    """Most rows that one file may bring."""

    batch_size: int | None = Field(None, ge=1, le=500)
    """Comments that a worker takes at once; the classifier's own wish when absent."""

    lease_seconds: float = Field(90.0, gt=0)
    """How long a worker may keep comments before others take them over."""

    watchdog_seconds: float = Field(3.0, gt=0)
    """How often a worker looks for due comments by itself, whatever the bell does."""

    worker_threads: int = Field(1, ge=1, le=64)
    """Threads of the in-process worker; more help only with a language model."""

    query_seconds: float = Field(5.0, gt=0, le=600)
    """How long the API lets the database look for an answer before it says 503; downloads may take longer."""

    public_report: bool = True
    """Whether `/relatorio/semana` answers without an account."""

    cors_origins: str = ""
    """Origins, separated by commas, whose pages may call the API from a browser; none by default."""

    trusted_proxies: int = Field(0, ge=0, le=10)
    """How many proxies in front of the API may say where a request came from."""

    dashboard_key: SecretStr | None = None
    """With it the dashboard vouches for its visitors' addresses; `alumusic up` makes one for each start when absent."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """What is worth a line; a comment's text is only ever logged at DEBUG."""

    log_format: Literal["auto", "text", "json"] = "auto"
    """`auto` is `text` on a terminal, `json` elsewhere."""

    # --- a language model, if one is to be asked ---------------------------------------------------------------

    llm_provider: Literal["gemini", "openai"] = "gemini"
    """Whose language: Google's Gemini, or the chat completions of OpenAI and everything compatible with it."""

    llm_model: str | None = Field(None, min_length=1, max_length=100)
    """Name of the model as the provider knows it; a cheap current one of the provider when absent."""

    llm_base_url: str | None = None
    """Where the model is served, when not at the provider's own address; it needs a key of its own."""

    llm_api_key: SecretStr | None = None
    """Key for the model; for Gemini at Google's own address `GOOGLE_API_KEY` will do."""

    llm_local: bool = False
    """Whether the model may be on the own network, and be spoken to over http there."""

    llm_thinking: bool = False
    """Whether the model may think before it answers: slower and dearer, and no better at sorting comments."""

    llm_deadline_seconds: float = Field(45.0, gt=0, le=600)
    """Total time for one answer, dribbled bytes included, before the batch goes back to the queue."""

    llm_concurrency: int = Field(8, ge=1, le=64)
    """Most calls at once from one process; fewer are made while the provider is slow or refuses."""

    llm_calls_per_minute: float = Field(600.0, gt=0)
    """Most calls a minute of all workers together: what the provider's plan allows."""

    daily_budget_tokens: int | None = Field(None, ge=1)
    """Most tokens a day, questions and answers together; comments wait for the next day beyond it."""

    llm_prices: dict[str, tuple[float, float]] = {
        "gemini-3.1-flash-lite": (0.25, 1.50),
        "gemini-3.5-flash-lite": (0.30, 2.50),
        "gemini-3.8-flash": (0.75, 3.75),
    }
    """US dollars for a million tokens of question and of answer, by model; a model without a price costs nothing."""

    llm_remembered_answers: int = Field(200_000, ge=0)
    """Answers kept so that the same text is not asked twice; the least useful are forgotten first."""

    cascade_sure_from: float = Field(0.8, ge=0, le=1)
    """Confidence from which the local model's answer stays when `ALUMUSIC_CLASSIFIER=cascade`."""

    cascade_patience_seconds: float = Field(300.0, ge=0)
    """How long the provider may be away before the local model answers for it, provisionally."""

    # --- many processes, many machines -------------------------------------------------------------------------

    metrics_token: SecretStr | None = None
    """What Prometheus sends as `Authorization: Bearer …` to read `/metrics`; administrators may read it anyway."""

    retention_days: int | None = Field(None, ge=1)
    """Days after which finished comments are removed for good; figures stay, texts go. Kept for ever when absent."""

    audit_days: int = Field(180, ge=1)
    """Days that the log of security events is kept."""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except Exception as error:
            raise ValueError("is not a time zone, such as America/Sao_Paulo") from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which days and weeks are counted."""
        return ZoneInfo(self.timezone)

    @property
    def effective_database_url(self) -> str:
        """Where the rows are: what was set, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'alumusic.db').absolute()}"

    @property
    def max_upload_bytes(self) -> int:
        """Largest body in bytes."""
        return self.max_upload_megabytes * 1024 * 1024


class InvalidSettingsError(Exception):
    """Settings that cannot be read; the message has a line for each."""


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; `overrides` win over the environment.

    Raises:
        InvalidSettingsError: with a line for each setting that makes no sense.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()]
        raise InvalidSettingsError("\n".join(lines)) from error
