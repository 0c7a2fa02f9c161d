"""Tells the browser to take or to drop the cookie of a session, which only a route may set."""

import secrets
from typing import Any, Final

import streamlit as st
from streamlit.components.v2 import component

from alumusic.dashboard.routes import OWN_HEADER, SESSION_PATH

_SCRIPT: Final = """
export default function ({ data }) {
  document.documentElement.lang = "pt-BR";
  if (!data || !data.order || window.alumusicOrder === data.order) return;
  window.alumusicOrder = data.order;
  const headers = { [data.header]: "1" };
  const ask = data.ticket
    ? { method: "POST", body: data.ticket, headers, credentials: "same-origin" }
    : { method: "DELETE", headers, credentials: "same-origin" };
  fetch(data.path, ask);
}
"""

_mount: Final = component("alumusic_cookie", js=_SCRIPT)
_ORDER: Final = "cookie_order"


def hand_over(ticket: str) -> None:
    """From the next run on, let the page exchange `ticket` for the cookie."""
    st.session_state[_ORDER] = {"order": ticket, "ticket": ticket}


def take_back() -> None:
    """From the next run on, let the page drop the cookie."""
    st.session_state[_ORDER] = {"order": f"fim-{secrets.token_hex(8)}", "ticket": None}


def mount() -> None:
    """Put the script into the page; it carries out each order once."""
    order: dict[str, Any] = st.session_state.get(_ORDER) or {"order": None}
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    path = f"/{base}{SESSION_PATH}" if base else SESSION_PATH
    with st.container(key="cookie", height="content"):
        _mount(key="cookie_script", data={**order, "path": path, "header": OWN_HEADER})
