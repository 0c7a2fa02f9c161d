"""Histórico: find comments, read them, put them right, take them away as a file."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from alumusic.contract.comments import CommentPage
from alumusic.dashboard import say
from alumusic.dashboard.components import details, filters, go, table
from alumusic.dashboard.routes import EXPORT_PATH
from alumusic.dashboard.visit import Visit, attempt, present
from alumusic.dashboard.words import counted, number

PAGE_SIZE: Final = 50
_EXPORTS: Final = {
    "CSV": {"format": "csv"},
    "CSV para planilha brasileira (Excel)": {"format": "csv", "excel": "true"},
    "JSON": {"format": "json"},
    "JSON Lines (uma linha por comentário)": {"format": "ndjson"},
}


def show() -> None:
    """The page."""
    visit = present()
    orders = "leia, corrija e exporte" if visit.may_curate else "e leia"
    say.title("Histórico", f"Encontre comentários, {orders}. O endereço desta página guarda os filtros.")
    single = _single()
    if single is not None:
        if st.button("Voltar à lista", icon=":material/arrow_back:", key="voltar"):
            st.query_params.pop("id", None)
            st.rerun()
        details.show(visit, single)
        return
    params = filters.show(artists=_artists(visit))
    if filters.is_backwards(params):
        say.mistakes(["A data inicial é depois da final; troque uma delas."])
        return
    page = _page(visit, params)
    if page is None:
        return
    if not page.comments:
        _nothing(params)
        return
    _above(visit, params, page)
    _list_and_details(visit, params, page)


def _single() -> UUID | None:
    try:
        return UUID(st.query_params.get("id", ""))
    except ValueError:
        return None


def _artists(visit: Visit) -> tuple[str, ...]:
    """Artists to choose from, asked once for each session: the list is long, and changes slowly."""
    if "artistas" not in st.session_state:
        st.session_state["artistas"] = visit.api.artists().names
    names: tuple[str, ...] = st.session_state["artistas"]
    return names


def _cursors(params: filters.Params) -> list[str]:
    """Where each page so far began; another filter begins at the first."""
    kept = st.session_state.get("cursors")
    if kept is None or kept[0] != params:
        kept = (params, [])
        st.session_state["cursors"] = kept
    trail: list[str] = kept[1]
    return trail


def _page(visit: Visit, params: filters.Params) -> CommentPage | None:
    trail = _cursors(params)
    with attempt():
        return visit.api.comments(params, limit=PAGE_SIZE, cursor=trail[-1] if trail else None)
    return None


def _nothing(params: filters.Params) -> None:
    if filters.without_order(params):
        say.empty("Nenhum comentário com estes filtros", "Tire um filtro, ou procure menos palavras.")
        return
    say.empty("Ainda não há comentários", "Envie um arquivo ou cole alguns textos: em segundos eles aparecem aqui.")
    go.link(go.SENDING, "Enviar comentários", icon=":material/upload_file:")


def _above(visit: Visit, params: filters.Params, page: CommentPage) -> None:
    total = counted(page.total, "comentário", "comentários")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{total}**" if page.exact else f"**mais de {total}**")
        with st.container(horizontal=True, width="content", gap="small"):
            if visit.may_curate:
                _rerun_all(visit, params)
                _exports(params)


def _exports(params: filters.Params) -> None:
    with st.popover("Exportar", icon=":material/download:", key="exportar"):
        say.note("Baixa tudo o que os filtros mostram, não só esta página.")
        for label, form in _EXPORTS.items():
            query = urlencode({**params, **form}, doseq=True)
            st.link_button(label, f"{EXPORT_PATH}?{query}", width="stretch", key=f"exportar_{'_'.join(form.values())}")


def _rerun_all(visit: Visit, params: filters.Params) -> None:
    with st.popover("Reprocessar", icon=":material/replay:", key="reprocessar_tudo"):
        chosen = filters.without_order(params)
        say.note("Pede outra opinião ao modelo sobre tudo o que os filtros mostram. Correções de pessoas ficam.")
        if st.button("Ver quantos seriam", key="reprocessar_simular"):
            with attempt():
                found = visit.api.rerun(filters=chosen, rehearse=True)
                cost = f" Custo estimado: US$ {number(found.estimated_cost_usd, decimals=2)}."
                say.info(found.message + (cost if found.estimated_cost_usd else " Sem custo: o modelo é local."))
        if st.button("Reprocessar agora", type="primary", key="reprocessar_agora"):
            with attempt():
                done = visit.api.rerun(filters=chosen)
                say.done(done.message)
                if done.task_id is not None:
                    go.link(go.SENDING, "Acompanhar", params={"tarefa": str(done.task_id)})


def _list_and_details(visit: Visit, params: filters.Params, page: CommentPage) -> None:
    trail = _cursors(params)
    key = f"tabela_{hash(str(params))}_{len(trail)}"
    is_chosen = table.chosen_row(st.session_state.get(key, {})) is not None
    left, right = st.columns([3, 2]) if is_chosen else (st.container(), None)
    with left:
        comment = table.chosen_comment(page.comments, zone=visit.zone, key=key, narrow=is_chosen)
        _paging(params, page)
    if right is None:
        more = " e corrigi-lo" if visit.may_curate else ""
        say.note(f"Clique em uma linha para ver tudo sobre o comentário{more}.")
    elif comment is not None:
        with right:
            details.show(visit, comment.id)


def _paging(params: filters.Params, page: CommentPage) -> None:
    trail = _cursors(params)
    if not trail and page.next_cursor is None:
        return
    first = len(trail) * PAGE_SIZE + 1
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button("Anteriores", icon=":material/chevron_left:", disabled=not trail, key="anteriores"):
            trail.pop()
            st.rerun()
        st.caption(f"{number(first)} a {number(first + len(page.comments) - 1)}")
        if st.button("Próximos", icon=":material/chevron_right:", disabled=page.next_cursor is None, key="proximos"):
            trail.append(page.next_cursor or "")
            st.rerun()
