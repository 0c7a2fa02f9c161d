"""Revisão: the comments that the model is least sure of, one keystroke each."""

from typing import Any, Final
from uuid import UUID

import pandas as pd
import streamlit as st

from alumusic.contract.review import AgreementView, ReviewView
from alumusic.dashboard import say
from alumusic.dashboard.components import go
from alumusic.dashboard.tag_names import tag_name
from alumusic.dashboard.visit import Visit, attempt, present
from alumusic.dashboard.words import CATEGORY_NAMES, counted, number, percent
from alumusic.domain.comments import MAX_TAGS, Category
from alumusic.domain.tags import KNOWN_CODES

_READINGS: Final = {"primeira": "Os mais incertos", "segunda": "Segunda opinião"}
_QUEUE: Final = "revisao_fila"
_SKIPPED: Final = "revisao_puladas"
_LAST: Final = "revisao_ultima"
_COUNTS: Final = "revisao_contagem"


def show() -> None:
    """The page."""
    visit = present()
    say.title("Revisão", "Um comentário por vez, do mais incerto ao menos. A sua palavra vale mais do que a do modelo.")
    reading = st.segmented_control(
        "Fila", list(_READINGS), format_func=_READINGS.__getitem__, default="primeira", required=True,
        label_visibility="collapsed", key="revisao_leitura", on_change=_start_over,
    )  # fmt: skip
    comment = _next(visit, reading)
    if comment is None:
        _nothing(reading)
    else:
        _card(visit, comment, reading)
    _agreement(visit)


def _start_over() -> None:
    for key in (_QUEUE, _SKIPPED, _LAST):
        st.session_state.pop(key, None)


def _next(visit: Visit, reading: str) -> ReviewView | None:
    """The comment to look at; the queue is asked for twenty at a time."""
    if not st.session_state.get(_QUEUE):
        skipped: set[UUID] = st.session_state.setdefault(_SKIPPED, set())
        found = visit.api.review_queue(reading=reading, limit=min(200, 20 + len(skipped)))
        st.session_state[_QUEUE] = [comment for comment in found.comments if comment.id not in skipped]
        st.session_state[_COUNTS] = (found.waiting, found.reviewed)
    queue: list[ReviewView] = st.session_state[_QUEUE]
    return queue[0] if queue else None


def _nothing(reading: str) -> None:
    if st.session_state.get(_SKIPPED):
        say.empty("Só restam os que você pulou", "Volte a eles quando quiser.")
        st.button("Ver os pulados", icon=":material/undo:", on_click=_start_over, key="revisao_pulados")
    elif reading == "segunda":
        say.empty("Nada para uma segunda opinião", "Aqui aparecem comentários que outra pessoa já revisou.")
    else:
        say.empty("Tudo revisado!", "Não há comentário incerto à espera. Quando chegarem outros, eles aparecem aqui.")


def _card(visit: Visit, comment: ReviewView, reading: str) -> None:
    waiting, reviewed = st.session_state.get(_COUNTS, (0, 0))
    if reading == "primeira":
        done = counted(reviewed, "já revisado", "já revisados")
        say.note(f"{counted(waiting, 'espera revisão', 'esperam revisão')} · {done}")
    with st.container(border=True, key="revisao_cartao"):
        say.quoted(comment.text)
        say.note(_about(comment, reading))
        tags = st.multiselect(
            f"Tags (até {MAX_TAGS})", list(KNOWN_CODES), format_func=tag_name, max_selections=MAX_TAGS,
            default=[] if reading == "segunda" else [tag.code for tag in comment.tags if tag.code in KNOWN_CODES],
            placeholder="Nenhuma tag", key=f"revisao_tags_{comment.id}", select_all=False,
        )  # fmt: skip
        _buttons(visit, comment, tags, reading)
    guess = " A classe em destaque é o palpite do modelo: a tecla dela confirma." if reading == "primeira" else ""
    say.note("Teclas: 1 a 5 dizem a classe, P pula." + guess)
    last = st.session_state.get(_LAST)
    if last:
        go.link(go.HISTORY, "Rever o anterior", icon=":material/undo:", params={"id": str(last)})


def _about(comment: ReviewView, reading: str) -> str:
    """What the model says, where it may be said, and whom the comment is about."""
    artist = comment.artist or "sem artista"
    if reading == "segunda":
        return artist
    return f"O modelo diz {CATEGORY_NAMES[comment.category]}, com {percent(comment.confidence)} de certeza · {artist}"


def _buttons(visit: Visit, comment: ReviewView, tags: list[str], reading: str) -> None:
    with st.container(horizontal=True, gap="small"):
        for digit, category in enumerate(Category, start=1):
            is_guess = category is comment.category and reading == "primeira"
            st.button(
                CATEGORY_NAMES[category], shortcut=str(digit), type="primary" if is_guess else "secondary",
                on_click=_say, args=(visit, comment, category, tags, reading), key=f"revisao_{digit}",
            )  # fmt: skip
        st.button("Pular", shortcut="P", type="tertiary", on_click=_skip, args=(comment,), key="revisao_pular")


def _say(visit: Visit, comment: ReviewView, category: Category, tags: list[str], reading: str) -> None:
    same = category is comment.category and tags == [tag.code for tag in comment.tags]
    # A second opinion is given without the first one in sight: it is never a confirmation.
    said: dict[str, Any] = (
        {"confirmar": True} if same and reading == "primeira" else {"categoria": category.value, "tags": tags}
    )
    with attempt():
        answer = visit.api.review(comment.id, said | {"leitura": reading})
        st.session_state[_COUNTS] = (answer.waiting, st.session_state.get(_COUNTS, (0, 0))[1] + 1)
        st.session_state[_LAST] = comment.id
        say.toast(f"{CATEGORY_NAMES[answer.category]}: {'confirmado' if answer.confirmed else 'anotado'}.")
        _drop(comment)


def _skip(comment: ReviewView) -> None:
    st.session_state.setdefault(_SKIPPED, set()).add(comment.id)
    _drop(comment)


def _drop(comment: ReviewView) -> None:
    st.session_state[_QUEUE] = [one for one in st.session_state.get(_QUEUE, []) if one.id != comment.id]


# --- how far readers agree --------------------------------------------------------------------------------------


def _agreement(visit: Visit) -> None:
    opened = st.expander("Quanto concordamos", icon=":material/handshake:", key="concordancia", on_change="rerun")
    if not opened.open:
        return
    with opened:
        say.note("O κ de Cohen desconta o acaso: acima de 0,6 é boa concordância, acima de 0,8 é ótima.")
        with attempt():
            found = visit.api.agreement()
            _agreement_table("Curadoria e modelo", found.with_model)
            _agreement_table("Entre curadores", found.between_curators)


def _agreement_table(title: str, rows: tuple[AgreementView, ...]) -> None:
    say.line(title)
    if not rows:
        say.note("Ainda não há revisões que se possam comparar.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "Semana": [row.week for row in rows],
                "Quem": [" e ".join(row.readers) for row in rows],
                "Comentários": [number(row.n) for row in rows],
                "Concordam": [percent(row.agreed / row.n if row.n else 0) for row in rows],
                "κ": ["" if row.kappa is None else number(row.kappa, decimals=2) for row in rows],
            }
        ),
        hide_index=True,
        placeholder="",
        alt=title,
    )
