"""A ceiling on how fast one caller may ask, so that a loop gone wild does not starve the others.

It is high on purpose: one client may well send hundreds of comments a second, one by one. Guessing passwords is another
matter, and is slowed down in the database (`accounts.throttle`), where all processes see it. Buckets live in this
process: with n processes, the ceiling is n times as high.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

from alumusic.domain.errors import TooManyRequestsError

_MOST_CALLERS: Final = 10_000
"""Buckets kept at once; the one unused for longest goes first, and a new one is full."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests a second in the long run, and so many at once."""

    per_second: float
    burst: float


PER_USER: Final = Rate(per_second=1_000, burst=10_000)
PER_ADDRESS: Final = Rate(per_second=2_000, burst=20_000)
"""Higher than for one user: an office, or a proxy, is one address."""
PER_ADDRESS_AUTH: Final = Rate(per_second=5, burst=300)
"""For what anybody may ask without an account and costs a password hash or a search for a token."""

_NOTES_PER_CALLER: Final = Rate(per_second=1 / 60, burst=1)
_NOTES: Final = Rate(per_second=1 / 5, burst=100)
"""Lines about refusals in the log of security: one a minute for each caller and kind, 17,000 a day for all together."""


class Buckets:
    """Token buckets, one for each caller."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._levels: OrderedDict[object, tuple[float, datetime]] = OrderedDict()
        self._lock = Lock()

    def take(self, caller: object, *, now: datetime) -> None:
        """Take one token of `caller`.

        Raises:
            TooManyRequestsError: there is none left; it says when there will be.
        """
        with self._lock:
            level, since = self._levels.pop(caller, (self._rate.burst, now))
            gained = max(0.0, (now - since).total_seconds()) * self._rate.per_second
            level = min(self._rate.burst, level + gained)
            self._levels[caller] = (level - 1 if level >= 1 else level, max(now, since))
            if len(self._levels) > _MOST_CALLERS:
                self._levels.popitem(last=False)
        if level < 1:
            raise TooManyRequestsError("muitos_pedidos", retry_after_seconds=(1 - level) / self._rate.per_second)


class RateLimits:
    """The ceilings of one application."""

    def __init__(
        self, *, user: Rate = PER_USER, address: Rate = PER_ADDRESS, address_auth: Rate = PER_ADDRESS_AUTH
    ) -> None:
        self._users = Buckets(user)
        self._addresses = Buckets(address)
        self._auth = Buckets(address_auth)
        self._notes_by_caller = Buckets(_NOTES_PER_CALLER)
        self._notes = Buckets(_NOTES)

    def check_address(self, address: str, *, now: datetime) -> None:
        """Count a request from `address`."""
        self._addresses.take(address, now=now)

    def check_auth(self, address: str, *, now: datetime) -> None:
        """Count a request from `address` for one of the doors in."""
        self._auth.take(address, now=now)

    def check_user(self, user_id: int, *, now: datetime) -> None:
        """Count a request of the account `user_id`."""
        self._users.take(user_id, now=now)

    def check_note(self, caller: object, kind: object, *, now: datetime) -> None:
        """Count a line of the log of security about the refusal, of some `kind`, of a `caller`."""
        self._notes_by_caller.take((caller, kind), now=now)
        self._notes.take(None, now=now)
