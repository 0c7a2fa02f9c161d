"""Decides which addresses a model may be called at, so that a base URL cannot be turned against the house."""

import socket
import threading
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from alumusic.domain.errors import ConfigurationError
from alumusic.text.hosts import is_loopback

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Sequence[str]]

_METADATA_NAMES: Final = (
    "metadata",
    "metadata.google.internal",
    "metadata.goog",
    "instance-data",
    "instance-data.ec2.internal",
)
# Never, whatever the operator says: link-local, metadata services that live elsewhere (AWS IPv6, Alibaba, Oracle), and
# IPv6 that some network turns into an IPv4 address of its choice (RFC 8215, 4291, 2765, 4380).
_NEVER: Final = tuple(
    map(
        ip_network,
        (
            "169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "100.100.100.200/32", "192.0.0.192/32",
            "0.0.0.0/8", "::/128", "224.0.0.0/4", "ff00::/8", "240.0.0.0/4",
            "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96", "2001::/32",
        ),
    )
)  # fmt: skip
_NAT64: Final = ip_network("64:ff9b::/96")
_INSIDE: Final = (".local", ".internal", ".lan", ".home.arpa")
"""How names end that no public resolver knows."""


class ForbiddenAddressError(OSError):
    """A name that leads where no model of ours may be."""


def checked_base_url(url: str, *, local: bool) -> str:
    """Return `url` in a plain form; `local` allows models on the own network, and http to them.

    Without `local`, only https to public addresses, and this machine's own `localhost`, 127.x.x.x and ::1.

    Raises:
        ConfigurationError: it is no base URL that may be used.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise _refused("is not a URL") from None
    host = parts.hostname or ""
    _check_form(parts, host)
    literal = _literal(host)
    if literal is not None and _is_never(literal):
        raise _refused("is an address that no model can have")
    on_this_machine = is_loopback(host)
    if parts.scheme == "http" and not (on_this_machine or (local and is_plainly_inside(host))):
        raise _refused("needs https; http is for this machine, or with ALUMUSIC_LLM_LOCAL for the own network")
    if literal is not None and not (local or on_this_machine or _is_public(literal)):
        raise _refused("is on the own network: that needs ALUMUSIC_LLM_LOCAL")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def _check_form(parts: SplitResult, host: str) -> None:
    if parts.scheme not in {"http", "https"} or not host:
        raise _refused("must begin with https://")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise _refused("must not hold a user or a password")
    if parts.query or parts.fragment or "\\" in parts.geturl():
        raise _refused("must end with a path")
    if host.rstrip(".") in _METADATA_NAMES:
        raise _refused("is the metadata service of a cloud")
    # Old resolvers read 0x7f.1, 017700000001 and 2130706433 as 127.0.0.1.
    if _literal(host) is None and (
        host.rstrip(".").rsplit(".", 1)[-1].isdigit() or host.startswith("0x") or "%" in host
    ):
        raise _refused("is a number and no name; write addresses as 192.0.2.1")
    if isinstance(_literal(host), IPv6Address) and _embedded(IPv6Address(host)) is not None:
        raise _refused("hides one address in another")


def _refused(why: str) -> ConfigurationError:
    return ConfigurationError("llm_base_url", f"ALUMUSIC_LLM_BASE_URL {why}")


def system_resolver(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of `host`; they come in the order to try."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_plainly_inside(host: str) -> bool:
    """Whether `host` is an address that is not public, or a name that only the own network knows."""
    literal = _literal(host)
    return not _is_public(literal) if literal is not None else "." not in host or host.endswith(_INSIDE)


def allowed_addresses(
    host: str, port: int, *, local: bool, in_clear: bool = False, resolve: Resolver = system_resolver
) -> list[str]:
    """The addresses of `host` that may be connected to, in the order to try; none that is public `in_clear`.

    Connect to these and ask no resolver again: the next answer could be another one.

    Raises:
        ForbiddenAddressError: one of them is where no model may be.
    """
    addresses = [ip_address(found.split("%", 1)[0]) for found in resolve(host, port)]
    for address in addresses:
        inner = (_embedded(address) if isinstance(address, IPv6Address) else None) or address
        own = inner.is_loopback if is_loopback(host) else local
        fits = not in_clear if _is_public(inner) else own
        if _is_never(inner) or _is_never(address) or not fits:
            raise ForbiddenAddressError(f"{host} leads to an address that is not allowed")
    return [str(address) for address in addresses]


def resolved_in_time(host: str, port: int, *, seconds: float, local: bool, in_clear: bool = False) -> list[str]:
    """`allowed_addresses` from the system, within `seconds`: a resolver may take its own time.

    Raises:
        OSError: there is no such name, it is not allowed, or nobody knew in time.
    """
    found: list[list[str] | OSError] = []

    def look_up() -> None:
        try:
            found.append(allowed_addresses(host, port, local=local, in_clear=in_clear))
        except OSError as error:
            found.append(error)

    thread = threading.Thread(target=look_up, name="llm-resolver", daemon=True)
    thread.start()
    thread.join(seconds)
    answer = found[0] if found else TimeoutError(f"nobody knew {host} in time")
    if isinstance(answer, OSError):
        raise answer
    return answer


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_never(address: Address) -> bool:
    if address.is_loopback:
        return False
    return any(address in network for network in _NEVER if network.version == address.version)


def _is_public(address: Address) -> bool:
    # fec0::/10 was for the own network once, and Python takes it for global.
    is_old_local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not (address.is_multicast or address.is_reserved or is_old_local)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None
