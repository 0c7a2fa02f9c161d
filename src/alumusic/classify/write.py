"""Writes down what became of claimed comments, in one transaction, however long the database takes to come back."""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from alumusic.classify.permit import Outcome, Postponed
from alumusic.domain.comments import Classification, Failure, Origin
from alumusic.store.opinions import Opinion
from alumusic.store.rungs import step_down
from alumusic.store.work import ClaimedComment, complete, defer, fail, release

log: Final = structlog.get_logger(__name__)

_FIRST_WAIT_SECONDS: Final = 0.05
_LONGEST_WAIT_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Held:
    """Comments in hand, and who classifies them."""

    lease: UUID
    ends_at: datetime
    comments: tuple[ClaimedComment, ...]
    origin: Origin
    model: str
    prompt_version: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """How many comments ended in which way."""

    done: int
    deferred: int
    troubled: int
    """Charged with an attempt."""
    failed: int
    """Of those, ended as FAILED."""


def write_until(
    engine: Engine, held: Held, outcomes: Sequence[Outcome], *, jitter: float, clock: Callable[[], datetime]
) -> Written:
    """Write the outcomes down, and try again while a database that is away may come back before the lease ends."""
    wait = _FIRST_WAIT_SECONDS
    while True:
        try:
            with engine.begin() as db:
                return write_down(db, held, outcomes, jitter=jitter, now=clock())
        except (OperationalError, InterfaceError, InternalError) as error:
            if clock() >= held.ends_at:
                raise
            log.warning("write_back_trouble", error=type(error).__name__, comments=len(held.comments))
            time.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311
            wait = min(_LONGEST_WAIT_SECONDS, wait * 2)


def write_down(db: Connection, held: Held, outcomes: Sequence[Outcome], *, jitter: float, now: datetime) -> Written:
    """Complete what was answered, charge an attempt to what was not, put back what nobody was asked about."""
    opinions: dict[UUID, Opinion] = {}
    failures: dict[UUID, Failure] = {}
    postponed: dict[Postponed, list[UUID]] = defaultdict(list)
    for comment, outcome in zip(held.comments, outcomes, strict=True):
        if isinstance(outcome, Classification):
            opinions[comment.id] = _opinion(held, outcome)
        elif isinstance(outcome, Postponed):
            postponed[outcome].append(comment.id)
        else:
            failures[comment.id] = outcome.failure
    done = complete(db, lease=held.lease, opinions=opinions, now=now) if opinions else []
    failed = fail(db, lease=held.lease, failures=failures, jitter=jitter, now=now) if failures else []
    deferred = sum(_put_back(db, held.lease, kind, ids, jitter=jitter, now=now) for kind, ids in postponed.items())
    if failed:
        log.warning("comments_failed", lease=str(held.lease), comments=[str(id_) for id_ in failed])
    log.debug("comments_written", lease=str(held.lease), comments=[str(id_) for id_ in done], deferred=deferred)
    return Written(done=len(done), deferred=deferred, troubled=len(failures), failed=len(failed))


def _opinion(held: Held, said: Classification) -> Opinion:
    # Who answers in another's place followed no prompt.
    theirs = said.origin is None or said.origin is held.origin
    return Opinion(said, held.origin, held.model, prompt_version=held.prompt_version if theirs else None)


def _put_back(
    db: Connection, lease: UUID, kind: Postponed, ids: Sequence[UUID], *, jitter: float, now: datetime
) -> int:
    if kind.reason is None:
        release(db, lease=lease, now=now, ids=ids)
        return 0
    if kind.steps_down:
        step_down(db, lease=lease, ids=ids)
    return defer(db, lease=lease, ids=ids, reason=kind.reason, until=now + kind.wait * jitter, free=not kind.counted)
