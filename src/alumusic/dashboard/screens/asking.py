"""Perguntar: a question in one's own words, answered from the comments of eight weeks, with the ones it rests on."""

from typing import Final

import streamlit as st

from alumusic.contract.questions import AnswerView
from alumusic.dashboard import say
from alumusic.dashboard.components import quotes
from alumusic.dashboard.visit import attempt, present
from alumusic.dashboard.words import listed, plain

_ASKED: Final = "perguntas"
_MOST_KEPT: Final = 10
_EXAMPLES: Final = (
    "O que mais criticaram no som dos shows?",
    "Que sugestões fizeram para o aplicativo?",
    "Do que as pessoas mais gostaram?",
)


def show() -> None:
    """The page."""
    visit = present()
    say.title("Perguntar", "A resposta usa os comentários das últimas 8 semanas e diz quando eles não bastam.")
    with (
        st.form("pergunta", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        text = st.text_input(
            "Sua pergunta", max_chars=500, key="pergunta_texto", placeholder=_EXAMPLES[0], label_visibility="collapsed"
        )
        sent = st.form_submit_button("Perguntar", type="primary", icon=":material/send:", key="pergunta_enviar")
    example = None
    if _ASKED not in st.session_state:
        say.note("Por exemplo:")
        example = next((text for n, text in enumerate(_EXAMPLES) if st.button(text, key=f"exemplo_{n}")), None)
    question = example or ((text or "").strip() if sent else "")
    if sent and not question:
        say.mistakes(["Escreva a pergunta antes de enviar."])
    if question:
        with attempt(), st.spinner("Lendo os comentários…"):
            kept = st.session_state.get(_ASKED, [])
            st.session_state[_ASKED] = [(question, visit.api.question(question)), *kept][:_MOST_KEPT]
            st.rerun()
    for n, (asked, answer) in enumerate(st.session_state.get(_ASKED, [])):
        _answer(asked, answer, key=f"resposta_{len(st.session_state[_ASKED]) - n}")


def _answer(question: str, answer: AnswerView, *, key: str) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(question)}**")
        if not answer.answered:
            say.note("Os comentários não bastam para responder; isto é o que há:")
        for paragraph in filter(None, (part.strip() for part in answer.text.split("\n"))):
            st.markdown(plain(paragraph))
        made = "por um modelo de linguagem" if answer.origin == "llm" else "a partir dos números"
        weeks = f" · semanas {listed(answer.weeks)}" if answer.weeks else ""
        say.note(f"Texto gerado {made}{weeks}")
        quotes.show(answer.comments, key=key)
