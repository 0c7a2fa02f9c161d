"""How the dashboard vouches for the address of who stands at its door, so that nobody else can."""

import hashlib
import hmac
from ipaddress import ip_address
from typing import Final

HEADER: Final = "AluMusic-Visitor"


def vouch(address: str, *, key: str) -> str:
    """What the header says: the address, and a mark that only who has `key` can make (HMAC-SHA256)."""
    return f"{address} {_mark(address, key)}"


def vouched(said: str, *, key: str) -> str | None:
    """The address that a header names; None when it is none, or its mark was made with another key."""
    address, _, mark = said.partition(" ")
    if not hmac.compare_digest(mark.encode(), _mark(address, key).encode()):
        return None
    try:
        return str(ip_address(address))
    except ValueError:
        return None


def _mark(address: str, key: str) -> str:
    return hmac.new(key.encode(), b"alumusic visitor\0" + address.encode(), hashlib.sha256).hexdigest()
