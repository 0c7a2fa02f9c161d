"""The live report over HTTP: a page that stands alone, or the same as JSON."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from flask import Blueprint, Response, current_app, request

from alumusic.api.fresh import Fresh
from alumusic.api.guard import PUBLIC, allows, require
from alumusic.api.openapi import documented
from alumusic.api.report_page import page_policy, report_page
from alumusic.api.state import services
from alumusic.bootstrap import Services
from alumusic.contract.reports import ReportView
from alumusic.domain.users import READERS
from alumusic.query.reports import live_report
from alumusic.store.database import reading

blueprint: Final = Blueprint("report", __name__)

RENEW_AFTER: Final = timedelta(seconds=10)
GOOD_FOR: Final = timedelta(seconds=60)
"""How old the report may be: a promise of the contract."""

_TAG: Final = "Relatório"
_KEY: Final = "alumusic.report"
_HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class _Made:
    """The report in both of its forms, ready to be sent."""

    page: bytes
    json: bytes


@blueprint.get("/relatorio/semana")
@allows(PUBLIC)
@documented(
    "ver_relatorio",
    "Ver o relatório ao vivo como página",
    tag=_TAG,
    answers={200: ReportView},
    content={200: {"text/html": {"schema": {"type": "string"}}}},
    problems=[401, 403],
    description="Com `Accept: application/json`, o mesmo como JSON. Só números somados, com no máximo 60 segundos.",
)
def get_report() -> Response:
    """Give the live report in the form that is asked for."""
    made = _current_report()
    wanted = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    answer = _as_json(made) if wanted == "application/json" else _as_page(made)
    answer.headers["Vary"] = "Accept"
    return answer


@blueprint.get("/api/relatorio/semana")
@allows(PUBLIC)
@documented(
    "ver_relatorio_json", "Ver o relatório ao vivo como JSON", tag=_TAG, answers={200: ReportView}, problems=[401, 403]
)
def get_report_json() -> Response:
    """Give the live report as JSON."""
    return _as_json(_current_report())


def _as_page(made: _Made) -> Response:
    return Response(made.page, headers={"Content-Security-Policy": page_policy()}, content_type=_HTML)


def _as_json(made: _Made) -> Response:
    return Response(made.json, content_type="application/json")


def _current_report() -> _Made:
    kept = services()
    if not kept.settings.public_report:
        require(READERS)
    # One for each application, made by whoever asks first: two at once agree on the one that was kept.
    fresh: Fresh[_Made] = current_app.extensions.setdefault(
        _KEY, Fresh(partial(_make, kept), renew_after=RENEW_AFTER, good_for=GOOD_FOR)
    )
    return fresh.get(kept.clock())


def _make(kept: Services, now: datetime) -> _Made:
    zone = kept.settings.zone
    with reading(kept.engine) as db:
        view = ReportView.of(live_report(db, zone=zone, now=now))
    return _Made(report_page(view, zone=zone).encode(), view.to_json().encode())
