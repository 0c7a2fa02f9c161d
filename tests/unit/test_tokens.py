"""Access tokens: ours are read, every forgery is refused (security statement S5)."""

import base64
import hmac
import json
from datetime import timedelta
from uuid import UUID, uuid4

import jwt
import pytest

from alumusic.accounts.tokens import (
    AccessClaims,
    TokenKeys,
    hash_of_token,
    issue_access_token,
    key_name,
    new_opaque_token,
    read_access_token,
)
from alumusic.domain.errors import NotAuthenticatedError
from tests.examples import MONDAY_NOON

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
KEYS = TokenKeys(KEY)
CLAIMS = AccessClaims(7, UUID(int=5), 3)
HASHES = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
NOW = int(MONDAY_NOON.timestamp())


def issued(**changes):
    return issue_access_token(CLAIMS, **{"keys": KEYS, "lasts": timedelta(minutes=15), "now": MONDAY_NOON} | changes)


def forged(*, payload=None, header=None, without=(), key=KEY, algorithm="HS256"):
    claims = {
        "iss": "alumusic",
        "aud": "alumusic-api",
        "sub": "7",
        "iat": NOW,
        "exp": NOW + 900,
        "jti": str(uuid4()),
        "sid": str(UUID(int=5)),
        "ver": 3,
    } | (payload or {})
    for name in without:
        del claims[name]
    headers = {"alg": algorithm, "typ": "at+jwt", "kid": key_name(KEY)} | (header or {})
    signed = f"{part(headers)}.{part(claims)}"
    return f"{signed}.{text_of(hmac.digest(key, signed.encode(), HASHES[algorithm]))}"


def part(value):
    return text_of(json.dumps(value).encode())


def text_of(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(algorithm):
    payload = forged().split(".")[1]
    return f"{part({'alg': algorithm, 'typ': 'at+jwt', 'kid': key_name(KEY)})}.{payload}."


def flipped(token, position):
    at = token.rindex(".") + 1 + position
    return token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]


def test_ours_says_who_and_in_which_session():
    assert read_access_token(issued(), keys=KEYS, now=MONDAY_NOON) == CLAIMS


def test_the_forger_of_this_test_makes_good_tokens_when_nothing_is_wrong():
    assert read_access_token(forged(), keys=KEYS, now=MONDAY_NOON) == CLAIMS


def test_a_token_of_the_key_before_is_good_while_keys_change():
    assert read_access_token(issued(), keys=TokenKeys(OTHER_KEY, previous=KEY), now=MONDAY_NOON) == CLAIMS


def test_a_token_of_a_key_that_is_gone_is_refused():
    with pytest.raises(NotAuthenticatedError):
        read_access_token(issued(), keys=TokenKeys(OTHER_KEY), now=MONDAY_NOON)


FORGERIES = {
    "no algorithm": unsigned("none"),
    "no algorithm, in capitals": unsigned("NONE"),
    "HS384": forged(algorithm="HS384", key=KEY * 2),
    "HS512": forged(algorithm="HS512", key=KEY * 2),
    "says RS256, signed with the secret": unsigned("RS256") + forged().split(".")[2],
    "another key": forged(key=OTHER_KEY),
    "an empty key name": forged(header={"kid": ""}),
    "no key name": forged(header={"kid": None}),
    "a path as key name": forged(header={"kid": "../../dev/null"}),
    "another audience": forged(payload={"aud": "other"}),
    "several audiences": forged(payload={"aud": ["alumusic-api", "other"]}),
    "another issuer": forged(payload={"iss": "other"}),
    "issued in the future": forged(payload={"iat": NOW + 31}),
    "expired": forged(payload={"iat": NOW - 931, "exp": NOW - 31}),
    "never expires": forged(payload={"exp": None}),
    "expires at infinity": forged(payload={"exp": 1e308}),
    "expiry as text": forged(payload={"exp": "4000000000"}),
    "expiry as truth": forged(payload={"exp": True}),
    "another type": forged(header={"typ": "JWT"}),
    "a refresh token's type": forged(header={"typ": "rt+jwt"}),
    "no type": forged(header={"typ": None}),
    "a key by address": forged(header={"jku": "https://example.com/keys"}),
    "a key inside": forged(header={"jwk": {"kty": "oct", "k": "AAAA"}}),
    "a certificate by address": forged(header={"x5u": "https://example.com/cert"}),
    "a critical extension": forged(header={"crit": ["exp"]}),
    "expires beyond any clock": forged(payload={"exp": 10**400}),
    "issued before any clock": forged(payload={"iat": -(10**400)}),
    "a version that no row can have": forged(payload={"ver": 10**30}),
    "somebody as a number": forged(payload={"sub": "abc"}),
    "somebody that no row can be": forged(payload={"sub": "9" * 30}),
    "somebody just beyond the last row": forged(payload={"sub": str(2**63)}),
    "somebody in other digits": forged(payload={"sub": "٧"}),
    "somebody with a sign": forged(payload={"sub": "+7"}),
    "nobody": forged(payload={"sub": "0"}),
    "a session that is none": forged(payload={"sid": "abc"}),
    "a session as a number": forged(payload={"sid": 5}),
    "a version as text": forged(payload={"ver": "3"}),
    "the first bit of the signature flipped": flipped(forged(), 0),
    "a bit in its middle flipped": flipped(forged(), 20),
    "a payload of somebody else": ".".join([forged().split(".")[0], part({"sub": "1"}), forged().split(".")[2]]),
    "an opaque token": new_opaque_token(),
    "nothing": "",
    "dots": "..",
    "no JSON": "YQ.YQ.YQ",
    "very long": "a" * 1_000_000,
    "not ASCII": "é.é.é",
    "a lone surrogate": "\ud800.a.a",
    "deep JSON": part("x").replace("x", "") + "." + base64.urlsafe_b64encode(b"[" * 2_000).decode() + ".a",
} | {f"without {name}": forged(without=[name]) for name in ("exp", "iat", "sub", "aud", "iss", "jti", "sid", "ver")}


@pytest.mark.parametrize("token", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forgery_is_refused(token):
    with pytest.raises(NotAuthenticatedError):
        read_access_token(token, keys=KEYS, now=MONDAY_NOON)


def test_an_old_token_is_good_for_half_a_minute_more_because_clocks_differ():
    token = issued()

    read_access_token(token, keys=KEYS, now=MONDAY_NOON + timedelta(minutes=15, seconds=29))
    read_access_token(token, keys=KEYS, now=MONDAY_NOON - timedelta(seconds=30))
    with pytest.raises(NotAuthenticatedError) as refused:
        read_access_token(token, keys=KEYS, now=MONDAY_NOON + timedelta(minutes=15, seconds=30))

    assert refused.value.code == "token_vencido"


def test_a_token_tells_nothing_about_the_key():
    header = jwt.get_unverified_header(issued())

    assert header.keys() == {"alg", "typ", "kid"}
    assert KEY.hex()[:16] not in header["kid"]


def test_keys_do_not_show_themselves():
    assert "kkkk" not in repr(KEYS)


def test_opaque_tokens_are_long_and_never_twice_the_same():
    tokens = {new_opaque_token() for _ in range(100)}

    assert len(tokens) == 100
    assert all(len(token) >= 43 for token in tokens)
    assert len({hash_of_token(token) for token in tokens}) == 100
