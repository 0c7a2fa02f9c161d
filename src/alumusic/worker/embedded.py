"""Workers that are threads of this process, woken by a bell and by a watchdog: alone, or inside Celery."""

import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Engine

from alumusic.bell.thread import ThreadBell
from alumusic.classify.classifier import Classifier
from alumusic.classify.drain import Tally, Terms, classify_due
from alumusic.store.workers import seen

log: Final = structlog.get_logger(__name__)

TURN: Final = timedelta(seconds=10)
"""How long a worker works before it says again that it lives."""

GATHER_SECONDS: Final = 0.1
"""How long a worker that was woken lets more arrive."""

ALIVE_EVERY: Final = timedelta(seconds=5)
"""How often a worker says that it lives; it counts as dead after a minute."""

GRACE_SECONDS: Final = 18.0
"""How long workers that are asked to stop may take: a call in flight has 15, then its comments are given back."""

_STIRRED_SECONDS: Final = 0.25
"""How long a worker that was woken may take to begin."""


def worker_name(thread: int = 0) -> str:
    """A name that tells this worker from all others."""
    return f"{socket.gethostname()}/{os.getpid()}/{thread}"


class EmbeddedWorkers:
    """Threads that classify whatever is due. They begin by looking, and look again every few seconds."""

    def __init__(
        self,
        engine: Engine,
        classifier: Classifier,
        bell: ThreadBell,
        *,
        terms: Terms,
        clock: Callable[[], datetime],
        watchdog_seconds: float,
        threads: int = 1,
    ) -> None:
        self._engine = engine
        self._classifier = classifier
        self._bell = bell
        self._terms = terms
        self._clock = clock
        self._watchdog_seconds = watchdog_seconds
        self._stopping = threading.Event()
        self._said_alive: dict[str, datetime] = {}
        self._busy = 0
        self._rest = threading.Condition()
        self._threads = [
            threading.Thread(target=self._work, args=(number,), name=f"worker-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        """Start working."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let each worker finish what it has in hand, or give it back, within `GRACE_SECONDS` for all of them."""
        self.ask_to_stop()
        end = time.monotonic() + GRACE_SECONDS
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, end - time.monotonic()))

    def ask_to_stop(self) -> None:
        """Let nobody begin anything new; returns at once."""
        self._stopping.set()
        self._bell.close()
        # Not with the lock: whoever is interrupted by a signal may hold it, and would wait for itself.

    def work_for(self, seconds: float) -> None:
        """Wake the workers and return when they rest again, or after so long, or when they are to stop."""
        self._bell.ring()
        end = time.monotonic() + seconds
        self._stopping.wait(min(_STIRRED_SECONDS, seconds))
        while not self._stopping.is_set() and (left := end - time.monotonic()) > 0:
            with self._rest:
                if not self._busy:
                    return
                self._rest.wait(min(left, 1.0))

    def _work(self, number: int) -> None:
        name = worker_name(number)
        while not self._stopping.is_set():
            self._now_busy(1)
            try:
                self._turn(name)
            except Exception:  # A worker that dies of one surprise would stop all work for good.
                log.exception("worker_turn_failed", worker=name)
            finally:
                self._now_busy(-1)
            if self._bell.wait(self._watchdog_seconds):
                # Rings come in swarms: whoever runs at the first one works for each comment by itself.
                self._stopping.wait(GATHER_SECONDS)

    def _now_busy(self, change: int) -> None:
        with self._rest:
            self._busy += change
            self._rest.notify_all()

    def _turn(self, name: str) -> None:
        while not self._stopping.is_set():
            now = self._clock()
            self._say_alive(name, now)
            if not self._any_progress(until=now + TURN):
                return

    def _say_alive(self, name: str, now: datetime) -> None:
        said = self._said_alive.get(name)
        if said is None or not timedelta(0) <= now - said < ALIVE_EVERY:
            with self._engine.begin() as db:
                seen(db, worker=name, now=now)
            self._said_alive[name] = now

    def _any_progress(self, *, until: datetime) -> bool:
        tally: Tally = classify_due(
            self._engine,
            self._classifier,
            terms=self._terms,
            clock=self._clock,
            until=until,
            stopping=self._stopping.is_set,
        )
        return tally.done + tally.troubled > 0
