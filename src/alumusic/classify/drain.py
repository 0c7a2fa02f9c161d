"""A worker's turn: ask for permission, take due comments in hand, classify them, write down what came of it."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

import structlog
from sqlalchemy import Engine

from alumusic.classify.classifier import Classifier
from alumusic.classify.permit import Admitting, FreePermit, Outcome, Permit, Postponed, Refusal, Tending
from alumusic.classify.write import Held, write_until
from alumusic.domain.providers import Trouble
from alumusic.llm.transport import giving_up_when
from alumusic.store.database import reading
from alumusic.store.providers import state_of
from alumusic.store.work import ClaimSizes, bury, claim, due, has_poison, release

log: Final = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
Stopping = Callable[[], bool]

GRACE_SECONDS: Final = 15.0
"""How long a call in flight may go on once somebody asks to stop; then its comments are given back."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a worker works."""

    sizes: ClaimSizes
    lease: timedelta
    """How long it may keep what it has claimed."""


@dataclass(slots=True)
class Tally:
    """What a turn has done."""

    done: int = 0
    deferred: int = 0
    troubled: int = 0
    """Comments charged with an attempt."""
    failed: int = 0
    """Comments that ended as FAILED."""
    claims: int = field(default=0)
    refusal: Refusal | None = None
    """Why the turn ended, where somebody said no."""


def never() -> bool:
    """Nobody asks to stop."""
    return False


def classify_due(
    engine: Engine, classifier: Classifier, *, terms: Terms, clock: Clock, until: datetime, stopping: Stopping = never
) -> Tally:
    """Classify what is due, until nothing is, or `until`, or somebody asks to stop or says no."""
    tally = Tally()
    with reading(engine) as db:
        any_to_bury = has_poison(db, now=clock())
    if any_to_bury:
        with engine.begin() as db:
            tally.failed += len(bury(db, now=clock()))
    if isinstance(classifier, Tending):
        classifier.tend(now=clock())
    while not stopping() and clock() < until:
        if not classify_once(engine, classifier, terms=terms, clock=clock, tally=tally, stopping=stopping):
            break
    return tally


def classify_once(
    engine: Engine, classifier: Classifier, *, terms: Terms, clock: Clock, tally: Tally, stopping: Stopping = never
) -> bool:
    """Claim one batch and see it through; whether there was anything to claim, and it is worth claiming more."""
    permit = _permit(engine, classifier, now=clock())
    if permit is None:
        return False
    if isinstance(permit, Refusal):
        tally.refusal = permit
        return False
    held = _claim(engine, classifier, permit, terms=terms, now=clock(), tally=tally)
    if not held.comments or stopping():
        permit.cancel()
        _give_back(engine, held, now=clock())
        return False
    with giving_up_when(_grace_is_over(stopping)):
        outcomes = permit.classify([comment.text for comment in held.comments])
    written = write_until(engine, held, outcomes, jitter=random.uniform(0.5, 1.5), clock=clock)  # noqa: S311
    tally.done += written.done
    tally.deferred += written.deferred
    tally.troubled += written.troubled
    tally.failed += written.failed
    # Who must ask is told when to stop; who need not ask would go round in circles.
    return isinstance(classifier, Admitting) or not _all_in_trouble(outcomes)


def _permit(engine: Engine, classifier: Classifier, *, now: datetime) -> Permit | Refusal | None:
    """Leave to claim; None where a look says that nothing is due, so that nobody need be asked."""
    with reading(engine) as db:
        if not due(db, now=now):
            return None
        # A person may also stop who needs nobody's leave.
        if not isinstance(classifier, Admitting) and state_of(db, classifier.origin).paused:
            return Refusal(Trouble.PAUSED)
    return classifier.admit(now=now) if isinstance(classifier, Admitting) else FreePermit(classifier)


def _claim(
    engine: Engine, classifier: Classifier, permit: Permit, *, terms: Terms, now: datetime, tally: Tally
) -> Held:
    lease, sizes = uuid4(), terms.sizes
    if permit.at_most is not None:
        sizes = replace(sizes, first=min(sizes.first, permit.at_most), second=min(sizes.second, permit.at_most))
    # Every other claim takes the latest arrivals, or one person's million rows would make everybody wait.
    newest_first = tally.claims % 2 == 1
    tally.claims += 1
    with engine.begin() as db:
        claimed = claim(db, lease=lease, sizes=sizes, lasts=terms.lease, now=now, newest_first=newest_first)
    return Held(
        lease=lease,
        ends_at=now + terms.lease,
        comments=tuple(claimed),
        origin=classifier.origin,
        model=classifier.model,
        prompt_version=classifier.prompt_version,
    )


def _give_back(engine: Engine, held: Held, *, now: datetime) -> None:
    if held.comments:
        with engine.begin() as db:
            release(db, lease=held.lease, now=now)


def _all_in_trouble(outcomes: Sequence[Outcome]) -> bool:
    return all(isinstance(outcome, Postponed) for outcome in outcomes)


def _grace_is_over(stopping: Stopping) -> Callable[[], bool]:
    """Whether somebody has been asking to stop for longer than a call in flight may still take."""
    since: list[float] = []

    def over() -> bool:
        if not stopping():
            return False
        if not since:
            since.append(time.monotonic())
        return time.monotonic() - since[0] >= GRACE_SECONDS

    return over
