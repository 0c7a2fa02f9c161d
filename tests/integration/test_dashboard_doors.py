"""A stranger who comes through the dashboard is neither somebody at this machine nor all of its visitors."""

import httpx
import pytest

from alumusic.dashboard.client import ApiError, Doors
from alumusic.dashboard.visitor import address_behind
from tests.house import GOOD_PASSWORD, build_house

KEY = "Tz4Kp9Xw2Lq7Vb5Nc8Rj3Hd6Gf1Ym0Sa"


def doors(house, visitor, key=None):
    transport = httpx.WSGITransport(app=house.app)
    return Doors(httpx.Client(transport=transport, base_url="http://localhost"), visitor=visitor, key=key)


def status(house, visitor, email, password, *, key=KEY):
    """What signing in through the dashboard comes to."""
    try:
        doors(house, visitor, key).sign_in(email, password)
    except ApiError as error:
        return error.status
    return 200


@pytest.fixture
def vouching(sqlite_engine, tmp_path):
    """A house that takes the dashboard's word for its visitors' addresses."""
    return build_house(sqlite_engine, tmp_path, dashboard_key=KEY)


def test_a_stranger_at_the_dashboard_shuts_nobody_else_out(vouching):
    vouching.register("bia@exemplo.com")

    stranger = [status(vouching, "203.0.113.9", f"pessoa{n}@exemplo.com", "errada mesmo") for n in range(21)]

    assert stranger == [401] * 20 + [429]
    assert status(vouching, "198.51.100.4", "bia@exemplo.com", GOOD_PASSWORD) == 200


@pytest.mark.parametrize("key", [None, "another key of somebody who would like to be believed"])
def test_nobody_vouches_without_the_key(vouching, key):
    tries = [status(vouching, f"203.0.113.{n}", f"pessoa{n}@exemplo.com", "errada mesmo", key=key) for n in range(21)]

    assert tries == [401] * 20 + [429]


def test_what_is_no_address_is_not_believed_even_of_the_dashboard(vouching):
    tries = [status(vouching, f"nobody-{n}", f"pessoa{n}@exemplo.com", "errada mesmo") for n in range(21)]

    assert tries == [401] * 20 + [429]


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("203.0.113.9", 0, None),
        (None, 1, None),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9", 1, "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9, 10.0.0.2", 2, "203.0.113.9"),
        ("203.0.113.9", 2, "203.0.113.9"),
    ],
)
def test_only_our_own_proxies_say_who_stands_before_the_dashboard(forwarded, proxies, address):
    assert address_behind(forwarded, proxies=proxies) == address


@pytest.mark.parametrize("visitor", ["203.0.113.9", "unknown"])
def test_who_comes_from_elsewhere_needs_an_invite(house, visitor):
    house.register("bia@exemplo.com")

    with pytest.raises(ApiError) as refused:
        doors(house, visitor).register("caio@exemplo.com", GOOD_PASSWORD)

    assert refused.value.status == 403


def test_who_sits_at_this_machine_needs_none(house):
    house.register("bia@exemplo.com")

    assert doors(house, None).register("ana@exemplo.com", GOOD_PASSWORD).email == "ana@exemplo.com"
