"""Visão geral: what is going on, at a glance; a click on anything leads to the comments behind it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import streamlit as st

from alumusic.contract.overview import OverviewView, PeriodView, RisingView
from alumusic.dashboard import say
from alumusic.dashboard.components import figures, go, queue_state
from alumusic.dashboard.components.figures import FIGURE_WIDTH, SPOKEN
from alumusic.dashboard.components.ground import ground
from alumusic.dashboard.palette import colours
from alumusic.dashboard.tag_names import tag_name
from alumusic.dashboard.visit import present
from alumusic.dashboard.words import (
    CATEGORY_NAMES,
    CATEGORY_PLURALS,
    counted,
    moment,
    number,
    percent,
    plain,
    points,
    share,
    short_day,
)
from alumusic.domain.comments import Category

_BY_PLURAL: Final = {name: category for category, name in CATEGORY_PLURALS.items()}
_MOST_RISES: Final = 6


def show() -> None:
    """The page."""
    visit = present()
    found = visit.api.overview()
    say.title(
        "Visão geral", f"Dias contados no fuso {found.zone} · atualizado em {moment(found.updated_at, visit.zone)}"
    )
    queue_state.line(found.queue, zone=visit.zone)
    if found.first_day is None:
        say.empty(
            "Nada classificado ainda",
            "Envie um arquivo ou cole alguns comentários; os números e gráficos desta página nascem deles.",
        )
        go.link(go.SENDING, "Enviar comentários", icon=":material/upload_file:")
        return
    _figures(found)
    _days(found)
    left, right = st.columns(2, gap="large")
    with left:
        _tags(found)
    with right:
        _artists(found)
    _rising(found)


# --- figures --------------------------------------------------------------------------------------------------


def _figures(found: OverviewView) -> None:
    today, week = found.today, found.week
    # Side by side, and on a phone two or three in a row.
    with st.container(horizontal=True, gap="small"):
        st.metric(
            "Hoje",
            number(today.total),
            f"ontem: {number(today.before)}",
            delta_color="off",
            delta_arrow="off",
            width=FIGURE_WIDTH,
        )
        figures.volume("Últimos 7 dias", week.total, week.before, told="Nos 7 dias anteriores")
        for category in SPOKEN:
            _category_figure(week, category)


def _category_figure(week: PeriodView, category: Category) -> None:
    now = share(week.counts[category], week.total)
    before = share(week.counts_before[category], week.before)
    figures.share_of_class(
        category,
        percent(now),
        points(now, before) if week.before else None,
        told=f"{number(week.counts[category])} nos últimos 7 dias",
    )


# --- charts ---------------------------------------------------------------------------------------------------


def _days(found: OverviewView) -> None:
    say.section("Classes por dia", "Os últimos 28 dias. Clique em uma barra para ler os comentários.")
    clicked = figures.classes_by_day([(one.day, one.counts) for one in found.days], key="dias")
    if clicked is not None:
        params: dict[str, str | list[str]] = {"category": [_BY_PLURAL[clicked["classe"]].value]}
        day = _day_of(clicked["dia"])
        go.to(go.HISTORY, params | ({"de": day, "ate": day} if day else {}))


def _day_of(value: object) -> str | None:
    try:
        return str(date.fromisoformat(str(value)[:10]))
    except ValueError:
        return None


def _tags(found: OverviewView) -> None:
    say.section("Do que mais se fala", "Tags dos últimos 7 dias (e dos 7 anteriores), sem spam. Clique para ler.")
    if not found.tags:
        say.note("Nenhuma tag nos últimos 7 dias.")
        return
    codes = {tag_name(tag.code): tag.code for tag in found.tags}
    rows = [
        {"tag": tag_name(tag.code), "n": tag.total, "rotulo": f"{number(tag.total)}  (antes {number(tag.before)})"}
        for tag in found.tags
    ]
    accent = "#A38BFF" if ground() == "dark" else "#5B3FD1"
    _leads(
        figures.ranking(
            rows, key="tags", name="tag", value="n", label="rotulo", colour=accent, alt_text="Tags mais citadas"
        ),
        lambda row: {"tag": [codes[row["tag"]]], "de": found.week.first.isoformat()},
    )


def _artists(found: OverviewView) -> None:
    say.section("Quanto se critica cada artista", "Parte de críticas em 28 dias, dos mais comentados. Clique para ler.")
    if not found.artists:
        say.note("Nenhum comentário diz o artista. Preencha o artista ao enviar, ou inclua uma coluna no arquivo.")
        return
    ordered = sorted(found.artists, key=lambda one: -share(one.criticism, one.total))
    rows = [
        {
            "artista": one.name,
            "parte": share(one.criticism, one.total),
            "rotulo": f"{percent(share(one.criticism, one.total))}  de {number(one.total)}",
        }
        for one in ordered
    ]
    _leads(
        figures.ranking(
            rows,
            key="artistas_criticas",
            name="artista",
            value="parte",
            label="rotulo",
            colour=colours(ground())[Category.CRITICISM],
            alt_text="Parte de críticas por artista",
        ),
        lambda row: {
            "artista": row["artista"],
            "category": [Category.CRITICISM.value],
            "de": found.days[0].day.isoformat(),
        },
    )


def _leads(
    clicked: Mapping[str, Any] | None, params: Callable[[Mapping[str, Any]], Mapping[str, str | list[str]]]
) -> None:
    if clicked is not None:
        go.to(go.HISTORY, params(clicked))


# --- what is rising -------------------------------------------------------------------------------------------


def _rising(found: OverviewView) -> None:
    say.section("Em alta", "O que apareceu mais do que as oito semanas anteriores deixavam esperar.")
    if not found.can_tell_rises:
        say.note(
            f"Ainda é cedo para dizer: são precisos 14 dias com comentários, e há {number(found.days_of_history)}."
        )
        return
    if not found.rising:
        say.note("Nada fora do comum, hoje nem ontem.")
        return
    for rise in found.rising[:_MOST_RISES]:
        _rise(rise)


def _rise(rise: RisingView) -> None:
    about = f" em “{tag_name(rise.code)}”" if rise.code else ""
    name = CATEGORY_PLURALS[rise.category] if rise.code is None else CATEGORY_NAMES[rise.category]
    usual = number(rise.expected, decimals=0 if rise.expected >= 1 else 1)
    many = counted(rise.total, "comentário", "comentários")
    said = f"{name}{about}: {many} em {short_day(rise.day)}, onde se esperavam {usual}"
    params: dict[str, str | list[str]] = {"category": [rise.category.value], "de": str(rise.day), "ate": str(rise.day)}
    go.link(
        go.HISTORY,
        plain(said),
        icon=":material/trending_up:",
        params=params | ({"tag": [rise.code]} if rise.code else {}),
    )
