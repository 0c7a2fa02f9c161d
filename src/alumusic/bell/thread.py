"""A bell for workers that are threads of this process."""

import threading


class ThreadBell:
    """One event that every waiting worker of this process hears."""

    def __init__(self) -> None:
        self._work = threading.Event()

    def ring(self) -> None:
        """Wake whoever waits, or the next to wait."""
        self._work.set()

    def close(self) -> None:
        """Wake everybody for the last time."""
        self._work.set()

    def wait(self, seconds: float) -> bool:
        """Sleep until somebody rings, at most `seconds`; whether somebody did."""
        rung = self._work.wait(seconds)
        self._work.clear()
        return rung
