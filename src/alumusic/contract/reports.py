"""The live report, as the public API says it: aggregates only, and null for what may not be shown."""

from datetime import date
from itertools import pairwise
from typing import Any, Final, Self

from pydantic import Field

from alumusic.contract.message import Message, Moment
from alumusic.domain.comments import Category
from alumusic.domain.releases import Release
from alumusic.domain.reports import Report
from alumusic.domain.suppression import SMALLEST
from alumusic.domain.tags import explanation_of

STATES: Final = {
    "confiavel": "o modelo tem confiança",
    "a_revisar": "esperam revisão",
    "revisado": "revisados pela curadoria",
}
"""The states of review, and what they are called."""

TITLES: Final = {
    "classes": "Classes: últimos 7 dias e os 7 anteriores",
    "volume": "Volume diário e parte de CRÍTICA em 28 dias",
    "tags": "Tags mais citadas nas últimas 48 horas",
    "artistas": "Classes por artista em 28 dias",
    "lancamentos": "Críticas de 7 dias antes a 28 dias depois do lançamento",
    "confianca": "Confiança e revisão nos últimos 7 dias",
}
"""The charts in their order."""


class Chart(Message):
    """One chart, as its data."""

    id: str
    title: str = Field(alias="titulo")
    data: tuple[dict[str, Any], ...] = Field(alias="dados")


class Period(Message):
    """The days of the report, the last one included."""

    first: date = Field(alias="inicio")
    last: date = Field(alias="fim")


HIDDEN: Final = "oculto"
"""Stands on every page for a count that may not be shown: it is too small, or would give away one that is."""


class ReportView(Message):
    """The live report."""

    made_at: Moment = Field(alias="atualizado_em")
    period: Period = Field(alias="periodo")
    smallest: int = Field(SMALLEST, alias="menor_contagem_exibida")
    charts: tuple[Chart, ...] = Field(alias="graficos")

    @classmethod
    def of(cls, report: Report) -> Self:
        """`report`, in the contract's words."""
        data = {
            "classes": _classes(report.classes),
            "volume": _volume(report.volume),
            "tags": [{"codigo": tag, "explicacao": explanation_of(tag), "total": n} for tag, n in report.tags],
            "artistas": [{"artista": name, "por_categoria": _named(counts)} for name, counts in report.artists],
            "lancamentos": [_release(release, counts) for release, counts in report.releases],
            "confianca": _confidence(report.confidence, report.review),
        }
        days = sorted(report.volume)
        return cls(
            made_at=report.made_at,
            period=Period(first=days[0], last=days[-1]),
            charts=tuple(Chart(id=name, title=title, data=tuple(data[name])) for name, title in TITLES.items()),
        )

    def chart(self, name: str) -> Chart:
        """The chart of that id."""
        return next(chart for chart in self.charts if chart.id == name)


def _named(counts: dict[Category, int | None]) -> dict[str, int | None]:
    return {str(category): n for category, n in counts.items()}


def _classes(counts: dict[Category, tuple[int | None, int | None]]) -> list[dict[str, Any]]:
    return [{"categoria": category, "atual": now, "anterior": then} for category, (now, then) in counts.items()]


def _volume(counts: dict[date, tuple[int | None, int | None]]) -> list[dict[str, Any]]:
    return [
        {"dia": day.isoformat(), "total": n, "criticas": criticism, "parte_critica": _share(criticism, n)}
        for day, (n, criticism) in counts.items()
    ]


def _share(part: int | None, whole: int | None) -> float | None:
    """In per cent."""
    return None if part is None or not whole else round(100 * part / whole, 1)


def _release(release: Release, counts: list[int | None]) -> dict[str, Any]:
    return {
        "artista": release.artist,
        "titulo": release.title,
        "data": release.day.isoformat(),
        "pontos": [{"dia": n - 7, "criticas": count} for n, count in enumerate(counts)],
    }


def _confidence(bands: dict[float, int | None], states: dict[str, int | None]) -> list[dict[str, Any]]:
    starts = [*bands, 1.0]
    return [{"tipo": "faixa", "de": start, "ate": end, "total": bands[start]} for start, end in pairwise(starts)] + [
        {"tipo": "revisao", "estado": state, "total": n} for state, n in states.items()
    ]
