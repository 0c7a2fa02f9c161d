"""Tables change by migrations that work from nothing and from the release before, on both databases."""

from collections.abc import Iterator

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text

from alumusic.domain.comments import Status
from alumusic.domain.errors import ConfigurationError, NotFoundError
from alumusic.store.database import database_url, open_database
from alumusic.store.migrate import alembic_config, current, downgrade, head, is_current, upgrade
from tests.examples import handed_in, stored, worked
from tests.fakes import FakeClassifier


def revisions():
    """From the first to the last."""
    return [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path) -> Iterator[Engine]:
    """A database without a table."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield engine
        engine.dispose()
        return
    url = database_url(request.getfixturevalue("postgres_url"))
    name = f"{url.database}_migrations"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as db:
        db.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        db.execute(text(f"CREATE DATABASE {name}"))
    engine = open_database(url.set(database=name).render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    with server.connect() as db:
        db.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def test_names_of_revisions_fit_into_every_version_table_and_make_one_line():
    names = revisions()
    assert [name for name in names if len(name) > 32] == []
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert head() == names[-1]


def test_from_nothing_to_the_newest(empty):
    upgrade(empty)
    assert is_current(empty)
    upgrade(empty)
    assert is_current(empty)


def test_from_the_release_before_with_comments_in_it(empty):
    before = revisions()[-2]
    upgrade(empty)
    downgrade(empty, before)
    assert current(empty) == before
    upgrade(empty)
    handed_in(empty, "adorei", "que demora")
    worked(empty, FakeClassifier())
    downgrade(empty, before)

    upgrade(empty)

    assert [comment.status for comment in stored(empty)] == [Status.DONE, Status.DONE]


def test_a_database_of_a_newer_version_is_told_from_a_wrong_wish(empty):
    upgrade(empty)
    with pytest.raises(NotFoundError, match="revisao_desconhecida"):
        upgrade(empty, "nada")
    with empty.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999_tomorrow'"))

    with pytest.raises(ConfigurationError, match="9999_tomorrow"):
        upgrade(empty)


def test_step_by_step_up_and_all_the_way_down(empty):
    for revision in revisions():
        upgrade(empty, revision)
        assert current(empty) == revision
    downgrade(empty, "base")
    assert current(empty) is None
    upgrade(empty)
    assert is_current(empty)
