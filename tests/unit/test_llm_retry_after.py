"""When a provider wants to be asked again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alumusic.llm.retry_after import LONGEST, retry_after_seconds

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def retry_info(delay: object) -> dict[str, object]:
    return {"error": {"details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}]}}


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "7"}, None, 7.0),
        ({"retry-after": "0"}, None, 0.0),
        ({"retry-after-ms": "250"}, None, 0.25),
        ({"retry-after": "Mon, 23 Nov 2026 15:00:30 GMT"}, None, 30.0),
        ({"retry-after": "Mon, 23 Nov 2026 14:00:00 GMT"}, None, 0.0),
        ({"retry-after": "999999"}, None, LONGEST),
        ({"retry-after": "soon"}, None, None),
        ({"retry-after": "-5"}, None, None),
        ({"retry-after": "nan"}, None, None),
        ({}, retry_info("11.5s"), 11.5),
        ({}, [retry_info("2s")], 2.0),
        ({}, retry_info("2s")["error"], 2.0),
        ({"retry-after": "3"}, retry_info("11s"), 11.0),
        ({}, retry_info(5), None),
        ({}, {"error": "text"}, None),
        ({}, None, None),
    ],
)
def test_the_longest_wait_that_is_asked_for_counts(headers, body, seconds):
    assert retry_after_seconds(headers, body, now=NOW) == seconds


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["error", "details", "retryDelay"]) | st.text(), inner)
    ),
    max_leaves=10,
)


@given(st.text() | st.floats().map(str) | st.integers().map(str), json_values)
def test_whatever_a_provider_says_the_wait_is_between_nothing_and_a_day(header, body):
    wait = retry_after_seconds({"retry-after": header, "retry-after-ms": header}, body)

    assert wait is None or 0 <= wait <= LONGEST
