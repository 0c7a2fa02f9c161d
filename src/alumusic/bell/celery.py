"""A bell for workers of other processes: a task by name, sent by a thread of its own, outside the request."""

import os
import threading
import time
from collections.abc import Callable
from typing import Final

import structlog
from celery import Celery

from alumusic.bell.broker import QUEUE, broker_settings
from alumusic.bell.jobs import EXPIRES_SECONDS, JobName

log: Final = structlog.get_logger(__name__)

MOST_RINGS: Final = 16
"""Workers that one ring wakes up at most; the others look for themselves within seconds."""

_PAUSE_SECONDS: Final = 1.0
"""Rings that come faster than this are one ring."""
_LONGEST_PAUSE_SECONDS: Final = 30.0
"""How long a broker that is away is left alone."""


class CeleryBell:
    """Rings through Redis or RabbitMQ. A broker that is away costs a log line, and work that begins seconds later."""

    def __init__(
        self, broker_url: str, *, wanted: Callable[[], int] = lambda: 1, pause_seconds: float = _PAUSE_SECONDS
    ) -> None:
        """Ring at `broker_url`; `wanted` says how many workers would find something to do (asked off the request)."""
        self._app = Celery("alumusic.bell", set_as_current=False)
        self._app.conf.update(broker_settings(broker_url))
        self._wanted = wanted
        self._pause_seconds = pause_seconds
        self._rung = threading.Event()
        self._closed = False
        self._starting = threading.Lock()
        self._process: int | None = None

    def ring(self) -> None:
        """Say that there is work; returns at once, whatever became of the broker, and never raises."""
        self._start_thread()
        self._rung.set()

    def close(self) -> None:
        """Stop ringing; a ring under way is given up, since workers look for themselves."""
        self._closed = True
        self._rung.set()

    def _start_thread(self) -> None:
        # Threads do not survive a fork, and servers fork: each process has its own.
        if self._process == os.getpid():
            return
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._ring_for_ever, name="bell", daemon=True).start()

    def _ring_for_ever(self) -> None:
        away = 0
        while True:
            self._rung.wait()
            if self._closed:
                return
            self._rung.clear()
            try:
                self._ring_now()
            except Exception as error:  # noqa: BLE001 (whatever it is, the rows are safe)
                away += 1
                if away == 1:
                    log.warning("broker_away", error=type(error).__name__)
            else:
                if away:
                    log.info("broker_back", rings_lost=away)
                away = 0
            time.sleep(min(self._pause_seconds * 2**away, _LONGEST_PAUSE_SECONDS))

    def _ring_now(self) -> None:
        for _ in range(max(1, min(MOST_RINGS, self._wanted()))):
            self._app.send_task(
                JobName.CLASSIFY_DUE.value, queue=QUEUE, expires=EXPIRES_SECONDS, ignore_result=True, retry=False
            )
