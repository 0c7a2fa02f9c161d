"""Makes and reads tokens: short-lived signed ones for every request, opaque ones for staying signed in.

Access tokens follow RFC 8725 and RFC 9068: one algorithm, fixed here and never taken from the token; a type; a name of
the key so that keys can change; and nothing in the header that could point to a key somewhere else.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import jwt

from alumusic.domain.errors import NotAuthenticatedError

SHORTEST_KEY: Final = 32
"""Bytes: HS256 is as strong as its key (RFC 7518 § 3.2)."""

LEEWAY: Final = timedelta(seconds=30)
"""How far clocks of two machines may differ."""

_ALGORITHM: Final = "HS256"
_TYPE: Final = "at+jwt"
_ISSUER: Final = "alumusic"
_AUDIENCE: Final = "alumusic-api"
_REQUIRED: Final = ["exp", "iat", "sub", "aud", "iss", "jti", "sid", "ver"]
_HEADER: Final = frozenset({"alg", "typ", "kid"})
_LONGEST: Final = 4_096
_LARGEST: Final = 2**63 - 1
"""Beyond it no database has a number, and no clock a time."""
_SUBJECT: Final = re.compile(r"[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True, repr=False)
class TokenKeys:
    """The key that signs, and the one before it, whose tokens are still good; never shown, hence without a repr."""

    current: bytes
    previous: bytes | None = None

    def by_name(self) -> dict[str, bytes]:
        """Every key that may have signed a token, under its name."""
        return {key_name(key): key for key in (self.previous, self.current) if key is not None}


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says: which account, in which session, at which version of its tokens."""

    user_id: int
    session_id: UUID
    token_version: int


def key_name(key: bytes) -> str:
    """A name for `key` that tells nothing about it."""
    return hashlib.sha256(b"alumusic key name\0" + key).hexdigest()[:16]


def issue_access_token(claims: AccessClaims, *, keys: TokenKeys, lasts: timedelta, now: datetime) -> str:
    """A signed token that says `claims` for as long as it `lasts`."""
    issued = int(now.timestamp())
    payload = {
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "sub": str(claims.user_id),
        "iat": issued,
        "exp": issued + int(lasts.total_seconds()),
        "jti": str(uuid4()),
        "sid": str(claims.session_id),
        "ver": claims.token_version,
    }
    header = {"typ": _TYPE, "kid": key_name(keys.current)}
    return jwt.encode(payload, keys.current, algorithm=_ALGORITHM, headers=header)


def read_access_token(token: str, *, keys: TokenKeys, now: datetime) -> AccessClaims:
    """What `token` says, if it is ours, whole, and in time.

    Raises:
        NotAuthenticatedError: it is not.
    """
    payload = _payload(token, keys)
    issued, expires, version = payload["iat"], payload["exp"], payload["ver"]
    # bool is an int in Python, and JSON has other numbers too: only whole ones that fit into a row are times.
    if any(type(number) is not int or abs(number) > _LARGEST for number in (issued, expires, version)):
        raise NotAuthenticatedError("token_invalido")
    seconds, leeway = now.timestamp(), LEEWAY.total_seconds()
    if seconds >= expires + leeway:
        raise NotAuthenticatedError("token_vencido")
    if issued > seconds + leeway:
        raise NotAuthenticatedError("token_invalido")
    try:
        return AccessClaims(_user_id(payload["sub"]), UUID(payload["sid"]), version)
    except (ValueError, AttributeError, TypeError):
        raise NotAuthenticatedError("token_invalido") from None


def _user_id(subject: str) -> int:
    if not _SUBJECT.fullmatch(subject) or int(subject) > _LARGEST:
        raise NotAuthenticatedError("token_invalido")
    return int(subject)


def _payload(token: str, keys: TokenKeys) -> dict[str, Any]:
    try:
        if len(token) > _LONGEST:
            raise NotAuthenticatedError("token_invalido")
        header = jwt.get_unverified_header(token)
        key = keys.by_name().get(str(header.get("kid")))
        if key is None or header.get("typ") != _TYPE or not header.keys() <= _HEADER:
            raise NotAuthenticatedError("token_invalido")
        payload: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            issuer=_ISSUER,
            # Times are checked by the caller, against a clock that is given and not read.
            options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "strict_aud": True},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise NotAuthenticatedError("token_invalido") from None
    return payload


def new_opaque_token() -> str:
    """A token of 256 random bits that means nothing by itself: for refreshing, and for invites."""
    return secrets.token_urlsafe(32)


def hash_of_token(token: str) -> bytes:
    """How an opaque token is kept: it is random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
