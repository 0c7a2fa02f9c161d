"""Databases whose connections break at the worst moment, and that are quick to empty."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event, text

from alumusic.store.database import is_sqlite
from alumusic.store.tables import metadata, users
from tests.examples import MONDAY_NOON


class DroppedError(Exception):
    """The connection broke before its COMMIT."""


class Fragile:
    """An engine whose connection can be cut just before a COMMIT."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.cut_next = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        event.listen(self.engine, "commit", self._before_commit)
        try:
            yield
        finally:
            event.remove(self.engine, "commit", self._before_commit)

    def _before_commit(self, db: Connection) -> None:
        if not self.cut_next:
            return
        self.cut_next = False
        driver: Any = db.connection.driver_connection
        backend = None if is_sqlite(db) else driver.info.backend_pid
        driver.close()
        db.invalidate()
        if backend is not None:
            self._wait_for_the_end_of(backend)
        raise DroppedError

    def _wait_for_the_end_of(self, backend: int) -> None:
        """A server notices a cut connection a moment later, and keeps its locks until then."""
        with self.engine.connect() as db:
            watching = db.execution_options(isolation_level="AUTOCOMMIT")
            while watching.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid"), {"pid": backend}):
                time.sleep(0.001)


def emptied(engine: Engine) -> int:
    """Empty the database, and say what the id of its only account is."""
    with engine.begin() as db:
        for table in reversed(metadata.sorted_tables):
            db.execute(table.delete())
        ana = users.insert().values(email="a@exemplo.com", password_hash="-", role="curador", created_at=MONDAY_NOON)
        return int(db.execute(ana.returning(users.c.id)).scalar_one())


def quick(engine: Engine) -> None:
    """Spare the disk: these tests cut connections and not the power."""

    @event.listens_for(engine, "connect")
    def without_waiting(connection: Any, _record: Any) -> None:
        if is_sqlite(engine):
            connection.execute("PRAGMA synchronous=OFF")
        else:
            connection.execute("SET synchronous_commit=off")
            connection.commit()

    engine.dispose()
