"""Celery's tasks: handlers for messages that carry nothing."""

from collections.abc import Callable
from functools import partial

from celery import Celery

from alumusic.bell.jobs import JobName
from alumusic.worker.duty import Duty


def add_jobs(celery: Celery, duty: Duty) -> None:
    """Make `celery` hear every name of `JobName`."""
    jobs: dict[JobName, Callable[[], None]] = {name: partial(duty.do, name) for name in JobName}
    jobs[JobName.CLASSIFY_DUE] = duty.classify_due
    for name, job in jobs.items():
        _add_job(celery, name, job)


def _add_job(celery: Celery, name: JobName, job: Callable[[], None]) -> None:
    def handle() -> None:
        job()

    # Celery lends tasks to other apps of the process unless it is told not to.
    celery.task(name=name.value, shared=False)(handle)
