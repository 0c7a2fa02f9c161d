"""What one application was built with, within reach of its views."""

from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app

from alumusic.accounts.passwords import Passwords
from alumusic.accounts.tokens import TokenKeys
from alumusic.api.limits import RateLimits
from alumusic.bootstrap import Services

_KEY: Final = "alumusic"


@dataclass(frozen=True, slots=True, repr=False)
class State:
    """The services and what the API itself adds to them; full of secrets, hence without a repr."""

    services: Services
    passwords: Passwords
    keys: TokenKeys
    limits: RateLimits


def attach(app: Flask, kept: State) -> None:
    """Let the views of `app` use `kept`."""
    app.extensions[_KEY] = kept


def state() -> State:
    """What the application of this request was built with."""
    kept: State = current_app.extensions[_KEY]
    return kept


def services() -> Services:
    """The services of the application of this request."""
    return state().services
