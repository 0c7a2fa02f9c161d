"""Builds the house once: the only module that picks implementations."""

import gc
import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Engine

from alumusic.accounts.audit import note_provider
from alumusic.bell.bell import Bell
from alumusic.bell.thread import ThreadBell
from alumusic.classify.assemble import (
    build_cascade,
    build_gated_model,
    build_llm_classifier,
    estimated_llm_cost,
    llm_lease,
    wanted_classifier,
)
from alumusic.classify.by_local_model import load_local_classifier
from alumusic.classify.classifier import Classifier
from alumusic.classify.drain import Terms
from alumusic.domain.comments import Origin
from alumusic.domain.errors import ConfigurationError, missing_extra
from alumusic.llm.choose import connection_of, model_name
from alumusic.llm.model import LanguageModel
from alumusic.safety import refuse_dangers
from alumusic.settings import Settings
from alumusic.store.database import open_database, reading
from alumusic.store.work import ClaimSizes, due

SECRET_BYTES: Final = 48
"""Length of a secret that is made here, in random bytes."""

_USUAL_BATCH: Final = 30
"""Comments that one more worker is worth waking for."""

_SECRETS_FILE: Final = "secrets.json"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What tokens and cookies are signed with."""

    secret_key: str = field(repr=False)
    jwt_key: bytes = field(repr=False)
    jwt_previous_key: bytes | None = field(default=None, repr=False)
    """Accepted, and no longer used for signing, while keys are rotated."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the doors need, built once for each process."""

    settings: Settings
    engine: Engine
    bell: Bell
    clock: Callable[[], datetime]
    secrets: Secrets
    language_model: LanguageModel | None = None
    """Answers questions and writes summaries; without one, figures and a template do."""


def settle_memory() -> None:
    """Tell Python's collector that what is loaded by now stays, and that rows come by the ten thousand.

    For a whole process, once it has started: a file of comments is kept in a tenth less time (`make bench`).
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def utc_now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


def build_services(
    settings: Settings, *, clock: Callable[[], datetime] = utc_now, bell: Bell | None = None
) -> Services:
    """Put together what `settings` ask for; the database must have been migrated to be of use.

    Raises:
        ConfigurationError: `settings` cannot work, or must not be those of a production.
    """
    refuse_dangers(settings, dict(os.environ))
    prepare_data_dir(settings.data_dir)
    engine = open_database(settings.effective_database_url)
    return Services(
        settings=settings,
        engine=engine,
        bell=bell or build_bell(settings, engine),
        clock=clock,
        secrets=load_secrets(settings),
        language_model=build_writer(settings, engine, clock=clock),
    )


def build_bell(settings: Settings, engine: Engine) -> Bell:
    """Rings through the broker that `settings` name, or within this process where there is none.

    Raises:
        ConfigurationError: there is a broker, and no Celery.
    """
    if settings.celery_broker_url is None:
        return ThreadBell()
    if find_spec("celery") is None:
        raise missing_extra("celery", wanted_by="CELERY_BROKER_URL")
    # It takes half a second to import.
    from alumusic.bell.celery import MOST_RINGS, CeleryBell  # noqa: PLC0415

    size = settings.batch_size or _USUAL_BATCH

    def wanted() -> int:
        with reading(engine) as db:
            return -(-due(db, now=utc_now(), at_most=size * MOST_RINGS) // size)

    return CeleryBell(settings.celery_broker_url, wanted=wanted)


def build_classifier(
    settings: Settings, *, engine: Engine | None = None, clock: Callable[[], datetime] = utc_now
) -> Classifier:
    """The classifier that `settings` ask for.

    With `engine` a language model's breaker, budget, ledger and remembered answers are kept there; without, nothing is.

    Raises:
        ConfigurationError: the language model cannot be opened.
    """
    wanted = wanted_classifier(settings)
    own = local_model_path(settings)
    local = load_local_classifier(own) if own.exists() else load_local_classifier()
    if wanted == "llm":
        return build_llm_classifier(settings, clock=clock, engine=engine, fallback=local)
    if wanted == "cascade":
        return build_cascade(settings, local=local, clock=clock, engine=engine)
    return local


def note_who_classifies(settings: Settings, engine: Engine, *, now: datetime) -> None:
    """Keep a line in the log of security where the texts go to another provider, model or host than before."""
    is_local = wanted_classifier(settings) == "local"
    with engine.begin() as db:
        note_provider(
            db,
            provider=Origin.LOCAL if is_local else settings.llm_provider,
            model=None if is_local else model_name(settings),
            host=None if is_local else urlsplit(connection_of(settings).base_url).hostname,
            now=now,
        )


def local_model_path(settings: Settings) -> Path:
    """Where a local model that learnt from this house's corrections is; it goes before the one that is shipped."""
    return settings.data_dir / "model.npz"


def build_writer(
    settings: Settings, engine: Engine, *, clock: Callable[[], datetime] = utc_now
) -> LanguageModel | None:
    """The language model that writes summaries and answers; None where the house writes them itself.

    Raises:
        ConfigurationError: the language model cannot be opened.
    """
    if wanted_classifier(settings) == "local":
        return None
    return build_gated_model(settings, engine=engine, clock=clock, purpose="summarize")


def worker_terms(settings: Settings, classifier: Classifier) -> Terms:
    """How workers of `classifier` work."""
    asks_others = classifier.origin is not Origin.LOCAL
    # Who asks others knows the setting, and how many comments fill one question.
    size = classifier.batch_size if asks_others else settings.batch_size or classifier.batch_size
    lease = llm_lease(settings) if asks_others else timedelta(seconds=settings.lease_seconds)
    # The local model reads each text by itself: nobody can hurt a neighbour there.
    return Terms(sizes=ClaimSizes(first=size, isolates=asks_others), lease=lease)


def estimated_cost_usd(settings: Settings, *, comments: int, characters: int) -> float:
    """What classifying so many comments, so long together, would cost in US dollars; nothing on this machine."""
    if wanted_classifier(settings) == "local":
        return 0.0
    return estimated_llm_cost(settings, comments=comments, characters=characters)


def prepare_data_dir(folder: Path) -> None:
    """Make the data folder, for nobody's eyes but ours."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def load_secrets(settings: Settings) -> Secrets:
    """The secrets that were set; those that were not are made once, and kept in the data folder for the next time."""
    app, tokens = settings.secret_key, settings.jwt_secret_key
    kept = {} if app and tokens else _kept_secrets(settings.data_dir / _SECRETS_FILE)
    previous = settings.jwt_previous_secret_key
    return Secrets(
        secret_key=app.get_secret_value() if app else kept["secret_key"],
        jwt_key=(tokens.get_secret_value() if tokens else kept["jwt_key"]).encode(),
        jwt_previous_key=previous.get_secret_value().encode() if previous else None,
    )


def _kept_secrets(path: Path) -> dict[str, str]:
    made = {name: secrets.token_urlsafe(SECRET_BYTES) for name in ("secret_key", "jwt_key")}
    try:
        # Created with its mode, and only if it is not there: two processes that start at once agree on one file.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secrets(path)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(made, file)
    return made


def _read_secrets(path: Path) -> dict[str, str]:
    """What another process keeps at `path`; it may still be writing."""
    for _ in range(50):
        content = path.read_text(encoding="utf-8")
        if content.endswith("}"):
            found: dict[str, str] = json.loads(content)
            return found
        time.sleep(0.05)
    raise ConfigurationError("secrets_file", f"{path} is not complete; delete it to have new secrets made")
