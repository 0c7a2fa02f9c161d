"""The tables of providers come and go on both databases."""

import pytest
from sqlalchemy import Engine, insert, inspect, select, text

from alumusic.store.database import open_database
from alumusic.store.migrate import downgrade, upgrade
from alumusic.store.tables import batch_counts, batches

OURS = {"providers", "provider_calls", "kept_answers"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request, tmp_path):
    """A database without any table."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield engine
        engine.dispose()
        return
    server = open_database(request.getfixturevalue("postgres_url"))
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text("DROP SCHEMA IF EXISTS migrating CASCADE"))
        db.execute(text("CREATE SCHEMA migrating"))
    url = request.getfixturevalue("postgres_url") + "?options=-csearch_path%3Dmigrating"
    server.dispose()
    engine = _with_schema(url)
    yield engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text("DROP SCHEMA migrating CASCADE"))
    engine.dispose()


def _with_schema(url: str) -> Engine:
    from sqlalchemy import create_engine  # noqa: PLC0415

    return create_engine(url, connect_args={"options": "-c timezone=UTC -c search_path=migrating"})


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_they_are_made_from_nothing_and_from_the_first_tables(empty):
    upgrade(empty, "0001_first_tables")
    assert not tables(empty) & OURS
    upgrade(empty, "0002_providers")
    assert tables(empty) >= OURS

    downgrade(empty, "0001_first_tables")
    assert not tables(empty) & OURS
    upgrade(empty)
    assert tables(empty) >= OURS


def test_counts_survive_and_have_room_for_every_failure(empty):
    from uuid import uuid4  # noqa: PLC0415

    from tests.examples import MONDAY_NOON  # noqa: PLC0415

    batch_id = uuid4()
    upgrade(empty, "0001_first_tables")
    with empty.begin() as db:
        db.execute(insert(batches).values(id=batch_id, kind="file", received_at=MONDAY_NOON, total=2, rejects=[]))
        db.execute(insert(batch_counts).values(batch_id=batch_id, outcome="ELOGIO", n=1))
    upgrade(empty)
    with empty.begin() as db:
        db.execute(insert(batch_counts).values(batch_id=batch_id, outcome="ENTRADA_REJEITADA", n=1))
        counts = {row.outcome: row.n for row in db.execute(select(batch_counts))}

    assert counts == {"ELOGIO": 1, "ENTRADA_REJEITADA": 1}
