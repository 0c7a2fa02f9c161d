"""What is rising, over HTTP."""

from typing import Final

from flask import Blueprint

from alumusic.api.guard import allows
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.contract.trends import RiseView, TrendsQuery, TrendsView
from alumusic.domain.users import READERS
from alumusic.domain.weeks import day_of
from alumusic.query.trends import trends
from alumusic.store.database import reading

blueprint: Final = Blueprint("trends", __name__, url_prefix="/api/tendencias")


@blueprint.get("")
@allows(READERS)
@documented(
    "ver_tendencias",
    "Ver o que está em alta num dia",
    tag="Relatório",
    answers={200: TrendsView},
    description=(
        "Tags (e classes) com mais comentários do que as 8 semanas anteriores fariam esperar. Numa semana em que nada "
        "acontece, a chance de algum alarme falso é de no máximo `alarmes_falsos_por_semana`."
    ),
)
def get_trends(query: TrendsQuery) -> TrendsView:
    """Tell what rose on a day."""
    today = day_of(services().clock(), services().settings.zone)
    day = min(query.day or today, today)
    with reading(services().engine) as db:
        found = trends(db, day)
    return TrendsView(
        day=day,
        partial=day == today,
        volume=found.volume,
        days_of_history=found.days_of_history,
        can_tell=found.can_tell,
        rises=tuple(map(RiseView.of, found.rises)),
    )
