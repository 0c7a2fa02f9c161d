"""Makes the live report a page that stands alone: charts as inline SVG, a table under each, one style sheet within."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from alumusic.api.svg import Bar, Line, bars, columns, lines, mark, panel, stacks
from alumusic.contract.reports import HIDDEN, STATES, ReportView
from alumusic.domain.comments import Category

_STYLES: Final = {
    Category.PRAISE: "elogio",
    Category.CRITICISM: "critica",
    Category.SUGGESTION: "sugestao",
    Category.QUESTION: "duvida",
    Category.SPAM: "spam",
}
_BANDS: Final = ("faixa1", "faixa2", "faixa3", "faixa4", "faixa5")
_LINES: Final = ("serie1", "serie2", "serie3", "serie4")


@dataclass(frozen=True, slots=True)
class Section:
    """A chart with its title, what to see in it, what its colours mean, and the same as a table."""

    id: str
    title: str
    finding: str
    drawing: Markup
    legend: Sequence[tuple[str, str]]
    """Style and meaning of each colour."""
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    empty: bool
    """Whether there is nothing to be seen: then words stand in for the drawing."""


def report_page(report: ReportView, *, zone: ZoneInfo) -> str:
    """The page as HTML."""
    sections = [_MAKERS[chart.id](chart.title, list(chart.data)) for chart in report.charts]
    page: str = _template().render(
        sections=sections,
        style=style_sheet(),
        first=_day(report.period.first),
        last=_day(report.period.last),
        made_at=_moment(report.made_at.astimezone(zone)),
        made_at_iso=report.made_at.isoformat(),
        smallest=report.smallest,
        hidden=HIDDEN,
    )
    return page


def page_policy() -> str:
    """A Content-Security-Policy that lets through this page's own style sheet, and nothing else at all."""
    digest = base64.b64encode(hashlib.sha256(style_sheet().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def style_sheet() -> str:
    """What stands between the page's style tags, to the letter: its hash is in the policy."""
    return resources.files("alumusic.api").joinpath("templates", "relatorio.css").read_text(encoding="utf-8")


@cache
def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("alumusic.api", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("relatorio.html")


# --- the six charts -----------------------------------------------------------------------------------------------


def _classes(title: str, data: list[dict[str, Any]]) -> Section:
    finding = _finding_of_classes(data)
    groups = [
        (
            str(row["categoria"]),
            [
                Bar("agora", row["atual"], _STYLES[row["categoria"]], _shown(row["atual"])),
                Bar("antes", row["anterior"], f"{_STYLES[row['categoria']]} antes", _shown(row["anterior"])),
            ],
        )
        for row in data
    ]
    return Section(
        "classes",
        title,
        finding,
        bars("classes", title, finding, groups),
        [("cheio", "últimos 7 dias"), ("claro", "7 dias anteriores")],
        ["Classe", "Últimos 7 dias", "7 dias anteriores", "Diferença"],
        [
            [
                row["categoria"],
                _shown(row["atual"]),
                _shown(row["anterior"]),
                _difference(row["atual"], row["anterior"]),
            ]
            for row in data
        ],
        empty=all(row["atual"] is None and row["anterior"] is None for row in data),
    )


def _finding_of_classes(data: list[dict[str, Any]]) -> str:
    both = [row for row in data if row["atual"] is not None and row["anterior"] is not None]
    if not both:
        return "Ainda não há comentários bastantes nas duas semanas para comparar."
    most = max(both, key=lambda row: abs(row["atual"] - row["anterior"]))
    change = most["atual"] - most["anterior"]
    if not change:
        return "Nada mudou entre os últimos 7 dias e os 7 anteriores."
    more = "a mais" if change > 0 else "a menos"
    return (
        f"A maior diferença está em {most['categoria']}: {_number(abs(change))} {more}"
        f" (de {_number(most['anterior'])} para {_number(most['atual'])})."
    )


def _volume(title: str, data: list[dict[str, Any]]) -> Section:
    totals, shares = [row["total"] for row in data], [row["parte_critica"] for row in data]
    known = [share for share in shares if share is not None]
    finding = (
        f"Nos dias em que pode ser exibida, a parte de CRÍTICA ficou entre {_percent(min(known))} e"
        f" {_percent(max(known))}."
        if known
        else "Em nenhum dos dias houve comentários bastantes para exibir a parte de CRÍTICA."
    )
    first, last = _short_day(data[0]["dia"]), f"{_short_day(data[-1]['dia'])} (hoje)"
    return Section(
        "volume",
        title,
        finding,
        panel(
            "volume",
            title,
            finding,
            292,
            columns(totals, top=24, height=90, style="neutro", label="Comentários por dia", first=first, last=last),
            lines(
                [Line("CRÍTICA", shares, "critica")],
                top=172,
                height=90,
                label="Parte de CRÍTICA",
                first=first,
                last=last,
                unit="%",
            ),
        ),
        [],
        ["Dia", "Comentários", "CRÍTICA", "Parte"],
        [
            [_long_day(row["dia"]), _shown(row["total"]), _shown(row["criticas"]), _shown_percent(row["parte_critica"])]
            for row in data
        ],
        empty=all(total is None for total in totals),
    )


def _tags(title: str, data: list[dict[str, Any]]) -> Section:
    finding = (
        f"A mais citada é “{data[0]['explicacao']}”, com {_number(data[0]['total'])} comentários."
        if data
        else "Nenhuma tag apareceu vezes bastantes nas últimas 48 horas."
    )
    return Section(
        "tags",
        title,
        finding,
        bars(
            "tags",
            title,
            finding,
            [
                (row["codigo"].replace("_", " "), [Bar("", row["total"], "neutro", _number(row["total"]))])
                for row in data
            ],
        ),
        [],
        ["Tag", "O que é", "Comentários"],
        [[row["codigo"], row["explicacao"], _number(row["total"])] for row in data],
        empty=not data,
    )


def _artists(title: str, data: list[dict[str, Any]]) -> Section:
    finding = (
        f"{data[0]['artista']} é quem mais recebe comentários."
        if data
        else "Nenhum comentário diz de que artista fala."
    )
    rows = [
        (
            row["artista"],
            [Bar(name, n, _STYLES[Category(name)], _shown(n)) for name, n in row["por_categoria"].items()],
        )
        for row in data
    ]
    return Section(
        "artistas",
        title,
        finding,
        stacks("artistas", title, finding, rows),
        [(style, category) for category, style in _STYLES.items()] + [("mais", "há contagens ocultas")],
        ["Artista", *Category],
        [[row["artista"], *map(_shown, row["por_categoria"].values())] for row in data],
        empty=not data,
    )


def _releases(title: str, data: list[dict[str, Any]]) -> Section:
    shown = [(row, [point["criticas"] for point in row["pontos"]]) for row in data]
    names = [f"{row['artista']}: {row['titulo']} ({_short_day(row['data'])})" for row in data]
    finding = _finding_of_releases(data)
    steps = 36
    series = [
        Line(name, counts + [None] * (steps - len(counts)), style)
        for name, (_, counts), style in zip(names, shown, _LINES, strict=False)
    ]
    return Section(
        "lancamentos",
        title,
        finding,
        panel(
            "lancamentos",
            title,
            finding,
            190,
            lines(series, top=30, height=130, label="Críticas por dia", first="7 dias antes", last="28 dias depois"),
            mark(7, steps, top=30, height=130, words="lançamento"),
        ),
        list(zip(_LINES, names, strict=False)),
        ["Dia", *names],
        [
            [_relative(day), *(_shown(counts[day + 7]) if day + 7 < len(counts) else "–" for _, counts in shown)]
            for day in range(-7, steps - 7)
        ]
        if data
        else [],
        empty=not any(n is not None for _, counts in shown for n in counts),
    )


def _finding_of_releases(data: list[dict[str, Any]]) -> str:
    if not data:
        return "Nenhum lançamento cadastrado nas últimas semanas; a curadoria cadastra em POST /api/lancamentos."
    points = [(point["criticas"], point["dia"], row) for row in data for point in row["pontos"] if point["criticas"]]
    if not points:
        return "Em nenhum dia houve críticas bastantes para exibir."
    most, day, row = max(points, key=lambda point: point[0])
    return f"O dia com mais críticas foi {_relative(day)} de “{row['titulo']}”, com {_number(most)}."


def _confidence(title: str, data: list[dict[str, Any]]) -> Section:
    bands = [row for row in data if row["tipo"] == "faixa"]
    states = {row["estado"]: row["total"] for row in data if row["tipo"] == "revisao"}
    waiting = states["a_revisar"]
    finding = (
        "Não há comentários bastantes esperando revisão para exibir."
        if waiting is None
        else f"{_number(waiting)} comentários têm confiança abaixo de 0,6 e esperam que alguém os veja."
    )
    names = [f"{_decimal(row['de'])} a {_decimal(row['ate'])}" for row in bands]
    groups = [
        (name, [Bar("", row["total"], style, _shown(row["total"]))])
        for name, row, style in zip(names, bands, _BANDS, strict=True)
    ] + [(STATES[state], [Bar("", n, "neutro", _shown(n))]) for state, n in states.items()]
    return Section(
        "confianca",
        title,
        finding,
        bars("confianca", title, finding, groups),
        [],
        ["Confiança ou estado", "Comentários"],
        [[f"confiança de {name}", _shown(row["total"])] for name, row in zip(names, bands, strict=True)]
        + [[STATES[state], _shown(n)] for state, n in states.items()],
        empty=all(row["total"] is None for row in data),
    )


_MAKERS: Final[Mapping[str, Callable[[str, list[dict[str, Any]]], Section]]] = {
    "classes": _classes,
    "volume": _volume,
    "tags": _tags,
    "artistas": _artists,
    "lancamentos": _releases,
    "confianca": _confidence,
}


# --- figures and days as people here write them -------------------------------------------------------------------


def _number(n: float) -> str:
    return f"{n:,.0f}".replace(",", ".")


def _shown(n: int | None) -> str:
    return HIDDEN if n is None else _number(n)


def _percent(share: float) -> str:
    return f"{share:.1f}%".replace(".", ",")


def _shown_percent(share: float | None) -> str:
    return HIDDEN if share is None else _percent(share)


def _difference(now: int | None, before: int | None) -> str:
    if now is None or before is None:
        return HIDDEN
    return f"{'+' if now > before else '−' if now < before else ''}{_number(abs(now - before))}"


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def _relative(day: int) -> str:
    if day == 0:
        return "no dia do lançamento"
    days = f"{abs(day)} {'dia' if abs(day) == 1 else 'dias'}"
    return f"{days} antes" if day < 0 else f"{days} depois"


_MONTHS: Final = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
    "dezembro",
)  # fmt: skip
_WEEKDAYS: Final = ("seg.", "ter.", "qua.", "qui.", "sex.", "sáb.", "dom.")


def _day(day: date) -> str:
    return f"{day.day}º de {_MONTHS[0]}" if (day.day, day.month) == (1, 1) else f"{day.day} de {_MONTHS[day.month - 1]}"


def _short_day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m}"


def _long_day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{_WEEKDAYS[day.weekday()]} {day:%d/%m}"


def _moment(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y} às {moment:%H:%M}"
