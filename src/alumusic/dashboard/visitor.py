"""Tells the API whether a stranger at the dashboard's door sits at this machine or elsewhere."""

import os
from ipaddress import ip_address
from typing import Final

import streamlit as st

PROXIES: Final = "ALUMUSIC_TRUSTED_PROXIES"
_LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


def visitor_elsewhere() -> str | None:
    """What to tell the API of a visitor from elsewhere: their address, or "unknown"; None for one at this machine.

    The dashboard calls the API from this machine, so without this everybody would look like its owner, who may make
    accounts freely.
    """
    address, host = st.context.ip_address, st.context.headers.get("Host")
    forwarded = st.context.headers.get("X-Forwarded-For")
    # Under a test there is no request, and what stands for one is no text.
    at_home = not isinstance(host, str) or host.rsplit(":", 1)[0] in _LOCAL_HOSTS
    from_here = not isinstance(address, str) or _is_loopback(address)
    if at_home and from_here and not isinstance(forwarded, str):
        return None
    named = address_behind(forwarded, proxies=int(os.environ.get(PROXIES) or 0)) or address
    return named if isinstance(named, str) and _is_address(named) else "unknown"


def address_behind(forwarded: object, *, proxies: int) -> str | None:
    """Whom the outermost of so many proxies of our own has seen; None where there are none, or they do not say."""
    if not proxies or not isinstance(forwarded, str):
        return None
    return forwarded.split(",")[-proxies:][0].strip()


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_loopback(text: str) -> bool:
    return _is_address(text) and ip_address(text).is_loopback
