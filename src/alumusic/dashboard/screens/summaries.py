"""Resumos: what a week was about, with the comments that say so one click away."""

from datetime import datetime
from typing import Final

import streamlit as st

from alumusic.contract.summaries import SummaryView
from alumusic.dashboard import say
from alumusic.dashboard.components import figures, go, quotes
from alumusic.dashboard.components.figures import SPOKEN
from alumusic.dashboard.tag_names import tag_name
from alumusic.dashboard.visit import Visit, attempt, present
from alumusic.dashboard.words import (
    CATEGORY_NAMES,
    counted,
    moment,
    number,
    plain,
    points,
    short_day,
)

_WAITED: Final = "resumo_pedido"
_EVERY_SECONDS: Final = 2.0
_PATIENCE_SECONDS: Final = 120
_ORIGINS: Final = {
    "local": "escrito pelo modelo local, a partir dos números",
    "llm": "escrito por um modelo de linguagem",
}


def show() -> None:
    """The page."""
    visit = present()
    say.title("Resumos da semana", "Todo número vem da contagem, e toda frase mostra os comentários em que se apoia.")
    summaries = visit.api.summaries().summaries
    _waiting(visit)
    if not summaries:
        _first(visit)
        return
    weeks = {one.week: one for one in summaries}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        week = st.selectbox(
            "Semana", list(weeks), format_func=lambda name: _named(weeks[name]), key="resumo_semana", width=320
        )
        summary = weeks[week]
        st.download_button(
            "Baixar (Markdown)", summary.text, file_name=f"resumo-{week}.md", mime="text/markdown",
            icon=":material/download:", on_click="ignore", key="resumo_baixar",
        )  # fmt: skip
        if visit.may_curate and st.button("Gerar de novo", icon=":material/refresh:", key="resumo_gerar"):
            _ask(visit, week, summary.generated_at)
    _summary(visit, summary)


def _named(summary: SummaryView) -> str:
    partial = " (em curso)" if summary.partial else ""
    return f"{short_day(summary.first)} a {short_day(summary.last)} · {summary.week}{partial}"


def _first(visit: Visit) -> None:
    say.empty("Ainda não há resumo", "O primeiro nasce sozinho quando uma semana com comentários termina.")
    if visit.may_curate and st.button("Gerar agora", type="primary", icon=":material/bolt:", key="resumo_gerar"):
        _ask(visit, None, None)


def _ask(visit: Visit, week: str | None, before: datetime | None) -> None:
    with attempt():
        receipt = visit.api.summarize(week)
        st.session_state[_WAITED] = (receipt.week, before, datetime.now(visit.zone))
        st.rerun()


def _waiting(visit: Visit) -> None:
    if _WAITED in st.session_state:
        _look(visit)


@st.fragment(run_every=_EVERY_SECONDS)
def _look(visit: Visit) -> None:
    """Look whether the summary that somebody asked for is there."""
    if _WAITED not in st.session_state:
        st.rerun()
    week, before, since = st.session_state[_WAITED]
    with attempt():
        found = {one.week: one.generated_at for one in visit.api.summaries().summaries}
        if week in found and found[week] != before:
            del st.session_state[_WAITED]
            say.toast(f"O resumo da semana {week} está pronto.")
            st.rerun()
    if (datetime.now(visit.zone) - since).total_seconds() > _PATIENCE_SECONDS:
        say.warning("O resumo está demorando, mas continua na fila: volte daqui a pouco.")
        return
    say.info(f"Escrevendo o resumo da semana {week}… leva alguns segundos.")


def _summary(visit: Visit, summary: SummaryView) -> None:
    _figures(summary)
    for n, highlight in enumerate(summary.highlights):
        with st.container(border=True):
            st.markdown(plain(highlight.sentence))
            quotes.show(highlight.comments, key=f"destaque_{summary.week}_{n}")
    if not summary.highlights:
        say.note("Esta semana não teve comentários bastantes para um destaque.")
    _tags(summary)
    _made(visit, summary)


def _figures(summary: SummaryView) -> None:
    found = summary.figures
    with st.container(horizontal=True, gap="small"):
        figures.volume("Comentários", found.total, found.total_before, told="Na semana anterior")
        for category in SPOKEN:
            moved = found.change.get(category)
            figures.share_of_class(
                category,
                f"{number(found.shares.get(category, 0))}%",
                None if moved is None else points(moved / 100, 0),
                told=f"{number(found.by_category.get(category, 0))} na semana",
            )


def _tags(summary: SummaryView) -> None:
    dates: dict[str, str | list[str]] = {"de": str(summary.first), "ate": str(summary.last)}
    rising = summary.figures.rising
    if rising:
        say.section("O que subiu")
        for one in rising:
            new = " (assunto novo)" if one.new else ""
            usual = number(one.expected, decimals=0 if one.expected >= 1 else 1)
            about = f"{CATEGORY_NAMES[one.category]} em “{tag_name(one.code)}”{new}"
            said = f"{about}: {number(one.total)}, onde se esperavam {usual}"
            go.link(
                go.HISTORY, plain(said), icon=":material/trending_up:",
                params=dates | {"category": [one.category.value], "tag": [one.code]},
            )  # fmt: skip
    if summary.figures.tags:
        say.section("Do que se falou")
        with st.container(horizontal=True, gap="small"):
            for tag in summary.figures.tags:
                label = f"{plain(tag_name(tag.code))}: {number(tag.total)} (antes {number(tag.before)})"
                go.link(go.HISTORY, label, icon=":material/label:", params=dates | {"tag": [tag.code]})


def _made(visit: Visit, summary: SummaryView) -> None:
    covered, dropped = summary.coverage, summary.dropped
    parts = [
        f"Texto gerado em {moment(summary.generated_at, visit.zone)}",
        f"{_ORIGINS.get(summary.origin, summary.origin)} ({summary.model})",
        f"{number(covered.considered)} de {counted(covered.comments, 'comentário lido', 'comentários lidos')}",
        f"{counted(dropped, 'frase descartada', 'frases descartadas')} por falta de evidência" if dropped else "",
        f"{number(covered.waiting)} ainda sem classe" if covered.waiting else "",
    ]
    say.note(" · ".join(filter(None, parts)))
