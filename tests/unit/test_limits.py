"""The ceiling on how fast one caller may ask."""

from datetime import timedelta

import pytest

from alumusic.api.limits import PER_ADDRESS, PER_ADDRESS_AUTH, PER_USER, Buckets, Rate, RateLimits
from alumusic.domain.errors import TooManyRequestsError
from tests.examples import MONDAY_NOON


def test_a_burst_is_let_through_and_the_next_one_is_told_when():
    buckets = Buckets(Rate(per_second=2, burst=3))
    for _ in range(3):
        buckets.take("ana", now=MONDAY_NOON)

    with pytest.raises(TooManyRequestsError) as refused:
        buckets.take("ana", now=MONDAY_NOON)

    assert refused.value.retry_after_seconds == pytest.approx(0.5)
    buckets.take("ana", now=MONDAY_NOON + timedelta(seconds=0.5))
    buckets.take("bia", now=MONDAY_NOON)


def test_a_clock_that_goes_back_gives_nothing_away():
    buckets = Buckets(Rate(per_second=1, burst=1))
    buckets.take("ana", now=MONDAY_NOON)

    with pytest.raises(TooManyRequestsError):
        buckets.take("ana", now=MONDAY_NOON - timedelta(hours=1))
    with pytest.raises(TooManyRequestsError):
        buckets.take("ana", now=MONDAY_NOON + timedelta(seconds=0.5))


def test_strangers_do_not_fill_the_memory():
    buckets = Buckets(Rate(per_second=1, burst=1))

    for caller in range(12_000):
        buckets.take(caller, now=MONDAY_NOON)

    assert len(buckets._levels) == 10_000


def test_one_client_may_send_hundreds_of_comments_a_second():
    assert min(PER_USER.per_second, PER_ADDRESS.per_second) >= 1_000


def test_nobody_may_ask_faster_than_is_promised():
    promised = {(PER_USER, 1_000, 10_000), (PER_ADDRESS, 2_000, 20_000), (PER_ADDRESS_AUTH, 5, 300)}

    assert [rate for rate, a_second, at_once in promised if rate.per_second > a_second or rate.burst > at_once] == []


@pytest.mark.parametrize(("check", "at_once"), [("check_user", 10_000), ("check_address", 20_000), ("check_auth", 300)])
def test_a_house_that_says_nothing_keeps_to_what_is_promised(check, at_once):
    ask = getattr(RateLimits(), check)
    for _ in range(at_once):
        ask("ana", now=MONDAY_NOON)

    with pytest.raises(TooManyRequestsError):
        ask("ana", now=MONDAY_NOON)
