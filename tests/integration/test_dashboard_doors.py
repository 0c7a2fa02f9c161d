"""A stranger who comes through the dashboard from elsewhere may not make an account as if at this machine."""

import httpx
import pytest

from alumusic.dashboard.client import ApiError, Doors
from tests.house import GOOD_PASSWORD


def doors(house, visitor):
    transport = httpx.WSGITransport(app=house.app)
    return Doors(httpx.Client(transport=transport, base_url="http://localhost"), visitor=visitor)


@pytest.mark.parametrize("visitor", ["203.0.113.9", "unknown"])
def test_who_comes_from_elsewhere_needs_an_invite(house, visitor):
    house.register("bia@exemplo.com")

    with pytest.raises(ApiError) as refused:
        doors(house, visitor).register("caio@exemplo.com", GOOD_PASSWORD)

    assert refused.value.status == 403


def test_who_sits_at_this_machine_needs_none(house):
    house.register("bia@exemplo.com")

    assert doors(house, None).register("ana@exemplo.com", GOOD_PASSWORD).email == "ana@exemplo.com"
