"""Says things to people: the only place where text from outside meets Streamlit's Markdown, and it stays text there."""

from collections.abc import Iterable

import streamlit as st

from alumusic.dashboard.client import ApiError
from alumusic.dashboard.words import plain


def title(text: str, lead: str = "") -> None:
    """The head of a page, and one line that says what it is for."""
    st.title(plain(text), anchor=False)
    if lead:
        st.caption(plain(lead))


def section(text: str, lead: str = "") -> None:
    """The head of a part of a page."""
    st.subheader(plain(text), anchor=False)
    if lead:
        st.caption(plain(lead))


def note(text: str) -> None:
    """A quiet line."""
    st.caption(plain(text))


def line(text: str) -> None:
    """A line of text."""
    st.markdown(plain(text))


def info(text: str) -> None:
    """Something to know."""
    st.info(plain(text), icon=":material/info:")


def warning(text: str) -> None:
    """Something to be careful with."""
    st.warning(plain(text), icon=":material/warning:")


def done(text: str) -> None:
    """Something that went well."""
    st.success(plain(text), icon=":material/check_circle:")


def toast(text: str) -> None:
    """Something that went well, in passing."""
    st.toast(plain(text), icon=":material/check_circle:")


def trouble(error: ApiError) -> None:
    """What went wrong, and what to do next."""
    st.error(plain(error.sentence), icon=":material/error:")


def mistakes(sentences: Iterable[str]) -> None:
    """What somebody has to put right before going on."""
    for sentence in sentences:
        st.error(plain(sentence), icon=":material/error:")


def empty(headline: str, lead: str) -> None:
    """There is nothing here yet: what to do first."""
    with st.container(border=True, key="vazio", horizontal_alignment="center"):
        st.markdown("#### " + plain(headline), text_alignment="center")
        st.markdown(plain(lead), text_alignment="center")


def quoted(text: str) -> None:
    """What a listener wrote, letter by letter."""
    st.text(text, width="stretch")
