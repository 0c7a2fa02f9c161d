"""Cleans up once an hour: what has run out, what is too old to keep, what a dead worker left half said."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection, Engine

from alumusic.accounts.throttle import FORGIVEN_AFTER
from alumusic.settings import Settings
from alumusic.store import housekeeping as store
from alumusic.store.ledger import forget_calls
from alumusic.store.sessions import forget_sessions
from alumusic.store.throttles import forget_throttles
from alumusic.store.workers import forget_the_dead
from alumusic.summarize.digest import forget_erased

log: Final = structlog.get_logger(__name__)

KEYS_FOR: Final = timedelta(hours=24)
"""How long an `Idempotency-Key` is remembered."""

_THROTTLES_FOR: Final = FORGIVEN_AFTER
_SESSIONS_FOR: Final = timedelta(days=30)
"""So long a session that ended can still be looked up, and a stolen refresh token of it recognised."""
_ENDED_FOR: Final = timedelta(days=7)
"""Invites that have run out are kept a little, for whoever asks why."""
_LEDGER_FOR: Final = timedelta(days=400)
"""A year of costs, to compare with the year before."""
_BATCH_MAY_BE_OPEN_FOR: Final = timedelta(minutes=5)


def clean_up(
    engine: Engine, settings: Settings, *, now: datetime, stopping: Callable[[], bool] = lambda: False
) -> dict[str, int]:
    """Do all of it, and say how much there was of each; any number of processes may do it at once."""
    duties: Mapping[str, Callable[[Connection], int]] = {
        "idempotency_keys": lambda db: store.forget_idempotency_keys(db, before=now - KEYS_FOR),
        "throttles": lambda db: forget_throttles(db, before=now - _THROTTLES_FOR),
        "sessions": lambda db: forget_sessions(db, ended_before=now - _SESSIONS_FOR),
        "invites": lambda db: store.forget_invites(db, ended_before=now - _ENDED_FOR),
        "workers": lambda db: forget_the_dead(db, now=now),
        "calls": lambda db: forget_calls(db, before=now - _LEDGER_FOR),
        "audit": lambda db: store.forget_audit(db, before=now - timedelta(days=settings.audit_days)),
        "batches": lambda db: store.mark_forgotten_batches(db, received_before=now - _BATCH_MAY_BE_OPEN_FOR, now=now),
    }
    done = {}
    for name, duty in duties.items():
        # One transaction each: what one of them trips over keeps nobody from the others.
        with engine.begin() as db:
            done[name] = duty(db)
    done["comments"] = _remove_old_comments(engine, settings, now=now, stopping=stopping)
    store.merge_words(engine, stopping=stopping)
    store.tune(engine)
    log.info("cleaned_up", **{name: n for name, n in done.items() if n})
    return done


def _remove_old_comments(engine: Engine, settings: Settings, *, now: datetime, stopping: Callable[[], bool]) -> int:
    if settings.retention_days is None:
        return 0
    before = now - timedelta(days=settings.retention_days)
    removed = store.remove_old_comments(engine, received_before=before, stopping=stopping)
    if removed:
        # Summaries must not quote what is gone.
        forget_erased(engine)
    return removed
