"""One comment with all that was said of it, and what a curator may do about it."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import pandas as pd
import streamlit as st

from alumusic.contract.comments import CommentDetails, CommentView
from alumusic.dashboard import say
from alumusic.dashboard.tag_names import tag_name
from alumusic.dashboard.visit import Visit, attempt
from alumusic.dashboard.words import CATEGORY_NAMES, ORIGIN_NAMES, STATUS_NAMES, listed, moment, percent, plain
from alumusic.domain.comments import MAX_TAGS, Category, Origin, Status
from alumusic.domain.tags import KNOWN_CODES

BADGES: Final = {
    Category.PRAISE: "green",
    Category.CRITICISM: "orange",
    Category.SUGGESTION: "blue",
    Category.QUESTION: "violet",
    Category.SPAM: "gray",
}
"""Streamlit's names for colours, which the theme gives the hues of the palette."""


def show(visit: Visit, comment_id: UUID) -> None:
    """The comment, read anew, so that nobody corrects what somebody else has just changed."""
    comment: CommentDetails | None = None
    with attempt():
        comment = visit.api.comment(comment_id)
    if comment is None:
        return
    with st.container(border=True):
        _head(comment)
        say.quoted(comment.text)
        _where_from(visit, comment)
        if visit.may_curate:
            _correction(visit, comment)
        _history(visit, comment)
        if visit.may_curate:
            _orders(visit, comment)


def badges(comment: CommentView) -> None:
    """Its class and its tags."""
    with st.container(horizontal=True, gap="xxsmall"):
        if comment.category is not None:
            st.badge(CATEGORY_NAMES[comment.category], color=BADGES[comment.category])  # type: ignore[arg-type]
        else:
            st.badge(STATUS_NAMES[comment.status], color="gray")
        for tag in comment.tags:
            st.badge(plain(tag_name(tag.code)), color="primary", help=plain(tag.explanation))


def _head(comment: CommentDetails) -> None:
    badges(comment)
    if comment.reviewed:
        say.note("Revisado por uma pessoa")
    elif comment.confidence is not None:
        doubt = " · vale a pena conferir" if comment.needs_review else ""
        say.note(f"Certeza de {percent(comment.confidence)}{doubt}")
    if comment.failure is not None:
        say.warning(comment.failure.sentence)
    elif comment.status is Status.PENDING and comment.waiting_for:
        say.info("Este comentário espera a vez: o provedor não respondeu bem, e ele será tentado de novo sozinho.")


def _where_from(visit: Visit, comment: CommentDetails) -> None:
    about = {
        "Artista": comment.artist, "Álbum": comment.album, "Música": comment.song,
        "Fonte": comment.source, "Autor(a)": comment.author, "Endereço": comment.url,
    }  # fmt: skip
    say.note(" · ".join([moment(comment.written_at, visit.zone), *(f"{k}: {v}" for k, v in about.items() if v)]))


def _correction(visit: Visit, comment: CommentDetails) -> None:
    with st.form(f"corrigir_{comment.id}", border=False):
        category = st.selectbox(
            "Classe certa",
            list(Category),
            index=list(Category).index(comment.category) if comment.category else None,
            format_func=CATEGORY_NAMES.__getitem__,
            placeholder="Escolha a classe",
            key=f"classe_{comment.id}",
        )
        tags = st.multiselect(
            f"Tags (até {MAX_TAGS})",
            list(KNOWN_CODES),
            default=[tag.code for tag in comment.tags if tag.code in KNOWN_CODES],
            format_func=tag_name,
            max_selections=MAX_TAGS,
            select_all=False,
            placeholder="Nenhuma tag",
            key=f"tags_{comment.id}",
        )
        label = "Confirmar ou corrigir" if not comment.reviewed else "Salvar correção"
        sent = st.form_submit_button(label, type="primary", icon=":material/check:", key=f"salvar_{comment.id}")
    if not sent:
        return
    if category is None:
        say.mistakes(["Escolha a classe antes de salvar."])
        return
    with attempt():
        visit.api.correct(comment.id, category=category, tags=tags)
        say.toast("Correção salva. Ela vale mais do que qualquer reprocessamento.")
        st.rerun()


def _history(visit: Visit, comment: CommentDetails) -> None:
    if not comment.history:
        say.note("Ainda não há classificação; ela aparece aqui assim que ficar pronta.")
        return
    history = tuple(reversed(comment.history))
    with st.expander(f"O que já se disse dele ({len(history)})", icon=":material/history:"):
        st.dataframe(
            pd.DataFrame(
                {
                    "Quando": [moment(opinion.at, visit.zone) for opinion in history],
                    "Classe": [CATEGORY_NAMES[opinion.category] for opinion in history],
                    "Certeza": [percent(opinion.confidence) for opinion in history],
                    "Tags": [", ".join(tag_name(tag.code) for tag in opinion.tags) for opinion in history],
                    "Quem": [_who(opinion.origin, opinion.by) for opinion in history],
                    "Modelo": [listed(filter(None, [opinion.model, opinion.prompt_version])) for opinion in history],
                }
            ),
            hide_index=True,
            placeholder="",
            alt="Histórico de classificações deste comentário",
        )


def _who(origin: str, by: str | None) -> str:
    return by or (ORIGIN_NAMES[Origin(origin)] if origin in ORIGIN_NAMES else origin)


def _orders(visit: Visit, comment: CommentDetails) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Reprocessar", icon=":material/replay:", key=f"reprocessar_{comment.id}", on_click=_rerun,
            args=(visit, comment.id), help="Pede ao modelo outra opinião. Correções de pessoas ficam como estão.",
        )  # fmt: skip
        if visit.is_admin:
            st.button(
                "Eliminar", icon=":material/delete:", key=f"eliminar_{comment.id}", on_click=_ask_to_erase,
                args=(comment.id,),
            )  # fmt: skip
        with st.popover("Link", icon=":material/link:", key=f"link_{comment.id}"):
            say.note("Este endereço abre só este comentário; copie-o para enviar a quem tem conta.")
            st.code(_address(comment.id), language=None)
    if st.session_state.get("apagar") == comment.id:
        _confirm_erasure(visit, comment.id)


def _address(comment_id: UUID) -> str:
    """Where the comment is found, also by somebody else."""
    return f"{st.context.url or ''}?{urlencode({'id': str(comment_id)})}"


def _rerun(visit: Visit, comment_id: UUID) -> None:
    with attempt():
        say.toast(visit.api.rerun(ids=[comment_id]).message)


def _ask_to_erase(comment_id: UUID) -> None:
    st.session_state["apagar"] = comment_id


def _confirm_erasure(visit: Visit, comment_id: UUID) -> None:
    say.warning(
        "Eliminar é para sempre: o texto, o histórico e as citações somem, e um novo envio não o traz de volta."
    )
    with st.container(horizontal=True, gap="small"):
        if st.button("Sim, eliminar para sempre", type="primary", key="apagar_sim"):
            st.session_state.pop("apagar", None)
            with attempt():
                visit.api.erase(comment_id)
                say.toast("Comentário eliminado.")
                st.query_params.pop("id", None)
                st.rerun()
        if st.button("Não, deixar como está", key="apagar_nao"):
            st.session_state.pop("apagar", None)
            st.rerun()
