"""Slows down who guesses passwords: for each account, and for each address they come from; never for ever.

An account: from the 6th failure in a row, a pause that doubles, from one second to a quarter of an hour. An attacker
gets about a hundred guesses a day. The owner is not shut out by them: a place where somebody signed in to this account
before has a count of its own, which guesses from elsewhere do not touch. An address: 20 failures a minute. Failures
count, not attempts: who knows the password may sign in as often as they like.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from sqlalchemy import Connection

from alumusic.domain.errors import TooManyRequestsError
from alumusic.store.sessions import has_session_from
from alumusic.store.throttles import Throttle, clear_throttle, find_throttle, hold_throttle, put_throttle

FREE_FAILURES: Final = 5
"""Anybody may mistype so often."""
LONGEST_PAUSE: Final = timedelta(minutes=15)
FORGIVEN_AFTER: Final = timedelta(hours=24)
"""Without a failure for so long, counting begins again."""
ADDRESS_FAILURES: Final = 20
ADDRESS_WINDOW: Final = timedelta(minutes=1)

_HOUSEHOLD: Final = 64
"""Bits that the IPv6 addresses of one household share; the others change by the day, and as an attacker likes."""

Count = Callable[[Throttle | None, datetime], Throttle]


@dataclass(frozen=True, slots=True)
class Guesser:
    """Whom failures are counted for: the account that is tried, known or not, and where the attempt comes from."""

    account: str
    address: str | None
    place: str | None
    is_at_home: bool
    """Whether somebody signed in to this account at this place before."""

    def counters(self) -> list[tuple[str, Count]]:
        """The keys of the two counts, each with how it counts one more; always in one order, so that none deadlock."""
        account = f"account {self.account}"
        counters: list[tuple[str, Count]] = [
            (f"{account} at {self.place}" if self.is_at_home else account, _count_for_account)
        ]
        if self.place is not None:
            counters.append((f"address {self.place}", _count_for_address))
        return counters


def find_guesser(db: Connection, account: str, *, address: str | None) -> Guesser:
    """Who tries `account` from `address`, and whether anybody was let in there before."""
    place = place_of(address)
    is_at_home = place is not None and has_session_from(db, place, email=account)
    return Guesser(account, address, place, is_at_home=is_at_home)


def place_of(address: str | None) -> str | None:
    """What an address is counted as: itself, or the network of a household with IPv6; at most 64 characters."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return address and address[:64]
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped
        return str(inner or ip_network((int(found), _HOUSEHOLD), strict=False))
    return str(found)


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
    """Forget the failures of the account: its owner is here. Those of the address may be about other accounts.

    At home those from elsewhere stay: whoever guesses there gains nothing when the owner comes in.
    """
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
