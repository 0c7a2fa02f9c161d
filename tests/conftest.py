"""Fixtures that every test may ask for: a database of each kind, settings, the services, a client of the API."""

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, create_engine, insert, text
from sqlalchemy.exc import OperationalError

from alumusic.store.database import database_url, open_database
from alumusic.store.migrate import upgrade
from alumusic.store.tables import metadata, users
from tests.house import House, build_house
from tests.servers import OwnRedis

# The same examples in each run of CI; new ones on a laptop, where a failure can be looked into.
hypothesis_settings.register_profile("laptop", deadline=None)
hypothesis_settings.register_profile("steady", deadline=None, derandomize=True, database=None, print_blob=True)
hypothesis_settings.load_profile("steady" if os.environ.get("CI") == "true" else "laptop")

MONDAY_NOON = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Noon in São Paulo, in week 2026-W48."""

POSTGRES_URL = os.environ.get("ALUMUSIC_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Logging belongs to the whole process: what a command or a test makes of it is given back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A fresh PostgreSQL database for this run; without a server the tests that need it are skipped, but fail in CI."""
    server = create_engine(
        database_url(POSTGRES_URL), isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 60}
    )
    name = f"alumusic_test_{os.getpid()}"
    try:
        with server.connect() as db:
            db.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs a PostgreSQL server at {POSTGRES_URL}: {error}")
        pytest.skip(f"no PostgreSQL server answers at {POSTGRES_URL}")
    yield database_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    with server.connect() as db:
        db.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[Engine]:
    engine = open_database(postgres_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file: tests copy it instead of migrating again."""
    path = tmp_path_factory.mktemp("template") / "alumusic.db"
    engine = open_database(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_engine(migrated_sqlite_file: Path, tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "alumusic.db"
    path.write_bytes(migrated_sqlite_file.read_bytes())
    engine = open_database(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(migrated_postgres: Engine) -> Engine:
    names = ", ".join(table.name for table in metadata.sorted_tables)
    with migrated_postgres.begin() as db:
        db.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    return migrated_postgres


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A migrated, empty database: each test that asks for it runs on SQLite and on PostgreSQL."""
    found: Engine = request.getfixturevalue("sqlite_engine" if request.param == "sqlite" else "postgres_engine")
    return found


@pytest.fixture
def user_id(engine: Engine) -> int:
    """The id of Ana, who curates."""
    with engine.begin() as db:
        return int(
            db.execute(
                insert(users)
                .values(email="ana@exemplo.com", password_hash="-", role="curador", created_at=MONDAY_NOON)
                .returning(users.c.id)
            ).scalar_one()
        )


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> House:
    """The API on a database of each kind, with a clock that stands still."""
    return build_house(engine, tmp_path)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRedis]:
    """A Redis of a module's own, which it may flush and kill."""
    with OwnRedis(tmp_path_factory.mktemp("redis")) as server:
        yield server
