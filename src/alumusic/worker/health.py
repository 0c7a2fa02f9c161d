"""`python -m alumusic.worker.health`: whether a worker of this machine, or container, was seen lately."""

import socket
import sys
from datetime import timedelta
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from alumusic.bootstrap import utc_now
from alumusic.settings import load_settings
from alumusic.store.database import open_database, reading
from alumusic.store.health import worker_seen_since

SEEN_WITHIN: Final = timedelta(seconds=90)
"""A worker says that it lives after each turn and each call, which together take a minute at most."""


def lives(engine: Engine) -> bool:
    """Whether the database has heard of a worker of this host; one that cannot be asked is no worker's fault."""
    try:
        with reading(engine) as db:
            return worker_seen_since(db, utc_now() - SEEN_WITHIN, host=socket.gethostname())
    except SQLAlchemyError:
        return True


if __name__ == "__main__":
    sys.exit(0 if lives(open_database(load_settings().effective_database_url)) else 1)
