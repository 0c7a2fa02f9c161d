"""Keeps one answer fresh for everybody: computed once, whatever the traffic, and never older than was promised."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

import structlog

T = TypeVar("T")

log: Final = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    value: T
    made_at: datetime


def in_background(work: Callable[[], None]) -> None:
    """Run `work` on a thread of its own."""
    threading.Thread(target=work, name="refresh", daemon=True).start()


class Fresh(Generic[T]):
    """An answer that takes long to make and many ask for.

    Up to `renew_after` old it is given as it is; up to `good_for` it is given too, while one thread makes a new one;
    when it is older, or there is none, whoever asks waits for the one computation that is under way, and shares its
    failure too.
    """

    def __init__(
        self,
        make: Callable[[datetime], T],
        *,
        renew_after: timedelta,
        good_for: timedelta,
        start: Callable[[Callable[[], None]], None] = in_background,
    ) -> None:
        self._make = make
        self._renew_after = renew_after
        self._good_for = good_for
        self._start = start
        self._kept: _Kept[T] | None = None
        self._failure: Exception | None = None
        self._making = threading.Lock()

    def get(self, now: datetime) -> T:
        """The answer, at most `good_for` old."""
        kept = self._kept
        if kept is not None and now - kept.made_at <= self._good_for:
            if now - kept.made_at > self._renew_after and self._making.acquire(blocking=False):
                self._start(lambda: self._renew(now))
            return kept.value
        known = self._failure
        with self._making:
            kept = self._kept
            # Somebody else may have made it while we waited, or tried in vain: then all of us need not try in turn.
            if kept is not None and now - kept.made_at <= self._good_for:
                return kept.value
            if self._failure is not None and self._failure is not known:
                raise self._failure
            return self._made(now).value

    def _made(self, now: datetime) -> _Kept[T]:
        try:
            self._kept = _Kept(self._make(now), now)
        except Exception as error:
            self._failure = error
            raise
        return self._kept

    def _renew(self, now: datetime) -> None:
        """Make a new one; the lock was taken by who noticed, and is given back here."""
        try:
            self._kept = _Kept(self._make(now), now)
        except Exception:  # Nobody waits for this: the old one stays good until it is too old.
            log.exception("refresh_failed")
        finally:
            self._making.release()
