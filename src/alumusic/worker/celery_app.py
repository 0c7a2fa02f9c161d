"""Celery's application: workers in processes or threads, over Redis or RabbitMQ, and the beat that rings for chores."""

import os
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from celery import Celery, signals
from celery.beat import Scheduler
from celery.worker.consumer import Consumer

from alumusic.bell.broker import broker_settings
from alumusic.domain.errors import ConfigurationError
from alumusic.logs import configure_logs
from alumusic.safety import refuse_dangers
from alumusic.settings import Settings
from alumusic.worker.duty import Duty, leave_after
from alumusic.worker.embedded import GRACE_SECONDS
from alumusic.worker.jobs import add_jobs
from alumusic.worker.lifeline import Lifeline
from alumusic.worker.schedule import beat_schedule

log: Final = structlog.get_logger(__name__)

_LAST_RESORT_SECONDS: Final = GRACE_SECONDS + 1.5
"""When a worker that was told to go goes whatever it waits for."""

_PAUSE_SECONDS: Final = 3.0
"""Between two attempts of a process that cannot begin."""

_START_SECONDS: Final = 60
"""How long a process may take to load its classifier on a busy machine before Celery thinks it dead."""


class QuietConsumer(Consumer):  # type: ignore[misc]
    """Talks to the broker about tasks alone.

    Gossip, mingle and remote control open connections of their own; with Redis a single reset of one of them leaves
    the worker waiting for ever, deaf to SIGTERM. Who lives and who works is in the database's rows.
    """

    def __init__(self, *args: Any, worker_options: Mapping[str, Any] | None = None, **options: Any) -> None:
        quiet = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True}
        super().__init__(*args, worker_options={**(worker_options or {}), **quiet}, **options)


class PunctualScheduler(Scheduler):  # type: ignore[misc]
    """A beat that keeps no file and begins with everything: each job finds out from rows whether it is due."""

    def setup_schedule(self) -> None:
        """Every entry of the settings, never run yet."""
        super().setup_schedule()
        self.merge_inplace(self.app.conf.beat_schedule)
        for entry in self.schedule.values():
            entry.last_run_at = datetime(1970, 1, 1, tzinfo=UTC)


def build_celery(settings: Settings) -> Celery:
    """Celery for `settings`; nothing is opened before a worker starts.

    Raises:
        ConfigurationError: there is no broker, or none that we know; or production would be in danger.
    """
    refuse_dangers(settings, dict(os.environ))
    if settings.celery_broker_url is None:
        raise ConfigurationError("no_broker", "CELERY_BROKER_URL is not set: `alumusic up` works without a broker")
    celery = Celery("alumusic")
    celery.conf.update(
        broker_settings(settings.celery_broker_url),
        beat_schedule=beat_schedule(),
        beat_scheduler="alumusic.worker.celery_app:PunctualScheduler",
        timezone="UTC",
        worker_consumer="alumusic.worker.celery_app:QuietConsumer",
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_prefetch_multiplier=1,
        worker_proc_alive_timeout=_START_SECONDS,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        # No time limits: ending a process would take what its threads have in hand. Every call has its own deadline.
    )
    duty = Duty(settings)
    add_jobs(celery, duty)
    _Life(duty, settings).connect()
    return celery


class _Life:
    """Lets Celery's life carry ours: in each process of a pool, or in the only one where the pool has threads."""

    def __init__(self, duty: Duty, settings: Settings) -> None:
        self._duty = duty
        self._settings = settings
        self._line: Lifeline | None = None

    def connect(self) -> None:
        """Be told by Celery."""
        for signal, handler in (
            (signals.setup_logging, self.configure),
            (signals.worker_init, self.prepare),
            (signals.worker_process_init, self.begin_in_child),
            (signals.worker_ready, self.begin_in_main),
            (signals.worker_shutting_down, self.go),
            (signals.worker_process_shutdown, self.end),
            (signals.worker_shutdown, self.end),
        ):
            signal.connect(handler, weak=False)

    def configure(self, **_: Any) -> None:
        configure_logs(self._settings.log_level, self._settings.log_format)

    def prepare(self, sender: Any, **_: Any) -> None:
        try:
            self._duty.prepare()
        except ConfigurationError as error:
            sys.exit(f"alumusic: {error}")
        if _has_processes(sender):
            self._line = Lifeline()

    def begin_in_child(self, **_: Any) -> None:
        self._duty.leave_on_sigterm()
        self._begin(threads=self._settings.worker_threads)
        if self._line is not None:
            self._line.watch(self._duty.leave)

    def begin_in_main(self, sender: Any, **_: Any) -> None:
        worker = sender.controller
        if not _has_processes(worker):
            self._begin(threads=max(self._settings.worker_threads, worker.concurrency))

    def _begin(self, *, threads: int) -> None:
        try:
            self._duty.begin(threads=threads)
        except Exception:
            # Celery would go on without us, hear every ring and do nothing. A process that ends is replaced, or seen.
            log.exception("worker_cannot_begin")
            time.sleep(_PAUSE_SECONDS)
            os._exit(1)

    def go(self, **_: Any) -> None:
        """Nobody begins anything new, and the process ends in time whatever it waits for."""
        self._cut()
        self._duty.ask_to_stop()
        leave_after(_LAST_RESORT_SECONDS, self._duty.ask_to_stop)

    def end(self, **_: Any) -> None:
        self._cut()
        self._duty.end()

    def _cut(self) -> None:
        if self._line is not None:
            self._line.cut()


def _has_processes(worker: Any) -> bool:
    return bool(worker.pool_cls.__module__.endswith("prefork"))
