"""Language models that tests talk to: the real clients, against a provider on loopback."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, select

from alumusic.classify.assemble import build_llm_classifier
from alumusic.classify.by_llm import LlmClassifier
from alumusic.classify.classifier import Classifier
from alumusic.classify.drain import Tally, classify_due
from alumusic.domain.providers import ProviderState
from alumusic.settings import Settings
from alumusic.store.database import reading
from alumusic.store.providers import state_of
from alumusic.store.tables import comments
from tests.examples import TERMS
from tests.fakes import FakeClock
from tests.stub_provider import StubProvider

PATIENT_SECONDS = 30.0
"""The deadline of a call that is answered: a slow machine is no defect."""
HASTY_SECONDS = 1.0
"""The deadline of a call that is never answered, so that a test need not wait long for it to expire."""


def llm_settings(stub: StubProvider, **changes: Any) -> Settings:
    defaults: dict[str, Any] = {
        "classifier": "llm",
        "llm_provider": "openai",
        "llm_model": "stub-1",
        "llm_base_url": stub.url,
        "llm_api_key": "stub-key",
        "llm_deadline_seconds": PATIENT_SECONDS,
        "llm_prices": {"stub-1": (0.25, 1.50)},
    }
    return Settings(_env_file=None, **defaults | changes)  # type: ignore[call-arg]


def classifier_on(
    engine: Engine | None,
    stub: StubProvider,
    clock: FakeClock,
    *,
    fallback: Classifier | None = None,
    **changes: Any,
) -> LlmClassifier:
    return build_llm_classifier(llm_settings(stub, **changes), engine=engine, clock=clock, fallback=fallback)


def a_turn(engine: Engine, classifier: Classifier, clock: FakeClock) -> Tally:
    return classify_due(engine, classifier, terms=TERMS, clock=clock, until=clock() + timedelta(seconds=30))


def turns(
    engine: Engine,
    classifier: Classifier,
    clock: FakeClock,
    *,
    seconds: float = 120,
    until: Callable[[], bool] | None = None,
) -> None:
    """Let a worker come back every few seconds for so long, or until something is so."""
    for _ in range(int(seconds // 3)):
        if until is not None and until():
            return
        a_turn(engine, classifier, clock)
        clock.advance(3)


def provider(engine: Engine, name: str = "openai") -> ProviderState:
    with reading(engine) as db:
        return state_of(db, name)


def statuses(engine: Engine) -> list[str]:
    with reading(engine) as db:
        return list(db.scalars(select(comments.c.status).order_by(comments.c.seq)))


def counters(engine: Engine) -> list[tuple[int, int]]:
    """Attempts and deferrals of each comment."""
    with reading(engine) as db:
        return [
            (attempts, deferrals)
            for attempts, deferrals in db.execute(
                select(comments.c.attempts, comments.c.deferrals).order_by(comments.c.seq)
            )
        ]


def errors(engine: Engine) -> list[str | None]:
    with reading(engine) as db:
        return list(db.scalars(select(comments.c.error).order_by(comments.c.seq)))
