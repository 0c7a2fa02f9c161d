"""Summaries of weeks over HTTP."""

from typing import Final

from flask import Blueprint

from alumusic.api.guard import allows
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.contract.summaries import SummaryBody, SummaryList, SummaryQuery, SummaryReceipt, SummaryView
from alumusic.domain.errors import FieldProblem, InvalidInputError
from alumusic.domain.summaries import Summary
from alumusic.domain.users import CURATORS, EVERYONE, READERS
from alumusic.domain.weeks import Week
from alumusic.store.database import reading
from alumusic.summarize.digest import request_summary
from alumusic.summarize.pages import read_latest_summary, read_summaries, read_summary
from alumusic.summarize.template import as_markdown

blueprint: Final = Blueprint("summaries", __name__, url_prefix="/admin/weekly_summary")

_TAG: Final = "Resumos"


def _view(summary: Summary) -> SummaryView:
    return SummaryView.of(summary, as_markdown(summary))


@blueprint.get("/latest")
@allows(EVERYONE)
@documented("ultimo_resumo", "Ver o resumo mais recente", tag=_TAG, answers={200: SummaryView}, problems=[404])
def get_latest() -> SummaryView:
    """Give the summary of the latest week that has one."""
    with reading(services().engine) as db:
        return _view(read_latest_summary(db))


@blueprint.get("")
@allows(READERS)
@documented("listar_resumos", "Ver os resumos das últimas semanas", tag=_TAG, answers={200: SummaryList})
def get_summaries(query: SummaryQuery) -> SummaryList:
    """List the latest summaries."""
    with reading(services().engine) as db:
        return SummaryList(summaries=tuple(map(_view, read_summaries(db, limit=query.limit))))


@blueprint.get("/<week>")
@allows(READERS)
@documented("ver_resumo", "Ver o resumo de uma semana", tag=_TAG, answers={200: SummaryView}, problems=[404])
def get_summary(week: str) -> SummaryView:
    """Give the summary of one week."""
    with reading(services().engine) as db:
        return _view(read_summary(db, _week(week)))


@blueprint.post("")
@allows(CURATORS)
@documented(
    "gerar_resumo",
    "Gerar (de novo) o resumo de uma semana",
    tag=_TAG,
    answers={202: SummaryReceipt},
    description=(
        "Sem `semana`, a última que terminou e tem comentários, ou a atual. Há sempre um resumo por semana; ele fica "
        "pronto em segundos em GET /admin/weekly_summary/<semana>."
    ),
    body_required=False,
)
def post_summary(json: SummaryBody) -> tuple[SummaryReceipt, int, dict[str, str]]:
    """Note that a summary is wanted: the row is the task, and a worker looks for such rows every few seconds."""
    kept = services()
    wanted = None if json.week is None else Week.parse(json.week)
    week = request_summary(kept.engine, wanted, zone=kept.settings.zone, now=kept.clock())
    return (
        SummaryReceipt(week=str(week), message=f"O resumo da semana {week} fica pronto em alguns segundos."),
        202,
        {"Location": f"/admin/weekly_summary/{week}"},
    )


def _week(name: str) -> Week:
    try:
        return Week.parse(name)
    except ValueError:
        raise InvalidInputError(fields=[FieldProblem("semana", "semana_invalida")]) from None
