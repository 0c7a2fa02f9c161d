"""Relatório: the charts of the public page, for who is signed in already."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from alumusic.contract.reports import HIDDEN, STATES, ReportView
from alumusic.dashboard import say
from alumusic.dashboard.components import figures, releases
from alumusic.dashboard.components.ground import ground
from alumusic.dashboard.palette import colours
from alumusic.dashboard.tag_names import tag_name
from alumusic.dashboard.visit import Visit, present
from alumusic.dashboard.words import CATEGORY_NAMES, day, moment, number
from alumusic.domain.comments import Category


def show() -> None:
    """The page."""
    visit = present()
    found = visit.api.report()
    say.title(
        "Relatório ao vivo",
        f"De {day(found.period.first)} a {day(found.period.last)} · atualizado em {moment(found.made_at, visit.zone)}",
    )
    say.note(
        "Os mesmos gráficos ficam, sem login, em /relatorio/semana no endereço da API. "
        f"Contagens abaixo de {found.smallest}, e as que as revelariam, ficam ocultas: ninguém deve ser reconhecido."
    )
    _week(found)
    _volume(found)
    left, right = st.columns(2, gap="large")
    with left:
        _tags(found)
    with right:
        _artists(found)
    _releases(visit, found)
    _confidence(found)


def _said(n: int | None) -> str:
    return HIDDEN if n is None else number(n)


def _week(found: ReportView) -> None:
    chart = found.chart("classes")
    say.section(chart.title)
    now = {Category(row["categoria"]): row["atual"] for row in chart.data}
    left, right = st.columns([3, 2], gap="large")
    with left:
        figures.classes(now, key="relatorio_classes", clickable=False)
    with right:
        _table(
            [
                {
                    "Classe": CATEGORY_NAMES[Category(row["categoria"])],
                    "Últimos 7 dias": _said(row["atual"]),
                    "7 anteriores": _said(row["anterior"]),
                }
                for row in chart.data
            ],
            alt="Classes por semana",
        )


def _volume(found: ReportView) -> None:
    chart = found.chart("volume")
    left, right = st.columns(2, gap="large")
    accent = "#A38BFF" if ground() == "dark" else "#5B3FD1"
    with left:
        say.section("Comentários por dia")
        rows = [{"dia": row["dia"], "valor": row["total"]} for row in chart.data]
        figures.line(rows, key="relatorio_volume", y_title="Comentários", colour=accent, alt_text="Comentários por dia")
    with right:
        say.section("Parte de críticas, em %")
        figures.line(
            [{"dia": row["dia"], "valor": row["parte_critica"]} for row in chart.data],
            key="relatorio_criticas",
            y_title="Críticas (%)",
            colour=colours(ground())[Category.CRITICISM],
            alt_text="Parte de críticas por dia",
        )


def _tags(found: ReportView) -> None:
    chart = found.chart("tags")
    say.section(chart.title)
    rows = [{"Tag": tag_name(row["codigo"]), "Vezes": _said(row["total"])} for row in chart.data]
    _table(rows, alt=chart.title) if rows else say.note("Nenhuma tag com contagem bastante nas últimas 48 horas.")


def _artists(found: ReportView) -> None:
    chart = found.chart("artistas")
    say.section(chart.title)
    rows = [
        {"Artista": row["artista"]}
        | {CATEGORY_NAMES[category]: _said(row["por_categoria"].get(category.value)) for category in Category}
        for row in chart.data
    ]
    _table(rows, alt=chart.title) if rows else say.note("Nenhum artista com contagem bastante nos últimos 28 dias.")


def _releases(visit: Visit, found: ReportView) -> None:
    chart = found.chart("lancamentos")
    say.section(chart.title)
    if not chart.data:
        say.note("Nenhum lançamento ainda neste período; as críticas em volta de cada um aparecem aqui.")
    for n, row in enumerate(chart.data):
        say.line(f"{row['titulo']}, {row['artista']} (saiu em {row['data'][8:10]}/{row['data'][5:7]})")
        figures.around(row["pontos"], key=f"relatorio_lancamento_{n}", colour=colours(ground())[Category.CRITICISM])
    with st.expander("Lançamentos", icon=":material/album:"):
        releases.show(visit)


def _confidence(found: ReportView) -> None:
    chart = found.chart("confianca")
    say.section(chart.title)
    left, right = st.columns(2, gap="large")
    with left:
        bands = [row for row in chart.data if row["tipo"] == "faixa"]
        _table(
            [{"Certeza": _band(row), "Comentários": _said(row["total"])} for row in bands],
            alt="Comentários por certeza",
        )
    with right:
        states = [row for row in chart.data if row["tipo"] == "revisao"]
        _table(
            [{"Revisão": STATES[row["estado"]], "Comentários": _said(row["total"])} for row in states],
            alt="Comentários por estado de revisão",
        )


def _band(row: Mapping[str, Any]) -> str:
    return f"{number(row['de'] * 100)}% a {number(row['ate'] * 100)}%"


def _table(rows: Sequence[Mapping[str, str]], *, alt: str) -> None:
    st.dataframe(pd.DataFrame(list(rows)), hide_index=True, placeholder="", alt=alt)
