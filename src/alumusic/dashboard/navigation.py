"""Which pages there are, and who sees which."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st
from streamlit.navigation.page import Page

from alumusic.dashboard import say
from alumusic.dashboard.screens import account, admin, asking, history, overview, report, review, sending, summaries
from alumusic.dashboard.words import ROLE_NAMES, listed
from alumusic.domain.users import ADMINS, CURATORS, EVERYONE, READERS, SENDERS, Role

DATA: Final = "Comentários"
INSIGHT: Final = "Leituras"
HOUSE: Final = "Casa"


@dataclass(frozen=True, slots=True)
class Screen:
    """A page, and who sees it."""

    path: str
    title: str
    icon: str
    show: Callable[[], None]
    roles: frozenset[Role]
    section: str


SCREENS: Final = (
    Screen("visao-geral", "Visão geral", ":material/insights:", overview.show, READERS, DATA),
    Screen("historico", "Histórico", ":material/manage_search:", history.show, READERS, DATA),
    Screen("enviar", "Enviar", ":material/upload_file:", sending.show, SENDERS, DATA),
    Screen("revisao", "Revisão", ":material/rule:", review.show, CURATORS, DATA),
    Screen("resumos", "Resumos", ":material/summarize:", summaries.show, READERS, INSIGHT),
    Screen("perguntar", "Perguntar", ":material/forum:", asking.show, READERS, INSIGHT),
    Screen("relatorio", "Relatório", ":material/bar_chart:", report.show, READERS, INSIGHT),
    Screen("administracao", "Administração", ":material/admin_panel_settings:", admin.show, ADMINS, HOUSE),
    Screen("conta", "Minha conta", ":material/account_circle:", account.show, EVERYONE, HOUSE),
)
"""In the order of the menu; the first that somebody may see is where they arrive."""


def pages_for(role: Role) -> dict[str, list[Page]]:
    """The menu of an account with that role, by section."""
    found: dict[str, list[Page]] = {}
    for screen in SCREENS:
        if role in screen.roles:
            page = st.Page(screen.show, title=screen.title, icon=screen.icon, url_path=screen.path, default=not found)
            found.setdefault(screen.section, []).append(page)
    return found


def with_closed(role: Role, pages: dict[str, list[Page]]) -> dict[str, list[Page]]:
    """That menu, and behind it the pages of others, which say whose they are."""
    closed = [
        st.Page(_closed(screen), title=screen.title, url_path=screen.path, visibility="hidden")
        for screen in SCREENS
        if role not in screen.roles
    ]
    return pages | {HOUSE: [*pages[HOUSE], *closed]}


def _closed(screen: Screen) -> Callable[[], None]:
    def show() -> None:
        theirs = listed(ROLE_NAMES[role] for role in Role if role in screen.roles)
        say.title(screen.title)
        say.info(f"Esta página é só para: {theirs}. Se precisa dela, peça a quem administra.")

    return show


def by_path(role: Role, pages: dict[str, list[Page]]) -> dict[str, Page]:
    """The pages of that menu under the paths that other pages know them by; the first one's address is empty."""
    mine = [screen.path for screen in SCREENS if role in screen.roles]
    listed = [
        page for section in dict.fromkeys(screen.section for screen in SCREENS) for page in pages.get(section, ())
    ]
    return dict(zip(mine, listed, strict=True))


def pages_before(show: Callable[[], None]) -> list[Page]:
    """Every address there is, answered by `show`: who signs in is then where they wanted to be."""
    return [
        st.Page(show, title="AluMusic Insights", url_path=screen.path, default=screen is SCREENS[0])
        for screen in SCREENS
    ]
