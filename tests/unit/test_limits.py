"""The ceiling on how fast one caller may ask."""

from datetime import timedelta

import pytest

from alumusic.api.limits import PER_ADDRESS, PER_USER, Buckets, Rate
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
