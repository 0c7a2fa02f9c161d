"""Leads from one page to another, filters and all."""

from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

import streamlit as st
from streamlit.navigation.page import Page

HISTORY: Final = "historico"
SENDING: Final = "enviar"

Params = Mapping[str, str | Sequence[str]]
_PAGES: Final = "pages"


def remember(pages: Mapping[str, Page]) -> None:
    """Keep the pages of this account, by their paths."""
    st.session_state[_PAGES] = dict(pages)


def knows(path: str) -> bool:
    """Whether the account may see that page."""
    return path in st.session_state.get(_PAGES, {})


def link(path: str, label: str, *, icon: str | None = None, params: Params | None = None) -> None:
    """A link to a page; nothing where the account may not see it."""
    if knows(path):
        st.page_link(st.session_state[_PAGES][path], label=label, icon=icon, query_params=_plain(params))


def to(path: str, params: Params | None = None) -> NoReturn:
    """Leave for a page."""
    st.switch_page(st.session_state[_PAGES][path], query_params=_plain(params))


def _plain(params: Params | None) -> dict[str, str | list[str]]:
    return {name: value if isinstance(value, str) else list(value) for name, value in (params or {}).items()}
