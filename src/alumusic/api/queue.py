"""The queue over HTTP: what waits, and a switch that stops and starts the asking of the provider."""

from typing import Final

from flask import Blueprint
from sqlalchemy import Connection

from alumusic.accounts.audit import Event, record
from alumusic.api.guard import allows, current_user
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.classify.assemble import wanted_classifier
from alumusic.contract.queue import ProviderView, QueueView
from alumusic.domain.comments import Origin
from alumusic.domain.users import ADMINS, READERS
from alumusic.domain.weeks import day_of, start_of
from alumusic.llm.choose import model_name
from alumusic.query.figures import figures
from alumusic.store.database import reading
from alumusic.store.providers import pause, resume, state_of

blueprint: Final = Blueprint("queue", __name__, url_prefix="/api/fila")

_TAG: Final = "Operação"


@blueprint.get("")
@allows(READERS)
@documented(
    "ver_fila",
    "Ver o que espera, há quanto tempo, e como está o provedor",
    tag=_TAG,
    answers={200: QueueView},
    description="`fechado` é o disjuntor fechado: os pedidos passam. `aberto` espera até `aberto_ate`.",
)
def get_queue() -> QueueView:
    """Tell what waits."""
    with reading(services().engine) as db:
        return _view(db)


@blueprint.post("/pausar")
@allows(ADMINS)
@documented(
    "pausar_fila",
    "Parar de classificar até alguém retomar",
    tag=_TAG,
    answers={200: QueueView},
    description="O que já está em andamento termina. Nada se perde: os comentários esperam como PENDENTE.",
)
def post_pause() -> QueueView:
    """Stop asking the provider."""
    now = services().clock()
    with services().engine.begin() as db:
        pause(db, _provider(), now=now)
        record(db, Event.PAUSED, now=now, user_id=current_user().id, subject=_provider())
        return _view(db)


@blueprint.post("/retomar")
@allows(ADMINS)
@documented(
    "retomar_fila",
    "Voltar a classificar",
    tag=_TAG,
    answers={200: QueueView},
    description="Se o disjuntor estava aberto, um comentário vai na hora para saber se o provedor voltou.",
)
def post_resume() -> QueueView:
    """Ask the provider again."""
    now = services().clock()
    with services().engine.begin() as db:
        resume(db, _provider())
        record(db, Event.RESUMED, now=now, user_id=current_user().id, subject=_provider())
        view = _view(db)
    services().bell.ring()
    return view


def provider_view(db: Connection) -> ProviderView:
    """Who classifies here, and whether it may be asked right now."""
    settings = services().settings
    is_local = _provider() == Origin.LOCAL
    return ProviderView.of(
        state_of(db, _provider()),
        model=None if is_local else model_name(settings),
        limit=None if is_local else settings.daily_budget_tokens,
        today=day_of(services().clock(), settings.zone),
    )


def _provider() -> str:
    settings = services().settings
    return Origin.LOCAL if wanted_classifier(settings) == "local" else settings.llm_provider


def _view(db: Connection) -> QueueView:
    zone, now = services().settings.zone, services().clock()
    found = figures(db, now=now, day_began=start_of(day_of(now, zone), zone))
    return QueueView.of(
        oldest_due_seconds=found.queue.oldest_due_seconds, by_status=found.by_status, provider=provider_view(db)
    )
