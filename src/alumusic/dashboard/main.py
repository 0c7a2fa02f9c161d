"""The frame of every page: who is here, the menu that is theirs, and the page they asked for."""

from pathlib import Path

import streamlit as st

from alumusic.dashboard import cookie, navigation, say, visit
from alumusic.dashboard.client import ApiError
from alumusic.dashboard.components import go
from alumusic.dashboard.screens import sign_in
from alumusic.dashboard.words import ROLE_NAMES

_ASSETS = Path(__file__).with_name("assets")


def main() -> None:
    """Show one page to one person."""
    st.set_page_config(page_title="AluMusic Insights", page_icon=_ASSETS / "icon.png", layout="wide", menu_items={})
    st.html(_ASSETS / "style.css")
    st.logo(_ASSETS / "logo.svg", size="large", icon_image=_ASSETS / "icon.png")
    cookie.mount()
    try:
        found = visit.visit()
    except ApiError as error:
        _closed(error)
        return
    if found is None:
        st.navigation(navigation.pages_before(sign_in.show), position="hidden").run()
        return
    visit.remember(found)
    pages = navigation.pages_for(found.role)
    go.remember(navigation.by_path(found.role, pages))
    page = st.navigation(navigation.with_closed(found.role, pages))
    _who(found)
    with visit.attempt():
        page.run()


def _closed(error: ApiError) -> None:
    """The API is away: nothing can be shown, and nobody is signed out for it."""
    st.navigation(navigation.pages_before(lambda: None), position="hidden")
    st.title("AluMusic Insights", anchor=False)
    say.trouble(error)
    st.button("Tentar de novo", icon=":material/refresh:", key="tentar_de_novo")


def _who(found: visit.Visit) -> None:
    with st.sidebar, st.container(key="quem"):
        say.quoted(found.profile.email)
        st.caption(ROLE_NAMES[found.role])
        st.button("Sair", icon=":material/logout:", on_click=visit.leave, key="sair", width="stretch")


main()
