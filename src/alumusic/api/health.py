"""Says whether the process is alive, and whether it can do its work."""

from datetime import timedelta
from typing import Final

import structlog
from flask import Blueprint
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from alumusic.api.guard import PUBLIC, allows
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.contract.health import Alive, Ready
from alumusic.domain.errors import UnavailableError
from alumusic.store.database import answers, reading
from alumusic.store.health import worker_seen_since

log: Final = structlog.get_logger(__name__)
blueprint: Final = Blueprint("health", __name__)

WORKER_SEEN_WITHIN: Final = timedelta(seconds=60)
_TAG: Final = "Saúde"


@blueprint.get("/saude")
@allows(PUBLIC)
@documented("saude", "Dizer se o processo está vivo", tag=_TAG, answers={200: Alive})
def get_health() -> Alive:
    """Answer."""
    return Alive()


@blueprint.get("/saude/pronto")
@allows(PUBLIC)
@documented("saude_pronto", "Dizer se o banco aceita escritas e há alguém trabalhando", tag=_TAG, answers={200: Ready})
def get_readiness() -> Ready:
    """Answer well only if comments that come in now would be kept and worked on."""
    if not _is_writable(services().engine):
        raise UnavailableError("nao_pronto", missing="o banco de dados não aceita escritas")
    with reading(services().engine) as db:
        if not worker_seen_since(db, services().clock() - WORKER_SEEN_WITHIN):
            raise UnavailableError("nao_pronto", missing="nenhum processo de classificação deu sinal no último minuto")
    return Ready()


def _is_writable(engine: Engine) -> bool:
    try:
        return answers(engine)
    except SQLAlchemyError as error:
        log.warning("database_not_writable", error=type(error).__name__)
        return False
