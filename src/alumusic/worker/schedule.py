"""What is done by the clock: the same chores under Celery's beat and in a thread of `alumusic up`."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Engine

from alumusic.bell.jobs import EXPIRES_SECONDS, JobName
from alumusic.llm.model import LanguageModel
from alumusic.settings import Settings
from alumusic.summarize.digest import write_due_summaries, write_next_summary
from alumusic.worker.housekeeping import clean_up

log: Final = structlog.get_logger(__name__)

EVERY: Final[Mapping[JobName, timedelta]] = {
    # The workers' own watchdog makes this one superfluous; it shows in the broker's figures that beat lives.
    JobName.CLASSIFY_DUE: timedelta(seconds=30),
    JobName.WEEKLY_SUMMARY: timedelta(hours=1),
    # Somebody waits for these.
    JobName.REQUESTED_SUMMARIES: timedelta(seconds=15),
    JobName.HOUSEKEEPING: timedelta(hours=1),
}
"""How often each job is looked at; all of them also at start, so that a beat which restarts often misses nothing."""


def beat_schedule() -> dict[str, dict[str, Any]]:
    """`EVERY` as Celery's beat wants it."""
    return {
        name.value: {"task": name.value, "schedule": every, "options": {"expires": EXPIRES_SECONDS}}
        for name, every in EVERY.items()
    }


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that is done every so often."""

    name: str
    every: timedelta
    do: Callable[[], object]


def chores(
    engine: Engine, settings: Settings, *, model: LanguageModel | None, clock: Callable[[], datetime]
) -> list[Chore]:
    """The chores that are not classifying; each may run in any number of processes at once."""
    return [
        Chore(
            JobName.WEEKLY_SUMMARY,
            EVERY[JobName.WEEKLY_SUMMARY],
            lambda: write_due_summaries(engine, model, zone=settings.zone, now=clock()),
        ),
        Chore(
            JobName.REQUESTED_SUMMARIES,
            EVERY[JobName.REQUESTED_SUMMARIES],
            lambda: write_requested_summaries(engine, model, settings, clock=clock),
        ),
        Chore(
            JobName.HOUSEKEEPING,
            EVERY[JobName.HOUSEKEEPING],
            lambda: clean_up(engine, settings, now=clock()),
        ),
    ]


def write_requested_summaries(
    engine: Engine, model: LanguageModel | None, settings: Settings, *, clock: Callable[[], datetime]
) -> None:
    """Write the summaries that are due already, without asking whether others should be."""
    while write_next_summary(engine, model, zone=settings.zone, now=clock()) is not None:
        pass


class EmbeddedSchedule:
    """Does chores in a thread of this process, each at start and then every so often."""

    def __init__(self, chores: Sequence[Chore], *, clock: Callable[[], datetime], look_seconds: float = 5.0) -> None:
        self._chores = chores
        self._clock = clock
        self._look_seconds = look_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedule", daemon=True)

    def start(self) -> None:
        """Start with all of them."""
        self._thread.start()

    def stop(self) -> None:
        """Start nothing more; what is under way has a few seconds, and is done again by whoever comes next."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        due = dict.fromkeys((chore.name for chore in self._chores), self._clock())
        while not self._stopping.is_set():
            for chore in self._chores:
                if due[chore.name] <= self._clock() and not self._stopping.is_set():
                    due[chore.name] = self._clock() + chore.every
                    do_chore(chore)
            self._stopping.wait(self._look_seconds)


def do_chore(chore: Chore) -> None:
    """Do it; a surprise is written down and does not end the schedule."""
    try:
        chore.do()
    except Exception:
        log.exception("chore_failed", chore=chore.name)
