"""Charts: one colour for each class everywhere, words under each axis, and a click leads to the comments behind it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal

import altair as alt
import pandas as pd
import streamlit as st

from alumusic.contract.reports import HIDDEN
from alumusic.dashboard import say
from alumusic.dashboard.components.ground import ground
from alumusic.dashboard.palette import colours
from alumusic.dashboard.words import CATEGORY_NAMES, CATEGORY_PLURALS, change, number, percent, plain
from alumusic.domain.comments import Category

CLICK: Final = "clique"
FIGURE_WIDTH: Final = 118
"""Pixels of one figure with its change."""
SPOKEN: Final = (Category.PRAISE, Category.CRITICISM, Category.SUGGESTION, Category.QUESTION)
"""The classes whose shares stand at the head of a page; SPAM is nobody's news."""
_GOOD_WHEN_MORE: Final[Mapping[Category, Literal["normal", "inverse"]]] = {
    Category.PRAISE: "normal",
    Category.CRITICISM: "inverse",
}
"""Of which classes more is good news, and of which it is bad; of the others it is only news."""
_NUMBERS: Final = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["R$ ", ""]}
_ON_AXES: Final = (
    "replace(replace('' + round(datum.value * 100) / 100, '.', ','), regexp('\\\\B(?=(\\\\d{3})+(?!\\\\d))', 'g'), '.')"
)
"""How a number of an axis is written, whatever language the browser speaks: 20.000 and 2,5."""
_QUIET_AXIS: Final = {"domain": False, "ticks": False, "title": None}


def volume(label: str, total: int, before: int, *, told: str) -> None:
    """How many comments, with the change against `before`; `told` says of when those were."""
    st.metric(
        plain(label),
        number(total),
        change(total, before) or "sem semana anterior",
        delta_color="off",
        help=f"{plain(told)}: {number(before)}.",
        width=FIGURE_WIDTH,
    )


def share_of_class(category: Category, shown: str, moved: str | None, *, told: str) -> None:
    """The share of a class with its change in points; `told` says how many that are, and of when."""
    st.metric(
        CATEGORY_PLURALS[category],
        shown,
        moved,
        delta_color=_GOOD_WHEN_MORE.get(category, "off"),
        help=f"{plain(told)}; a variação é em pontos percentuais.",
        width=FIGURE_WIDTH,
    )


def classes_by_day(days: Sequence[tuple[date, Mapping[Category, int]]], *, key: str) -> Mapping[str, Any] | None:
    """Stacked bars, one for each day; the day and class that were clicked."""
    rows = [
        {"dia": day.isoformat(), "classe": CATEGORY_PLURALS[category], "ordem": rank, "n": counts.get(category, 0)}
        for day, counts in days
        for rank, category in enumerate(Category)
    ]
    chart = _bars(pd.DataFrame(rows)).encode(
        x=_days(),
        y=alt.Y("n:Q", axis=_numbers()),
        color=_class_colours(),
        order=alt.Order("ordem:O"),
        tooltip=[
            alt.Tooltip("dia:O", title="Dia"),
            alt.Tooltip("classe:N", title="Classe"),
            alt.Tooltip("n:Q", title="Comentários", format=","),
        ],
    )
    return _clicked(chart, ["dia", "classe"], key=key, height=260, alt="Comentários por dia e classe")


def class_rows(counts: Mapping[Category, int | None]) -> list[dict[str, Any]]:
    """A row for each class with what stands beside its bar; None is a number that may not be shown.

    Where one may not, nobody knows the whole, and shares of it would tell.
    """
    known = {category: counts.get(category, 0) for category in Category}
    shown = [n for n in known.values() if n is not None]
    whole = max(1, sum(shown)) if len(shown) == len(known) else None

    def label(n: int | None) -> str:
        if n is None:
            return HIDDEN
        return number(n) if whole is None else f"{number(n)}  ({percent(n / whole)})"

    return [{"classe": CATEGORY_NAMES[category], "n": n or 0, "rotulo": label(n)} for category, n in known.items()]


def classes(counts: Mapping[Category, int | None], *, key: str, clickable: bool = True) -> Mapping[str, Any] | None:
    """One bar for each class, with its number; the class that was clicked."""
    rows = class_rows(counts)
    most = max(1, *(row["n"] for row in rows))
    hues = colours(ground())
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y("classe:N", sort=None, axis=_axis(labelPadding=6)),
        x=alt.X("n:Q", axis=None, scale=alt.Scale(domainMax=most * 1.25)),
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height=18, cursor="pointer" if clickable else "default").encode(
        color=alt.Color(
            "classe:N",
            legend=None,
            scale=alt.Scale(domain=[CATEGORY_NAMES[one] for one in Category], range=[hues[one] for one in Category]),
        ),
        tooltip=[alt.Tooltip("classe:N", title="Classe"), alt.Tooltip("rotulo:N", title="Comentários")],
    )
    labels = base.mark_text(align="left", dx=6).encode(text="rotulo:N", color=alt.value(_ink()))
    if not clickable:
        _drawn(bars + labels, key=key, height=170, alt="Comentários por classe")
        return None
    return _clicked(bars, ["classe"], key=key, height=170, alt="Comentários por classe", over=labels)


def ranking(
    rows: Sequence[Mapping[str, Any]], *, key: str, name: str, value: str, label: str, colour: str, alt_text: str
) -> Mapping[str, Any] | None:
    """One bar for each row, in the order given; the row that was clicked."""
    frame = pd.DataFrame(list(rows))
    base = alt.Chart(frame).encode(
        y=alt.Y(f"{name}:N", sort=None, axis=_axis(labelLimit=190, labelPadding=6)),
        x=alt.X(f"{value}:Q", axis=None, scale=alt.Scale(domainMax=float(frame[value].max() or 1) * 1.45, domainMin=0)),
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height=16, color=colour, cursor="pointer").encode(
        tooltip=[alt.Tooltip(f"{name}:N", title=" "), alt.Tooltip(f"{label}:N", title=" ")]
    )
    labels = base.mark_text(align="left", dx=6).encode(text=f"{label}:N", color=alt.value(_ink()))
    return _clicked(bars, [name], key=key, height=30 + 26 * len(frame), alt=alt_text, over=labels)


def line(rows: Sequence[Mapping[str, Any]], *, key: str, y_title: str, colour: str, alt_text: str) -> None:
    """A line over days: rows have `dia` (ISO) and `valor` (None for a gap)."""
    frame = pd.DataFrame(list(rows))
    chart = (
        alt.Chart(frame)
        .mark_line(color=colour, point=alt.OverlayMarkDef(color=colour, size=40), strokeWidth=2)
        .encode(
            x=_days(),
            y=alt.Y("valor:Q", axis=_numbers(), scale=alt.Scale(zero=True)),
            tooltip=[
                alt.Tooltip("dia:O", title="Dia"),
                alt.Tooltip("valor:Q", title=y_title, format=",.1f"),
            ],
        )
    )
    _drawn(chart, key=key, height=220, alt=alt_text)


def around(points: Sequence[Mapping[str, Any]], *, key: str, colour: str) -> None:
    """Critiques around a release: points have `dia` (0 is the day of the release) and `criticas` (None is hidden)."""
    if all(point["criticas"] is None for point in points):
        say.note("Ainda não há contagem bastante para mostrar.")
        return
    frame = pd.DataFrame(list(points))
    line = (
        alt.Chart(frame)
        .mark_line(color=colour, point=alt.OverlayMarkDef(color=colour, size=35), strokeWidth=2)
        .encode(
            x=alt.X("dia:Q", axis=_axis(grid=False, title="dias desde o lançamento", tickMinStep=1)),
            y=alt.Y("criticas:Q", axis=_numbers()),
            tooltip=[
                alt.Tooltip("dia:Q", title="Dias desde o lançamento"),
                alt.Tooltip("criticas:Q", title="Críticas"),
            ],
        )
    )
    release = alt.Chart(pd.DataFrame({"dia": [0]})).mark_rule(strokeDash=[4, 4], color=_ink()).encode(x="dia:Q")
    _drawn(release + line, key=key, height=180, alt="Críticas em volta do lançamento")


def _days() -> alt.X:
    """Days by their names: as moments they would move with the browser's clock, often to the day before."""
    shown = "slice(datum.label, 8, 10) + '/' + slice(datum.label, 5, 7)"
    return alt.X("dia:O", sort=None, axis=_axis(labelExpr=shown, labelAngle=0, labelOverlap="greedy", grid=False))


def _numbers() -> alt.Axis:
    return _axis(grid=True, tickCount=4, labelExpr=_ON_AXES)


def _axis(**options: Any) -> alt.Axis:
    return alt.Axis(**{**_QUIET_AXIS, **options})


def _bars(frame: pd.DataFrame) -> alt.Chart:
    chart: alt.Chart = alt.Chart(frame).mark_bar(cursor="pointer")
    return chart


def _class_colours() -> alt.Color:
    hues = colours(ground())
    scale = alt.Scale(domain=[CATEGORY_PLURALS[one] for one in Category], range=[hues[one] for one in Category])
    return alt.Color("classe:N", scale=scale, legend=alt.Legend(title=None, orient="top", columns=3))


def _ink() -> str:
    return "#C9CFDA" if ground() == "dark" else "#4A4D5E"


def _drawn(chart: alt.Chart | alt.LayerChart, *, key: str, height: int, alt: str) -> None:
    shown = chart.properties(height=height, usermeta=_locale())
    st.altair_chart(shown, width="stretch", key=key, alt=alt)


def _clicked(
    chart: alt.Chart, fields: list[str], *, key: str, height: int, alt: str, over: alt.Chart | None = None
) -> Mapping[str, Any] | None:
    """Draw it; what was clicked, or None."""
    selection = _selection(fields)
    marked = chart.add_params(selection)
    shown = (marked if over is None else marked + over).properties(height=height, usermeta=_locale())
    state = st.altair_chart(shown, width="stretch", key=key, on_select="rerun", selection_mode=CLICK, alt=alt)
    chosen = state["selection"].get(CLICK) or []
    return dict(chosen[0]) if chosen else None


def _selection(fields: list[str]) -> alt.Parameter:
    return alt.selection_point(name=CLICK, fields=fields, toggle=False)


def _locale() -> dict[str, Any]:
    return {"embedOptions": {"formatLocale": _NUMBERS}}
