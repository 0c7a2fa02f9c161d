"""`python -m alumusic.worker.health`: whether a worker of this machine, or container, was seen lately."""

import socket
import sys
from datetime import timedelta
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from alumusic.bootstrap import utc_now
from alumusic.settings import load_settings
from alumusic.store.database import open_database, reading
from alumusic.store.tables import workers

SEEN_WITHIN: Final = timedelta(seconds=90)
"""A worker says that it lives after each turn and each call, which together take a minute at most."""


def lives(engine: Engine) -> bool:
    """Whether the database has heard of a worker of this host; one that cannot be asked is no worker's fault."""
    here = f"{socket.gethostname()}/"
    try:
        with reading(engine) as db:
            seen = select(workers.c.name).where(
                workers.c.name.startswith(here, autoescape=True), workers.c.seen_at >= utc_now() - SEEN_WITHIN
            )
            return db.scalar(seen.limit(1)) is not None
    except SQLAlchemyError:
        return True


if __name__ == "__main__":
    sys.exit(0 if lives(open_database(load_settings().effective_database_url)) else 1)
