"""Finds out how many calls a provider likes at once: one more after a round of successes, half after a refusal.

Until the first refusal every success adds one, so that an import of a file does not wait for the search to end.
"""

import threading
from typing import Final

from alumusic.domain.providers import Trouble

_SHRINK: Final = {Trouble.BUSY: 0.5, Trouble.TIMEOUT: 0.5, Trouble.SERVER: 0.7, Trouble.CONNECTION: 0.7}


class Concurrency:
    """Slots for the calls of one process (AIMD: Chiu and Jain 1989), shared by its threads."""

    def __init__(self, most: int, *, start: int | None = None) -> None:
        self._most = most
        self._limit = float(min(most, start or most))
        self._in_use = 0
        self._successes = 0
        self._searching = True
        self._free = threading.Condition()

    @property
    def limit(self) -> int:
        """Calls that may be in flight now."""
        return max(1, int(self._limit))

    def take(self, *, wait_seconds: float) -> bool:
        """Take a slot, waiting for one at most so long; whether there was one."""
        with self._free:
            taken = self._free.wait_for(lambda: self._in_use < self.limit, wait_seconds)
            if taken:
                self._in_use += 1
            return taken

    def give_back(self) -> None:
        """Free a slot."""
        with self._free:
            self._in_use -= 1
            self._free.notify_all()

    def succeeded(self) -> None:
        """A call had an answer."""
        with self._free:
            self._successes += 1
            if self._searching or self._successes >= self.limit:
                self._successes = 0
                self._limit = min(self._most, self.limit + 1)
                self._free.notify_all()

    def troubled(self, trouble: Trouble) -> None:
        """A call had none."""
        with self._free:
            self._successes = 0
            self._searching = False
            self._limit = max(1.0, self._limit * _SHRINK.get(trouble, 1.0))
