"""Brings the database's tables to what this version needs."""

import re
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from alumusic.domain.errors import AluMusicError, ConfigurationError, NotFoundError
from alumusic.store.database import reading, serialize


def alembic_config(engine: Engine | None = None) -> Config:
    """Where the migrations are; with `engine`, also on what they run."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate to `revision`; two processes that do it at once queue up, and the second finds nothing to do.

    Raises:
        NotFoundError: there is no such revision.
        ConfigurationError: the database is at a revision that this version does not know.
    """
    config = alembic_config(engine)
    with engine.begin() as db:
        serialize(db, name="migrations")
        config.attributes["connection"] = db
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            raise _unknown(db, revision) from error


def _unknown(db: Connection, revision: str) -> AluMusicError:
    """Which revision it is that alembic does not find: the database's own, or the one that was asked for."""
    at = MigrationContext.configure(db).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if at is not None and at not in known:
        return ConfigurationError("database_newer", f"the database is at {at}, which this version does not know")
    return NotFoundError("revisao_desconhecida", revision=revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to `revision`."""
    config = alembic_config(engine)
    with engine.begin() as db:
        serialize(db, name="migrations")
        config.attributes["connection"] = db
        command.downgrade(config, revision)


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None when it is empty."""
    with reading(engine) as db:
        return MigrationContext.configure(db).get_current_revision()


def head() -> str:
    """The revision that this version needs."""
    revision = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if revision is None:
        raise RuntimeError("no migrations were shipped")
    return revision


def is_current(engine: Engine) -> bool:
    """Whether the database is at the revision that this version needs."""
    return current(engine) == head()


def new_revision(engine: Engine, message: str) -> Path:
    """Write a migration from the difference between the code's tables and the database's; where it is.

    Its id is a number and the message, at most 32 characters: what every database's version table can keep.
    """
    config = alembic_config(engine)
    scripts = ScriptDirectory.from_config(config)
    number = len(list(scripts.walk_revisions())) + 1
    slug = re.sub(r"\W+", "_", message.lower()).strip("_")
    with engine.begin() as db:
        config.attributes["connection"] = db
        script = command.revision(config, message, autogenerate=True, rev_id=f"{number:04}_{slug}"[:32])
    if not isinstance(script, Script):
        raise TypeError("one revision was asked for")
    return Path(script.path)
