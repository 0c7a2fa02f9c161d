"""Hashes and checks passwords with argon2id, at most two at once, and refuses those that everybody tries first."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from itertools import pairwise
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from alumusic.domain.errors import FieldProblem, InvalidInputError, UnavailableError

SHORTEST: Final = 8
LONGEST: Final = 128
"""Characters; nothing is ever cut off (ASVS 5.0.0 V6.2.8)."""

_AT_ONCE: Final = 2
"""Hashes computed at the same time: each takes 19 MiB and a core, and others want to work too."""
_LONGEST_WAIT_SECONDS: Final = 10.0
_FEWEST_DIFFERENT: Final = 3
_DIGITS: Final = "0123456789"

_turns: Final = BoundedSemaphore(_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a hash costs: memory in KiB, passes, lanes."""

    memory_kib: int = 19_456
    passes: int = 2
    lanes: int = 1


class Passwords:
    """Argon2id at one cost (OWASP's minimum of 19 MiB, 2 passes, 1 lane unless another is given)."""

    def __init__(self, cost: Cost | None = None) -> None:
        cost = cost or Cost()
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes, type=Type.ID
        )

    @cached_property
    def dummy_hash(self) -> str:
        """A hash that no password fits: checked for unknown accounts, so that they take as long as known ones."""
        return self._hasher.hash(secrets.token_urlsafe(32))

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one of the two places where passwords are hashed; do it briefly, and never inside a transaction.

        Raises:
            UnavailableError: too many wait already.
        """
        if not _turns.acquire(timeout=_LONGEST_WAIT_SECONDS):
            raise UnavailableError("ocupado", retry_after_seconds=_LONGEST_WAIT_SECONDS)
        try:
            yield
        finally:
            _turns.release()

    def hash(self, password: str) -> str:
        """The hash to keep, with its own salt and cost. Call it in a `turn`."""
        return self._hasher.hash(password)

    def verify(self, password_hash: str, password: str) -> bool:
        """Whether `password` is the one. Call it in a `turn`."""
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False

    def is_outdated(self, password_hash: str) -> bool:
        """Whether a hash was made at another cost, and should be made again at the next chance."""
        return self._hasher.check_needs_rehash(password_hash)


def check_new_password(password: str, *, email: str, field: str = "password") -> None:
    """Refuse a password that is too short, too long, or among the first to be guessed.

    Raises:
        InvalidInputError: with the reason, for `field`.
    """
    reason = _weakness(password, email)
    if reason is not None:
        raise InvalidInputError("senha_fraca", fields=[FieldProblem(field, reason)])


def _weakness(password: str, email: str) -> str | None:
    if len(password) < SHORTEST:
        return "senha_curta"
    if len(password) > LONGEST:
        return "senha_longa"
    if any("\ud800" <= character <= "\udfff" for character in password):
        return "caracteres_invalidos"
    folded = password.casefold()
    if folded in common_passwords() or len(set(folded)) < _FEWEST_DIFFERENT or _is_a_run(folded):
        return "senha_comum"
    return "senha_parecida" if _resembles(folded, email.casefold()) else None


def _is_a_run(password: str) -> bool:
    """Whether every character follows the one before: "abcdefgh", "98765432"."""
    steps = {ord(after) - ord(before) for before, after in pairwise(password)}
    return steps in ({1}, {-1})


def _resembles(password: str, email: str) -> bool:
    name = email.partition("@")[0]
    return password in {email, name[::-1]} or password.rstrip(_DIGITS + "!@#") == name


@cache
def common_passwords() -> frozenset[str]:
    """The passwords that are tried first: zxcvbn's 30,000, and what people type in Portuguese."""
    # Imported here: it takes a moment, and only who chooses a password needs it.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415

    ours = resources.files("alumusic.accounts").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    lines = (line.strip() for line in ours.splitlines())
    return frozenset(FREQUENCY_LISTS["passwords"]) | {line for line in lines if line and not line.startswith("#")}
