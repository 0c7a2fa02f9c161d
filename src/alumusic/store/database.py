"""Opens the database: SQLite for one machine, PostgreSQL for many, the same promises from both."""

import math
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import Any, Final

from sqlalchemy import (
    URL,
    Column,
    ColumnElement,
    Connection,
    Engine,
    create_engine,
    event,
    literal,
    make_url,
    select,
    text,
)

from alumusic.domain.errors import ConfigurationError, missing_extra

OLDEST_SQLITE: Final = (3, 38, 0)
"""The first version with `->>`, `RETURNING` and the upserts used here."""

LOCK_SECONDS: Final = 30.0
"""How long a write waits for another one: a file of 300,000 rows is one transaction."""

NO_LIMIT: Final = math.inf
"""For `reading`: what is read may take as long as it takes."""

_PAGES_BETWEEN_CHECKPOINTS: Final = 4_000
"""16 MB of changes are gathered before they are copied into the file; with SQLite's own 1,000 every fortieth comment
waits for that, and what changes often is copied four times as often."""

_READS: Final = "alumusic_reads"
_READ_SECONDS: Final = "alumusic_read_seconds"
_LOCK_SECONDS: Final = "alumusic_lock_seconds"
_STEPS_BETWEEN_LOOKS: Final = 100_000
"""Steps of SQLite's machine between two looks at the clock: about a millisecond."""


def database_url(url: str) -> URL:
    """Read the address of a database as people write it; `postgres://` and `postgresql://` mean psycopg 3.

    Raises:
        ConfigurationError: not an address of a database we know.
    """
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    except Exception as error:
        raise ConfigurationError("database_url", "DATABASE_URL is not the address of a database") from error
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite":
        return parsed
    raise ConfigurationError("database_url", f"DATABASE_URL: {parsed.get_backend_name()} is not supported")


def open_database(url: str, *, pool_size: int = 10) -> Engine:
    """Open the database at `url`; nothing is created in it (see `store.migrate`).

    Raises:
        ConfigurationError: the address is wrong, its driver is not installed, or this Python's SQLite is too old.
    """
    parsed = database_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    if find_spec("psycopg") is None:
        raise missing_extra("postgres", wanted_by="DATABASE_URL")
    return _open_postgresql(parsed, pool_size=pool_size)


def _open_postgresql(url: URL, *, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_timeout=10,
        hide_parameters=True,
        connect_args={"options": "-c timezone=UTC -c statement_timeout=0", "connect_timeout": 5},
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        reads = bool(options.get(_READS))
        seconds = options.get(_READ_SECONDS if reads else _LOCK_SECONDS, NO_LIMIT)
        if seconds != NO_LIMIT:
            # What only reads waits for locks within its time; what writes may work for long, once it has its locks.
            name = "statement_timeout" if reads else "lock_timeout"
            connection.exec_driver_sql(f"SET LOCAL {name} = {_milliseconds(seconds)}")

    return engine


def _open_sqlite(url: URL) -> Engine:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise ConfigurationError("sqlite_version", f"SQLite {wanted} or newer is needed, not {sqlite3.sqlite_version}")
    engine = create_engine(
        url,
        pool_size=20,
        max_overflow=20,
        # Errors go into logs, and a parameter may be what a listener wrote.
        hide_parameters=True,
        connect_args={"timeout": LOCK_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "do_connect")
    def make_file(*_: Any) -> None:
        _make_private(url.database or "")

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # Transactions are begun below, by name; the driver must begin none of its own.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            # NORMAL may undo a committed transaction when the power goes: a 202 must survive that.
            "synchronous=FULL",
            "foreign_keys=ON",
            # What was erased is overwritten at once, however this SQLite was built.
            "secure_delete=ON",
            f"busy_timeout={_milliseconds(LOCK_SECONDS)}",
            "cache_size=-32000",
            "temp_store=MEMORY",
            f"wal_autocheckpoint={_PAGES_BETWEEN_CHECKPOINTS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once when another one wrote in between.
        options = connection.get_execution_options()
        if options.get(_READS):
            connection.exec_driver_sql("BEGIN")
            return
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout={_milliseconds(options.get(_LOCK_SECONDS, LOCK_SECONDS))}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _make_private(path: str) -> None:
    """Make the file that SQLite would make for everybody's eyes; its `-wal` and `-shm` get the same mode."""
    # One that is there stays as it is, and of a folder that is not there SQLite itself will speak.
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _milliseconds(seconds: float) -> int:
    """At least one: for a database, none means for ever."""
    return max(1, int(seconds * 1000))


def hurried(engine: Engine, *, read_seconds: float, lock_seconds: float = LOCK_SECONDS) -> Engine:
    """`engine`, for somebody who waits for an answer: the same connections, and none of its transactions hangs.

    What only reads is interrupted after `read_seconds` (see `reading`); what writes waits for others for at most
    `lock_seconds`. Both are errors of the database then.
    """
    return engine.execution_options(**{_READ_SECONDS: read_seconds, _LOCK_SECONDS: lock_seconds})


@contextmanager
def reading(engine: Engine, *, at_most_seconds: float | None = None) -> Iterator[Connection]:
    """A connection that only reads: on SQLite it never waits for a writer, nor makes one wait.

    A question that takes longer than `at_most_seconds` (as long as `engine` says, if it is None) is interrupted with an
    error of the database: on PostgreSQL each for itself, on SQLite all of them together.
    """
    bound = {} if at_most_seconds is None else {_READ_SECONDS: at_most_seconds}
    with engine.connect() as connection:
        reader = connection.execution_options(**{_READS: True, **bound})
        seconds = reader.get_execution_options().get(_READ_SECONDS, NO_LIMIT)
        if is_sqlite(engine) and seconds != NO_LIMIT:
            with _bounded_sqlite(reader, seconds):
                yield reader
        else:
            yield reader


@contextmanager
def _bounded_sqlite(db: Connection, seconds: float) -> Iterator[None]:
    driver: Any = db.connection.driver_connection
    end = time.monotonic() + seconds
    driver.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS_BETWEEN_LOOKS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


def is_sqlite(db: Connection | Engine) -> bool:
    """Whether `db` is the one-machine database."""
    return db.dialect.name == "sqlite"


def is_exactly(column: Column[Any], value: str) -> ColumnElement[bool]:
    """Whether `column` is `value`, written out in the question: a partial index by it is of no use to a parameter."""
    return column == literal(value, column.type, literal_execute=True)


def serialize(db: Connection, *, name: str) -> None:
    """Let one transaction at a time go past this point for `name`; SQLite's writers already queue."""
    if not is_sqlite(db):
        db.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


def answers(engine: Engine) -> bool:
    """Whether the database can be written to right now: it asks for a lock that a reader would not get."""
    with engine.begin() as db:
        if is_sqlite(db):
            return True  # BEGIN IMMEDIATE was granted.
        return not bool(db.scalar(select(text("pg_is_in_recovery()"))))
