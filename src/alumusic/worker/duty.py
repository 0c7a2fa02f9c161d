"""What one process of Celery's does: built after the fork, woken by tasks, working by itself when none come."""

import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Final

import structlog

from alumusic.bell.jobs import JobName
from alumusic.bell.thread import ThreadBell
from alumusic.bootstrap import Services, build_classifier, build_services, note_who_classifies, worker_terms
from alumusic.settings import Settings
from alumusic.worker.embedded import GRACE_SECONDS, EmbeddedWorkers
from alumusic.worker.schedule import Chore, chores

log: Final = structlog.get_logger(__name__)

TASK_SECONDS: Final = 30.0
"""How long a task stays while workers are busy, so that the next ring wakes another process."""

_LEAVE_SECONDS: Final = 2.0
"""How long Celery may take to end a process whose workers have stopped, before it ends by itself."""


class Duty:
    """The workers and chores of this process; nothing is built before `begin`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers: EmbeddedWorkers | None = None
        self._services: Services | None = None
        self._chores: dict[str, Chore] = {}
        self._leaving = threading.Lock()

    def prepare(self) -> None:
        """Before the processes fork: find out whether the settings work, and load what all of them will share.

        Raises:
            ConfigurationError: they do not.
        """
        build_classifier(self._settings).close()

    def begin(self, *, threads: int) -> None:
        """Open the database and let `threads` workers look for work at once."""
        bell = ThreadBell()
        self._services = services = build_services(self._settings, bell=bell)
        classifier = build_classifier(self._settings, engine=services.engine)
        note_who_classifies(self._settings, services.engine, now=services.clock())
        self._chores = {
            chore.name: chore
            for chore in chores(services.engine, self._settings, model=services.language_model, clock=services.clock)
        }
        self._workers = EmbeddedWorkers(
            services.engine,
            classifier,
            bell,
            terms=worker_terms(self._settings, classifier),
            clock=services.clock,
            watchdog_seconds=self._settings.watchdog_seconds,
            threads=threads,
        )
        self._workers.start()

    def classify_due(self) -> None:
        """Wake the workers of this process and stay until they rest."""
        if self._workers is not None:
            self._workers.work_for(TASK_SECONDS)

    def do(self, job: JobName) -> None:
        """Do a chore."""
        self._chores[job].do()

    def ask_to_stop(self) -> None:
        """Begin nothing new; returns at once."""
        if self._workers is not None:
            self._workers.ask_to_stop()

    def end(self) -> None:
        """Wait until what is in hand is done, or given back."""
        if self._workers is not None:
            self._workers.stop()
        if self._services is not None:
            self._services.engine.dispose()

    def leave(self) -> None:
        """End, and end the process too if Celery does not: a frozen broker keeps it waiting otherwise."""
        self.ask_to_stop()
        if self._leaving.acquire(blocking=False):
            threading.Thread(target=self._leave, name="leaving", daemon=True).start()

    def _leave(self) -> None:
        began = time.monotonic()
        if self._workers is not None:
            self._workers.stop()
        time.sleep(min(_LEAVE_SECONDS, max(0.0, GRACE_SECONDS + _LEAVE_SECONDS - (time.monotonic() - began))))
        log.info("left_by_itself", worker=os.getpid())
        os._exit(0)

    def leave_on_sigterm(self) -> None:
        """In a child: the signal means what it means for the whole worker, and does not kill in mid-call."""

        def on_signal(_number: int, _frame: FrameType | None) -> None:
            self.leave()

        signal.signal(signal.SIGTERM, on_signal)


def leave_after(seconds: float, first: Callable[[], None]) -> None:
    """End this process after so long whatever it waits for, having called `first`."""

    def wait() -> None:
        time.sleep(seconds)
        first()
        os._exit(0)

    threading.Thread(target=wait, name="last-resort", daemon=True).start()
