"""Keeps what all workers together know about each provider: one row, changed under its lock."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from alumusic.domain import providers as deciding
from alumusic.domain.providers import Entry, ProviderLimits, ProviderState, Spent, Trouble
from alumusic.store.database import is_sqlite
from alumusic.store.tables import providers


def state_of(db: Connection, name: str) -> ProviderState:
    """What is known about a provider; one that nobody has called yet is in good health."""
    row = db.execute(select(providers).where(providers.c.name == name)).mappings().one_or_none()
    return _state(row) if row is not None else ProviderState(name)


def states(db: Connection) -> list[ProviderState]:
    """What is known about every provider that was ever called."""
    return [_state(row) for row in db.execute(select(providers).order_by(providers.c.name)).mappings()]


def enter(db: Connection, name: str, *, limits: ProviderLimits, estimate: int, now: datetime, today: date) -> Entry:
    """Ask for one call of about `estimate` tokens: permission, then rate, then budget."""
    state = _held(db, name)
    after, entry = deciding.enter(state, limits=limits, estimate=estimate, now=now, today=today)
    _keep(db, state, after)
    return entry


def cancel(db: Connection, name: str, entry: Entry, *, limits: ProviderLimits, today: date) -> None:
    """Give back what `entry` had reserved: no call was made."""
    _change(db, name, lambda state: deciding.cancelled(state, entry, limits=limits, today=today))


def note_answer(
    db: Connection, name: str, entry: Entry, *, spent: Spent, unusable: bool, now: datetime, today: date
) -> None:
    """The call had an answer, in a shape we can use or not."""
    _change(
        db,
        name,
        lambda state: deciding.answered(state, entry, spent=spent, unusable=unusable, now=now, today=today),
    )


def note_trouble(
    db: Connection,
    name: str,
    entry: Entry,
    trouble: Trouble,
    *,
    limits: ProviderLimits,
    retry_after: timedelta | None,
    now: datetime,
    today: date,
) -> timedelta:
    """The call had no answer; return how long its comments should wait, before jitter."""
    state = _held(db, name)
    after, wait = deciding.troubled(state, entry, trouble, limits=limits, retry_after=retry_after, now=now, today=today)
    _keep(db, state, after)
    return wait


def pause(db: Connection, name: str, *, now: datetime) -> None:
    """Stop all calls until somebody resumes them."""
    _change(db, name, lambda state: deciding.paused(state, now=now))


def resume(db: Connection, name: str) -> None:
    """Allow calls again, and let one find out at once whether the provider is well."""
    _change(db, name, deciding.resumed)


def _change(db: Connection, name: str, decide: Callable[[ProviderState], ProviderState]) -> None:
    state = _held(db, name)
    _keep(db, state, decide(state))


def _held(db: Connection, name: str) -> ProviderState:
    """The provider's row, locked until the transaction ends; made where there was none."""
    question = select(providers).where(providers.c.name == name).with_for_update()
    row = db.execute(question).mappings().one_or_none()
    if row is None:
        make = sqlite.insert(providers) if is_sqlite(db) else postgresql.insert(providers)
        db.execute(make.values(name=name).on_conflict_do_nothing())
        row = db.execute(question).mappings().one()
    return _state(row)


def _state(row: Any) -> ProviderState:
    known = dict(row)
    for column in ("reason", "streak_of"):
        known[column] = Trouble(known[column]) if known[column] is not None else None
    return ProviderState(**known)


def _keep(db: Connection, before: ProviderState, after: ProviderState) -> None:
    changes = {
        name: getattr(after, name)
        for name in ProviderState.__slots__
        if name != "name" and getattr(after, name) != getattr(before, name)
    }
    if changes:
        db.execute(update(providers).where(providers.c.name == before.name).values(changes))
