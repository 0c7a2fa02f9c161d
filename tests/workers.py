"""Celery's workers as processes of their own, for tests that watch them from outside."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine, func, select

from alumusic.domain.comments import FINAL_STATUSES
from alumusic.store.database import reading
from alumusic.store.tables import comments, workers
from tests.servers import PATIENCE_SECONDS, Program, wait_until

HOUSE = Path(__file__).parents[1]
CELERY = Path(sys.executable).with_name("celery")


def environment(engine: Engine, folder: Path, **settings: object) -> dict[str, str]:
    """What a process of ours needs to know, and nothing that this one happens to have set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALUMUSIC_")}
    return kept | {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False).replace("+psycopg", ""),
        "ALUMUSIC_DATA_DIR": str(folder / "data"),
        "ALUMUSIC_LOG_FORMAT": "json",
        "PYTHONWARNINGS": "ignore",
        **{name: str(value) for name, value in settings.items()},
    }


def celery_worker(env: Mapping[str, str], folder: Path, *options: str, name: str = "worker") -> Program:
    command = [str(CELERY), "-A", "celery_app.celery", "worker", "-l", "INFO", "-n", f"{name}@%h", *options]
    return Program(command, log=folder / f"{name}.log", env=env).start()


def worker_is_ready(worker: Program) -> bool:
    if not worker.is_alive():
        raise AssertionError(f"the worker ended: {worker.output()[-3_000:]}")
    return " ready." in worker.output()


def a_worker_was_seen(engine: Engine) -> bool:
    with reading(engine) as db:
        return bool(db.scalar(select(func.count()).select_from(workers)))


def left(engine: Engine) -> int:
    """How many comments are not final."""
    with reading(engine) as db:
        return db.scalar(
            select(func.count()).select_from(comments).where(comments.c.status.not_in(FINAL_STATUSES))
        ) or 0  # fmt: skip


def drained(engine: Engine, *, seconds: float = PATIENCE_SECONDS) -> float:
    """Wait until every comment is final; how long it took."""
    return wait_until(lambda: left(engine) == 0, seconds=seconds, every=0.1, what=f"{left(engine)} comments drained")
