"""The tables of insight come and go, and migrations make what the code declares."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from alumusic.store.database import open_database
from alumusic.store.migrate import downgrade, upgrade
from alumusic.store.tables import metadata


def test_the_tables_of_insight_come_and_go(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'a.db'}")
    upgrade(engine)
    assert {"summaries", "releases"} <= set(inspect(engine).get_table_names())

    downgrade(engine, "0002_providers")

    assert not {"summaries", "releases"} & set(inspect(engine).get_table_names())
    upgrade(engine)
    assert {"summaries", "releases"} <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_migrations_make_what_the_code_declares(engine):
    with engine.connect() as db:
        found = compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), metadata)

    # The search index is made by hand on both databases, and the code knows it by its words alone.
    ours = [one for one in found if "fts" not in str(one) and "words" not in str(one)]
    assert ours == []
