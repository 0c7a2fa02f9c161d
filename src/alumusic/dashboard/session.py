"""Keeps who is signed in: tokens stay in this process, and a browser holds nothing but a random handle.

The handle travels in an HttpOnly cookie. A script of Streamlit cannot set one, since it speaks through a web socket: it
writes a ticket, good once and for a minute, which the page exchanges for the cookie at a route of our own
(docs/decisions/0050-sessions-of-the-dashboard.md).
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Final

from alumusic.contract.auth import Tokens

COOKIE: Final = "alumusic_painel"
TICKET_SECONDS: Final = 60.0
RENEW_EARLY_SECONDS: Final = 30.0
"""A token is exchanged when it has so little left, so that none ends while a request is on its way."""

_BYTES: Final = 32
_MOST_SESSIONS: Final = 10_000


@dataclass(slots=True, repr=False)
class Session:
    """One browser that is signed in; holds secrets, hence without a repr."""

    tokens: Tokens
    renew_at: float
    """On the store's clock."""
    lock: RLock = field(default_factory=RLock)
    """Held while tokens are exchanged: a refresh token is good once, and two threads would end the session."""


class SessionStore:
    """The sessions of this process, the one unused for longest going first when there are too many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._tickets: dict[str, tuple[str, float]] = {}
        self._lock = Lock()

    def open(self, tokens: Tokens) -> str:
        """Keep a new session; its handle."""
        handle = secrets.token_urlsafe(_BYTES)
        with self._lock:
            self._sessions[handle] = Session(tokens, self._renewal(tokens))
            if len(self._sessions) > _MOST_SESSIONS:
                self._sessions.popitem(last=False)
        return handle

    def find(self, handle: str | None) -> Session | None:
        """The session with that handle, if it has not ended."""
        if handle is None:
            return None
        with self._lock:
            session = self._sessions.get(handle)
            if session is not None:
                self._sessions.move_to_end(handle)
            return session

    def drop(self, handle: str) -> None:
        """End a session here; every tab that shows it asks for the password again."""
        with self._lock:
            self._sessions.pop(handle, None)

    def renew(self, session: Session, tokens: Tokens) -> None:
        """Put new tokens in the place of the old ones; the caller holds the session's lock."""
        session.tokens, session.renew_at = tokens, self._renewal(tokens)

    def is_due(self, session: Session) -> bool:
        """Whether its access token is about to end."""
        return self._clock() >= session.renew_at

    def _renewal(self, tokens: Tokens) -> float:
        return self._clock() + tokens.expires_in - RENEW_EARLY_SECONDS

    def ticket_for(self, handle: str) -> str:
        """What the page exchanges for the cookie, once."""
        ticket, now = secrets.token_urlsafe(_BYTES), self._clock()
        with self._lock:
            self._tickets = {key: kept for key, kept in self._tickets.items() if kept[1] > now}
            self._tickets[ticket] = (handle, now + TICKET_SECONDS)
        return ticket

    def redeem(self, ticket: str) -> str | None:
        """The handle that `ticket` stands for; None if it is unknown, used or too old."""
        with self._lock:
            handle, ends = self._tickets.pop(ticket, ("", 0.0))
        return handle if ends > self._clock() else None
