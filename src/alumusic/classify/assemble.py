"""Puts together the classifiers that ask a language model, from settings."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import Engine

from alumusic.classify.by_llm import LlmClassifier
from alumusic.classify.cascade import CascadeClassifier
from alumusic.classify.classifier import Classifier
from alumusic.classify.concurrency import Concurrency
from alumusic.classify.gate import Books, ProviderGate
from alumusic.classify.gated import GatedModel
from alumusic.classify.lessons import Lessons
from alumusic.classify.memory import AnswerMemory
from alumusic.classify.prompts.question import current_prompt, estimate_of, harmless_question
from alumusic.classify.upgrade import upgrade_provisional
from alumusic.domain.providers import ProviderLimits
from alumusic.llm.choose import model_name, open_model
from alumusic.llm.model import LanguageModel, Usage
from alumusic.llm.prices import Price, price_of
from alumusic.settings import Settings

DEFAULT_BATCH: Final = 30
"""Comments of one question (docs/decisions/0011)."""

_CHARACTERS_PER_TOKEN: Final = 3
_KEY_TOKENS: Final = 8
_ANSWER_TOKENS: Final = 25
"""Of one comment, as `make bench-llm` counts them, rounded up."""

_FIRST_CALLS: Final = 4
"""Calls at once to begin with: enough to be quick, few enough to be polite."""


def wanted_classifier(settings: Settings) -> Literal["local", "llm", "cascade"]:
    """Who classifies: what was said, or a language model where there is a key or an address for one."""
    if settings.classifier != "auto":
        return settings.classifier
    has_key = any(key is not None and key.get_secret_value() for key in (settings.google_api_key, settings.llm_api_key))
    return "llm" if has_key or settings.llm_base_url else "local"


def provider_limits(settings: Settings) -> ProviderLimits:
    """What the operator allows."""
    return ProviderLimits(
        calls_per_minute=settings.llm_calls_per_minute,
        daily_tokens=settings.daily_budget_tokens,
        probe_lasts=timedelta(seconds=2 * settings.llm_deadline_seconds),
    )


def llm_lease(settings: Settings) -> timedelta:
    """How long comments may be kept for a call: a call that ends at its deadline must still find them."""
    return timedelta(seconds=max(settings.lease_seconds, 2 * settings.llm_deadline_seconds))


def build_llm_classifier(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    engine: Engine | None = None,
    fallback: Classifier | None = None,
    model: LanguageModel | None = None,
) -> LlmClassifier:
    """The classifier that asks a language model.

    With `engine`, breaker, budget, ledger and remembered answers are kept there; without, for the command line and
    for evals, nothing is. `fallback` speaks about what the provider refuses to read.

    Raises:
        ConfigurationError: no such model can be opened.
    """
    llm = model or open_model(settings)
    prompt = current_prompt()
    gate = memory = None
    if engine is not None:
        gate = _gate(llm, settings, engine=engine, clock=clock, purpose="classify", prompt_version=prompt.version)
        if settings.llm_remembered_answers:
            memory = AnswerMemory(
                engine,
                model=llm.name[:100],
                prompt_version=prompt.version,
                at_most=settings.llm_remembered_answers,
                clock=clock,
            )
    return LlmClassifier(
        llm,
        batch_size=settings.batch_size or DEFAULT_BATCH,
        prompt=prompt,
        gate=gate,
        memory=memory,
        fallback=fallback,
        lessons=Lessons(engine, clock=clock).about if engine is not None else None,
        price=_price(settings),
    )


def build_gated_model(settings: Settings, *, engine: Engine, clock: Callable[[], datetime], purpose: str) -> GatedModel:
    """The language model itself, for other questions than what a comment is, on the same books.

    Raises:
        ConfigurationError: no such model can be opened.
    """
    llm = open_model(settings)
    gate = _gate(llm, settings, engine=engine, clock=clock, purpose=purpose, prompt_version=None)
    return GatedModel(llm, gate, clock=clock)


def _gate(
    llm: LanguageModel,
    settings: Settings,
    *,
    engine: Engine,
    clock: Callable[[], datetime],
    purpose: str,
    prompt_version: str | None,
) -> ProviderGate:
    books = Books(
        engine=engine,
        limits=provider_limits(settings),
        price=_price(settings),
        zone=settings.zone,
        clock=clock,
        purpose=purpose,
        prompt_version=prompt_version,
        harmless=harmless_question(current_prompt()),
    )
    return ProviderGate(llm, books, concurrency=Concurrency(settings.llm_concurrency, start=_FIRST_CALLS))


def estimated_llm_cost(settings: Settings, *, comments: int, characters: int) -> float:
    """About what asking a model about so many comments, so long together, costs in US dollars; rather too much."""
    prompt = current_prompt()
    size = settings.batch_size or DEFAULT_BATCH
    fixed = estimate_of(prompt, 0) * -(-comments // size)
    usage = Usage(fixed + characters // _CHARACTERS_PER_TOKEN + comments * _KEY_TOKENS, comments * _ANSWER_TOKENS)
    return _price(settings).microdollars(usage) / 1_000_000


def _price(settings: Settings) -> Price:
    return price_of(model_name(settings), settings.llm_prices)


def build_cascade(
    settings: Settings, *, local: Classifier, clock: Callable[[], datetime], engine: Engine | None = None
) -> CascadeClassifier:
    """The classifier that asks a language model only where `local` is not sure.

    Raises:
        ConfigurationError: no such model can be opened.
    """

    def upgrade(now: datetime) -> int:
        return upgrade_provisional(engine, now=now) if engine is not None else 0

    return CascadeClassifier(
        local,
        build_llm_classifier(settings, clock=clock, engine=engine, fallback=local),
        sure_from=settings.cascade_sure_from,
        patience=timedelta(seconds=settings.cascade_patience_seconds),
        upgrade=upgrade,
    )
