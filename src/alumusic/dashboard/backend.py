"""What every script of the dashboard shares: a connection to the API, and the sessions of this process."""

import os
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import httpx

from alumusic.dashboard.client import TIMEOUT, Api, Doors
from alumusic.dashboard.session import SessionStore
from alumusic.dashboard.visitor import visitor_elsewhere

API_URL: Final = "ALUMUSIC_API_URL"
KEY: Final = "ALUMUSIC_DASHBOARD_KEY"
DEFAULT_API_URL: Final = "http://127.0.0.1:5000"


@dataclass(frozen=True)
class Backend:
    """Where the API is, and who is signed in."""

    http: httpx.Client
    sessions: SessionStore = field(default_factory=SessionStore)

    @property
    def doors(self) -> Doors:
        """What anybody may ask."""
        return Doors(self.http, visitor=visitor_elsewhere(), key=os.environ.get(KEY) or None)

    def api_of(self, handle: str | None) -> Api | None:
        """What the session with that handle may ask; None if there is none."""
        session = self.sessions.find(handle)
        return None if session is None else Api(self.http, session, self.sessions)


@cache
def _own() -> Backend:
    # Neither proxies nor .netrc of the environment have a say in who gets to see tokens.
    return Backend(httpx.Client(base_url=os.environ.get(API_URL, DEFAULT_API_URL), timeout=TIMEOUT, trust_env=False))


class _Current:
    """The backend in use: this process's own, or one that a test brings."""

    backend: Backend | None = None


def current() -> Backend:
    """The backend that scripts and routes use."""
    return _Current.backend or _own()


def use(backend: Backend | None) -> None:
    """Use `backend` from now on; None for this process's own."""
    _Current.backend = backend
