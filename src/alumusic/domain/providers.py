"""Decides, without doing any of it, whether a provider may be called now and what an answer or a trouble changes."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final


class Trouble(StrEnum):
    """Why a provider is not asked or does not answer: the provider's or the operator's, never a comment's fault."""

    BUSY = "PROVEDOR_OCUPADO"
    QUOTA = "COTA"
    SERVER = "PROVEDOR_COM_ERRO"
    CONNECTION = "SEM_CONEXAO"
    TIMEOUT = "TEMPO_ESGOTADO"
    KEY = "CHAVE_RECUSADA"
    MODEL = "MODELO_INDISPONIVEL"
    CONFIGURATION = "CONFIGURACAO"
    UNUSABLE = "RESPOSTAS_INVALIDAS"
    PAUSED = "PAUSADO"
    BUDGET = "ORCAMENTO"
    RATE = "RITMO"


OPERATORS: Final = frozenset({Trouble.QUOTA, Trouble.KEY, Trouble.MODEL, Trouble.CONFIGURATION})
"""Troubles that end only when a person does something: they open the breaker at once."""

_STREAK_THAT_OPENS: Final = {Trouble.BUSY: 3, Trouble.SERVER: 5, Trouble.CONNECTION: 3, Trouble.TIMEOUT: 3}
_FIRST_OPENING: Final = timedelta(seconds=30)
_LONGEST_OPENING: Final = timedelta(minutes=10)
_LONGEST_BUSY: Final = timedelta(seconds=60)
_OPERATOR_OPENING: Final = timedelta(minutes=5)
_QUOTA_OPENING: Final = timedelta(hours=1)
_UNUSABLE_OPENING: Final = timedelta(seconds=60)
_RECENT: Final = 10
_BUCKET_SECONDS: Final = 10.0
"""Calls of so many seconds may be made at once: more than a worker sleeps between two looks."""


@dataclass(frozen=True, slots=True)
class ProviderLimits:
    """What the operator allows."""

    calls_per_minute: float
    daily_tokens: int | None = None
    """None for no limit."""
    probe_lasts: timedelta = timedelta(seconds=90)
    """How long a probe may take before somebody else may try."""

    @property
    def calls_per_second(self) -> float:
        """The rate at which the bucket fills."""
        return self.calls_per_minute / 60

    @property
    def bucket(self) -> float:
        """Most calls that may be saved up."""
        return max(1.0, self.calls_per_second * _BUCKET_SECONDS)


@dataclass(frozen=True, slots=True)
class ProviderState:
    """What all workers together know about a provider."""

    name: str
    paused: bool = False
    open_until: datetime | None = None
    """The breaker is open: no calls before then, and one probe after it. None while it is closed."""
    probe_until: datetime | None = None
    """Somebody is trying whether the provider is back."""
    reason: Trouble | None = None
    """Why the breaker is open, or that the budget of `day` was not enough for the last call."""
    openings: int = 0
    """How often in a row it has opened."""
    streak: int = 0
    streak_of: Trouble | None = None
    """Which trouble has happened `streak` times in a row."""
    recent: int = 1
    """The last ten answers as bits behind a leading 1; a bit that is set was an unusable answer."""
    away_since: datetime | None = None
    """Nobody has had an answer since then."""
    answered_at: datetime | None = None
    """The last answer."""
    bucket: float = 0.0
    bucket_at: datetime | None = None
    """When the bucket held that; None while it is full. In the future where the provider told us to wait."""
    day: date | None = None
    tokens: int = 0
    """Spent or reserved on `day`."""
    cost_microdollars: int = 0
    """Spent on `day`."""

    def tokens_on(self, today: date) -> int:
        """Tokens spent or reserved on `today`."""
        return self.tokens if self.day == today else 0

    def reason_on(self, today: date) -> Trouble | None:
        """Why nobody is asked on `today`; another day has another budget."""
        if self.paused:
            return Trouble.PAUSED
        return None if self.reason is Trouble.BUDGET and self.day != today else self.reason

    def cost_on(self, today: date) -> int:
        """Millionths of a US dollar spent on `today`."""
        return self.cost_microdollars if self.day == today else 0


@dataclass(frozen=True, slots=True)
class Entry:
    """The answer to "may I make a call?"."""

    refusal: Trouble | None = None
    """Why not; None when it is granted."""
    again_at: datetime | None = None
    """When it is worth asking again, if anybody knows."""
    probe: bool = False
    """This call finds out whether the provider is back: it should be small."""
    reserved: int = 0
    """Tokens set aside for it."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a call used up."""

    tokens: int = 0
    cost_microdollars: int = 0


def enter(
    state: ProviderState, *, limits: ProviderLimits, estimate: int, now: datetime, today: date
) -> tuple[ProviderState, Entry]:
    """Ask for one call of about `estimate` tokens: permission, then rate, then budget."""
    refusal = _closed_door(state, now)
    if refusal is not None:
        return state, refusal
    bucket = _filled(state, limits, now)
    if bucket < 1:
        since = max(now, state.bucket_at or now)
        wait = timedelta(seconds=(1 - bucket) / limits.calls_per_second)
        return state, Entry(Trouble.RATE, again_at=since + wait)
    spent = state.tokens_on(today)
    if limits.daily_tokens is not None and spent + estimate > limits.daily_tokens:
        return _spent_up(state, spent, now, today), Entry(Trouble.BUDGET)
    probe = state.open_until is not None
    granted = replace(
        state,
        probe_until=now + limits.probe_lasts if probe else None,
        bucket=bucket - 1,
        bucket_at=now,
        day=today,
        tokens=spent + estimate,
        cost_microdollars=state.cost_on(today),
        reason=None if state.reason is Trouble.BUDGET else state.reason,
    )
    return granted, Entry(probe=probe, reserved=estimate)


def _spent_up(state: ProviderState, spent: int, now: datetime, today: date) -> ProviderState:
    """What is left of the day's budget does not pay for the call that was asked for: remembered, so that it is told."""
    return replace(
        state,
        away_since=state.away_since or now,
        day=today,
        tokens=spent,
        cost_microdollars=state.cost_on(today),
        reason=Trouble.BUDGET if state.open_until is None else state.reason,
    )


def _closed_door(state: ProviderState, now: datetime) -> Entry | None:
    if state.paused:
        return Entry(Trouble.PAUSED)
    for until in (state.open_until, state.probe_until):
        if until is not None and now < until:
            return Entry(state.reason or Trouble.SERVER, again_at=until)
    return None


def _filled(state: ProviderState, limits: ProviderLimits, now: datetime) -> float:
    if state.bucket_at is None:
        return limits.bucket
    # A clock that went back, or a provider that said "wait", leaves the bucket as it is.
    seconds = max(0.0, (now - state.bucket_at).total_seconds())
    return min(limits.bucket, state.bucket + seconds * limits.calls_per_second)


def cancelled(state: ProviderState, entry: Entry, *, limits: ProviderLimits, today: date) -> ProviderState:
    """Give back what `entry` had reserved: no call was made."""
    return replace(
        _settled(state, entry, Spent(), today),
        bucket=min(limits.bucket, state.bucket + 1),
        probe_until=None if entry.probe else state.probe_until,
    )


def answered(
    state: ProviderState, entry: Entry, *, spent: Spent, unusable: bool, now: datetime, today: date
) -> ProviderState:
    """The call had an answer, in a shape we can use or not."""
    state = replace(
        _settled(state, entry, spent, today),
        streak=0,
        streak_of=None,
        away_since=None,
        answered_at=now,
        recent=(state.recent << 1 | unusable) & (1 << _RECENT) - 1 | 1 << min(_RECENT, state.recent.bit_length()),
    )
    if entry.probe:
        # Only who was sent to look may say that it is over: other answers may be from before.
        state = replace(state, open_until=None, probe_until=None, openings=0, reason=None)
    bits = state.recent.bit_length() - 1
    if bits == _RECENT and (state.recent & (1 << _RECENT) - 1).bit_count() > _RECENT / 2:
        return replace(_opened(state, Trouble.UNUSABLE, now + _UNUSABLE_OPENING), recent=1)
    return state


def troubled(
    state: ProviderState,
    entry: Entry,
    trouble: Trouble,
    *,
    limits: ProviderLimits,
    retry_after: timedelta | None,
    now: datetime,
    today: date,
) -> tuple[ProviderState, timedelta]:
    """The call had no answer; the second value is how long its comments should wait, before jitter."""
    streak = state.streak + 1 if state.streak_of is trouble else 1
    state = replace(
        _settled(state, entry, Spent(), today),
        streak=streak,
        streak_of=trouble,
        away_since=state.away_since or now,
        probe_until=None if entry.probe else state.probe_until,
    )
    wait = max(retry_after or timedelta(), min(_LONGEST_BUSY, timedelta(seconds=2 ** min(streak, 6))))
    if retry_after is not None and trouble is Trouble.BUSY:
        # Obeyed by everybody: the bucket holds a call again only then.
        full_again = now + retry_after - timedelta(seconds=1 / limits.calls_per_second)
        state = replace(state, bucket=0.0, bucket_at=max(state.bucket_at or full_again, full_again))
    if trouble in OPERATORS:
        opening = _QUOTA_OPENING if trouble is Trouble.QUOTA else _OPERATOR_OPENING
        opening = retry_after if retry_after is not None and trouble is Trouble.QUOTA else opening
        # Its comments wait for less: a person who has mended it should see them go at once.
        return _opened(state, trouble, now + opening), min(opening, _OPERATOR_OPENING)
    if entry.probe or streak >= _STREAK_THAT_OPENS.get(trouble, 1):
        opening = (
            wait if trouble is Trouble.BUSY else min(_LONGEST_OPENING, _FIRST_OPENING * 2 ** min(state.openings, 5))
        )
        return _opened(state, trouble, now + opening), wait
    return state, wait


def _opened(state: ProviderState, trouble: Trouble, until: datetime) -> ProviderState:
    later = until if state.open_until is None else max(until, state.open_until)
    return replace(state, open_until=later, reason=trouble, openings=state.openings + 1)


def _settled(state: ProviderState, entry: Entry, spent: Spent, today: date) -> ProviderState:
    if state.day != today:
        # The reservation was yesterday's and is gone with it.
        return replace(state, day=today, tokens=spent.tokens, cost_microdollars=spent.cost_microdollars)
    return replace(
        state,
        tokens=max(0, state.tokens - entry.reserved + spent.tokens),
        cost_microdollars=state.cost_microdollars + spent.cost_microdollars,
    )


def paused(state: ProviderState, *, now: datetime) -> ProviderState:
    """A person stops all calls."""
    return replace(state, paused=True, away_since=state.away_since or now)


def resumed(state: ProviderState) -> ProviderState:
    """A person allows calls again, and wants to see one now: the breaker lets a probe through."""
    if state.open_until is None:
        return replace(state, paused=False, away_since=None)
    return replace(
        state, paused=False, open_until=state.open_until.min.replace(tzinfo=state.open_until.tzinfo), probe_until=None
    )
