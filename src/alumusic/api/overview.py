"""The first page of the dashboard over HTTP: everything on it in one call."""

from typing import Final

from flask import Blueprint
from sqlalchemy import Connection

from alumusic.api.guard import allows
from alumusic.api.openapi import documented
from alumusic.api.queue import provider_view
from alumusic.api.state import services
from alumusic.contract.overview import (
    ArtistFigureView,
    ArtistNames,
    OverviewView,
    PeriodView,
    QueueLine,
    TagFigureView,
    overview_view,
)
from alumusic.domain.users import READERS
from alumusic.domain.weeks import day_of
from alumusic.query.figures import queue
from alumusic.query.overview import Period, known_artists, overview
from alumusic.store.database import reading

blueprint: Final = Blueprint("overview", __name__, url_prefix="/api")

_TAG: Final = "Visão geral"


@blueprint.get("/visao-geral")
@allows(READERS)
@documented(
    "ver_visao_geral",
    "Ver os números de hoje, da semana e dos últimos 28 dias",
    tag=_TAG,
    answers={200: OverviewView},
    description="Vem dos contadores por dia, e por isso responde igual com mil ou com um milhão de comentários.",
)
def get_overview() -> OverviewView:
    """Tell what is going on."""
    now, zone = services().clock(), services().settings.zone
    with reading(services().engine) as db:
        found = overview(db, day_of(now, zone))
        line = _queue(db)
    return overview_view(
        now=now,
        zone=zone.key,
        today=_period(found.today),
        week=_period(found.week),
        days=found.days,
        tags=[TagFigureView.of(tag.code, tag.n, tag.before) for tag in found.tags],
        rises=found.rises,
        artists=[ArtistFigureView(name=one.name, total=one.n, criticism=one.criticism) for one in found.artists],
        days_of_history=found.days_of_history,
        can_tell_rises=found.can_tell_rises,
        first_day=found.first_day,
        queue=line,
    )


def _queue(db: Connection) -> QueueLine:
    waiting = queue(db, now=services().clock())
    return QueueLine(
        pending=waiting.pending,
        processing=waiting.processing,
        failed=waiting.failed,
        oldest_due_seconds=round(waiting.oldest_due_seconds, 1),
        provider=provider_view(db),
    )


def _period(period: Period) -> PeriodView:
    return PeriodView.of(period.first, period.last, period.counts, period.before)


@blueprint.get("/artistas")
@allows(READERS)
@documented("listar_artistas", "Ver os artistas mais comentados no último ano", tag=_TAG, answers={200: ArtistNames})
def get_artists() -> ArtistNames:
    """List artists to choose from."""
    with reading(services().engine) as db:
        return ArtistNames(names=tuple(known_artists(db, day_of(services().clock(), services().settings.zone))))
