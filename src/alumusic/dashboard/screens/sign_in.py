"""The door: signing in, and making an account."""

import streamlit as st

from alumusic.dashboard import say
from alumusic.dashboard.backend import current
from alumusic.dashboard.visit import attempt, enter, farewell

_TO_SIGN_IN = "Entrar"
_TO_REGISTER = "Criar conta"


def show() -> None:
    """The page that strangers see, whatever they asked for."""
    with st.container(horizontal_alignment="center"), st.container(key="porta", width=460):
        st.title("AluMusic Insights", anchor=False)
        st.caption("O que os ouvintes elogiam, criticam, sugerem e perguntam, em um só lugar.")
        said = farewell()
        if said:
            say.info(said)
        choice = st.segmented_control(
            "O que você quer fazer?",
            [_TO_SIGN_IN, _TO_REGISTER],
            default=_TO_SIGN_IN,
            required=True,
            label_visibility="collapsed",
            width="stretch",
            key="porta_escolha",
        )
        if choice == _TO_REGISTER:
            _register()
        else:
            _sign_in()


def _sign_in() -> None:
    with st.form("entrar", border=True):
        email = st.text_input("E-mail", autocomplete="username", key="entrar_email")
        password = st.text_input("Senha", type="password", autocomplete="current-password", key="entrar_senha")
        sent = st.form_submit_button("Entrar", type="primary", width="stretch", key="entrar_botao")
    if sent and _is_filled(email, password):
        with attempt():
            enter(current().doors.sign_in((email or "").strip(), password or ""))
            st.rerun()
    st.caption("Esqueceu a senha? Peça outra a quem administra, que a troca com `alumusic users set-password`.")


def _register() -> None:
    with st.form("criar", border=True):
        email = st.text_input("E-mail", autocomplete="username", key="criar_email")
        password = st.text_input(
            "Senha",
            type="password",
            autocomplete="new-password",
            key="criar_senha",
            help="Uma frase curta é fácil de lembrar e difícil de adivinhar: 15 letras ou mais é o ideal.",
        )
        again = st.text_input("Repita a senha", type="password", autocomplete="new-password", key="criar_de_novo")
        invite = st.text_input(
            "Convite (se você recebeu um)",
            key="criar_convite",
            help="A primeira conta não precisa de convite e vira a de quem administra.",
        )
        sent = st.form_submit_button("Criar conta e entrar", type="primary", width="stretch", key="criar_botao")
    if not sent or not _is_filled(email, password):
        return
    if password != again:
        say.mistakes(["As duas senhas não são iguais; digite-as de novo."])
        return
    with attempt():
        doors = current().doors
        doors.register((email or "").strip(), password or "", invite=(invite or "").strip() or None)
        enter(doors.sign_in((email or "").strip(), password or ""))
        st.rerun()


def _is_filled(email: str | None, password: str | None) -> bool:
    missing = [name for name, value in (("o e-mail", (email or "").strip()), ("a senha", password)) if not value]
    if missing:
        say.mistakes([f"Falta {' e '.join(missing)}; preencha e tente de novo."])
    return not missing
