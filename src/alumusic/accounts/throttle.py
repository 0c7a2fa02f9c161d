"""Slows down who guesses passwords: for each account, and for each address they come from; never for ever.

An account: from the 6th failure in a row, a pause that doubles, from one second to a quarter of an hour. An attacker
gets about a hundred guesses a day, and the owner is never shut out for longer than that pause. An address: 20 failures
a minute. Failures count, not attempts: who knows the password may sign in as often as they like.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from alumusic.domain.errors import TooManyRequestsError
from alumusic.store.throttles import Throttle, clear_throttle, find_throttle, hold_throttle, put_throttle

FREE_FAILURES: Final = 5
"""Anybody may mistype so often."""
LONGEST_PAUSE: Final = timedelta(minutes=15)
FORGIVEN_AFTER: Final = timedelta(hours=24)
"""Without a failure for so long, counting begins again."""
ADDRESS_FAILURES: Final = 20
ADDRESS_WINDOW: Final = timedelta(minutes=1)

Count = Callable[[Throttle | None, datetime], Throttle]


@dataclass(frozen=True, slots=True)
class Guesser:
    """Whom failures are counted for: the account that is tried, known or not, and where the attempt comes from."""

    account: str
    address: str | None

    def counters(self) -> list[tuple[str, Count]]:
        """The keys of the two counts, each with how it counts one more; always in one order, so that none deadlock."""
        counters: list[tuple[str, Count]] = [(f"account {self.account}", _count_for_account)]
        if self.address is not None:
            counters.append((f"address {self.address}", _count_for_address))
        return counters


def check_pause(db: Connection, guesser: Guesser, *, now: datetime) -> None:
    """Let the attempt pass, unless there is a pause.

    Raises:
        TooManyRequestsError: it says how long the pause lasts.
    """
    found = [find_throttle(db, key) for key, _ in guesser.counters()]
    ends = max((one.blocked_until for one in found if one and one.blocked_until), default=now)
    if ends > now:
        raise TooManyRequestsError("muitas_tentativas", retry_after_seconds=(ends - now).total_seconds())


def count_failure(db: Connection, guesser: Guesser, *, now: datetime) -> bool:
    """Count a failure; whether a pause begins with it."""
    pauses = False
    for key, count in guesser.counters():
        throttle = count(hold_throttle(db, key), now)
        put_throttle(db, key, throttle)
        pauses = pauses or throttle.blocked_until is not None
    return pauses


def forgive(db: Connection, guesser: Guesser) -> None:
    """Forget the failures of the account: its owner is here. Those of the address may be about other accounts."""
    clear_throttle(db, guesser.counters()[0][0])


def _count_for_account(earlier: Throttle | None, now: datetime) -> Throttle:
    failures = earlier.failures + 1 if earlier and now - earlier.since < FORGIVEN_AFTER else 1
    return Throttle(failures, since=now, blocked_until=_end_of_pause(failures, now))


def _end_of_pause(failures: int, now: datetime) -> datetime | None:
    if failures <= FREE_FAILURES:
        return None
    # The exponent is bounded too: 2**5000 would not fit into a timedelta.
    return now + min(LONGEST_PAUSE, timedelta(seconds=2 ** min(failures - FREE_FAILURES - 1, 10)))


def _count_for_address(earlier: Throttle | None, now: datetime) -> Throttle:
    if earlier is None or now - earlier.since >= ADDRESS_WINDOW:
        return Throttle(1, since=now, blocked_until=None)
    failures = earlier.failures + 1
    blocked = earlier.since + ADDRESS_WINDOW if failures >= ADDRESS_FAILURES else None
    return Throttle(failures, since=earlier.since, blocked_until=blocked)
