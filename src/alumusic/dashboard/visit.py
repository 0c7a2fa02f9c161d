"""Who is looking at a page: their session, their account, their time zone; and what happens when it ends."""

from dataclasses import dataclass
from types import TracebackType
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from alumusic.contract.auth import Profile, Tokens
from alumusic.dashboard import cookie, say
from alumusic.dashboard.backend import current
from alumusic.dashboard.client import Api, ApiError, SessionEndedError
from alumusic.dashboard.replies import ENDED
from alumusic.dashboard.session import COOKIE
from alumusic.domain.users import CURATORS, Role

HOUSE_ZONE: Final = "America/Sao_Paulo"

_HANDLE: Final = "handle"
_FAREWELL: Final = "farewell"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who is signed in, looking at a page."""

    api: Api
    profile: Profile

    @property
    def role(self) -> Role:
        """What the account is for."""
        return self.profile.role

    @property
    def zone(self) -> ZoneInfo:
        """Where the account's clock is."""
        return ZoneInfo(self.profile.timezone or HOUSE_ZONE)

    @property
    def may_curate(self) -> bool:
        """Whether corrections are theirs to make."""
        return self.role in CURATORS

    @property
    def is_admin(self) -> bool:
        """Whether people and provider are theirs to run."""
        return self.role is Role.ADMIN


def visit() -> Visit | None:
    """Who is here; None for a stranger.

    Raises:
        ApiError: the API cannot say.
    """
    api = current().api_of(_handle())
    if api is None:
        if st.session_state.pop(_HANDLE, None):
            st.session_state[_FAREWELL] = ENDED
        return None
    try:
        return Visit(api, api.me())
    except SessionEndedError:
        _forget(ENDED)
        return None


def present() -> Visit:
    """Who is here, on a page that strangers never see."""
    found: Visit = st.session_state["visit"]
    return found


def remember(found: Visit) -> None:
    """Keep who is here for the pages of this run, and for what reruns a part of them."""
    st.session_state["visit"] = found


def _handle() -> str | None:
    kept = st.session_state.get(_HANDLE)
    if kept is not None:
        return str(kept)
    handle = st.context.cookies.get(COOKIE)
    # Under AppTest cookies are a stand-in that says yes to everything: only a text is a handle.
    if not isinstance(handle, str) or current().sessions.find(handle) is None:
        return None
    st.session_state[_HANDLE] = handle
    return handle


def enter(tokens: Tokens) -> None:
    """Begin a session in this browser."""
    store = current().sessions
    handle = store.open(tokens)
    st.session_state[_HANDLE] = handle
    st.session_state.pop(_FAREWELL, None)
    cookie.hand_over(store.ticket_for(handle))


def leave() -> None:
    """End the session, here and on the server."""
    api = current().api_of(_handle())
    sentence = "Você saiu. Até logo!"
    if api is not None:
        try:
            api.sign_out()
        except ApiError:
            sentence = "Você saiu deste painel, mas a API não respondeu; a sessão dela termina sozinha."
    _forget(sentence)


def farewell() -> str | None:
    """What to say to somebody whose session has just ended."""
    sentence: str | None = st.session_state.get(_FAREWELL)
    return sentence


def _forget(sentence: str) -> None:
    handle = _handle()
    if handle is not None:
        current().sessions.drop(handle)
        cookie.take_back()
    order = st.session_state.get("cookie_order")
    # Nothing that one account saw may be there for the next.
    st.session_state.clear()
    st.session_state["cookie_order"] = order
    st.session_state[_FAREWELL] = sentence


class attempt:  # noqa: N801 - read as a verb: `with attempt():`
    """Do something that the API may refuse: its sentence is shown here; an ended session leads back to the door."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Say what went wrong, if it was the API's to say."""
        if isinstance(error, SessionEndedError):
            _forget(ENDED)
            st.rerun()
        if isinstance(error, ApiError):
            say.trouble(error)
            return True
        return False
