"""Whether a provider may be called, decided without any provider."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alumusic.domain.providers import (
    Entry,
    ProviderLimits,
    ProviderState,
    Spent,
    Trouble,
    answered,
    cancelled,
    enter,
    paused,
    resumed,
    troubled,
)
from tests.examples import MONDAY_NOON

TODAY = date(2026, 11, 23)
LIMITS = ProviderLimits(calls_per_minute=60, daily_tokens=10_000, probe_lasts=timedelta(seconds=90))
FRESH = ProviderState("stub")


def ask(state: ProviderState, *, seconds: float = 0, estimate: int = 100, today: date = TODAY):
    now = MONDAY_NOON + timedelta(seconds=seconds)
    return enter(state, limits=LIMITS, estimate=estimate, now=now, today=today)


def hurt(
    state: ProviderState,
    trouble: Trouble,
    *,
    seconds: float = 0,
    retry_after: float | None = None,
    entry: Entry | None = None,
):
    return troubled(
        state,
        entry or Entry(),
        trouble,
        limits=LIMITS,
        retry_after=None if retry_after is None else timedelta(seconds=retry_after),
        now=MONDAY_NOON + timedelta(seconds=seconds),
        today=TODAY,
    )[0]


def please(state: ProviderState, entry: Entry, *, seconds: float = 0, unusable: bool = False, tokens: int = 50):
    now = MONDAY_NOON + timedelta(seconds=seconds)
    return answered(state, entry, spent=Spent(tokens, 7), unusable=unusable, now=now, today=TODAY)


@pytest.mark.parametrize(
    ("trouble", "times"), [(Trouble.BUSY, 3), (Trouble.SERVER, 5), (Trouble.CONNECTION, 3), (Trouble.TIMEOUT, 3)]
)
def test_so_many_troubles_in_a_row_open_the_breaker(trouble, times):
    state = FRESH
    for _ in range(times - 1):
        state = hurt(state, trouble)
    assert state.open_until is None

    state = hurt(state, trouble)

    assert state.open_until is not None
    assert ask(state)[1].refusal is trouble


def test_an_answer_in_between_starts_the_count_again():
    state = hurt(hurt(FRESH, Trouble.BUSY), Trouble.BUSY)
    state = please(state, Entry())

    assert hurt(hurt(state, Trouble.BUSY), Trouble.BUSY).open_until is None


@pytest.mark.parametrize("trouble", [Trouble.QUOTA, Trouble.KEY, Trouble.MODEL, Trouble.CONFIGURATION])
def test_what_a_person_has_to_mend_opens_it_at_once(trouble):
    assert hurt(FRESH, trouble).reason is trouble
    assert hurt(FRESH, trouble).open_until is not None


def test_openings_double_up_to_ten_minutes():
    state, lengths = FRESH, []
    for _ in range(7):
        opened = hurt(state, Trouble.SERVER, entry=Entry(probe=True))
        lengths.append((opened.open_until - MONDAY_NOON).total_seconds())
        state = replace(opened, open_until=None)

    assert lengths == [30, 60, 120, 240, 480, 600, 600]


def test_after_the_opening_one_call_is_a_probe_and_the_others_wait_for_it():
    state = hurt(FRESH, Trouble.KEY)
    assert ask(state, seconds=299)[1].refusal is Trouble.KEY

    state, first = ask(state, seconds=301)
    assert first.probe
    assert first.refusal is None
    assert ask(state, seconds=302)[1].refusal is Trouble.KEY


def test_a_probe_that_never_comes_back_is_replaced():
    state, _ = ask(hurt(FRESH, Trouble.KEY), seconds=301)

    assert ask(state, seconds=392)[1].probe


def test_only_the_probe_closes_the_breaker():
    state = hurt(FRESH, Trouble.KEY)
    late = please(state, Entry(), seconds=5)
    assert late.open_until == state.open_until

    state, probe = ask(state, seconds=301)
    closed = please(state, probe, seconds=302)
    assert (closed.open_until, closed.reason, closed.openings) == (None, None, 0)
    assert ask(closed, seconds=303)[1] == Entry(reserved=100)


def test_the_rate_is_a_bucket():
    state, granted = FRESH, 0
    for _ in range(30):
        state, entry = ask(state)
        granted += entry.refusal is None
    assert granted == 10

    assert ask(state)[1].again_at == MONDAY_NOON + timedelta(seconds=1)
    assert ask(state, seconds=1)[1].refusal is None


def test_a_wait_that_the_provider_asks_for_is_everybodys():
    state = hurt(FRESH, Trouble.BUSY, retry_after=20)

    assert ask(state, seconds=19.9)[1].refusal is Trouble.RATE
    assert ask(state)[1].again_at == MONDAY_NOON + timedelta(seconds=20)
    assert ask(state, seconds=20)[1].refusal is None


def test_what_was_reserved_and_not_used_is_given_back():
    state, entry = ask(FRESH, estimate=900)
    assert state.tokens == 900
    assert please(state, entry).tokens == 50
    assert cancelled(state, entry, limits=LIMITS, today=TODAY).tokens == 0
    assert hurt(state, Trouble.SERVER, entry=entry).tokens == 0


def test_a_new_day_has_a_new_budget():
    state, _ = ask(FRESH, estimate=10_000)
    state, entry = ask(state)
    assert entry.refusal is Trouble.BUDGET

    state, entry = ask(state, seconds=1, today=TODAY + timedelta(days=1))
    assert entry.refusal is None
    assert state.tokens == 100


def test_a_budget_that_does_not_pay_for_the_next_call_is_a_reason_for_the_day():
    tomorrow = TODAY + timedelta(days=1)
    state, _ = ask(FRESH, estimate=9_950)
    assert state.reason_on(TODAY) is None

    held, _ = ask(state, estimate=100)
    assert (held.reason_on(TODAY), held.reason_on(tomorrow)) == (Trouble.BUDGET, None)
    assert ask(held, estimate=10)[0].reason_on(TODAY) is None
    assert ask(held, seconds=1, today=tomorrow)[0].reason_on(tomorrow) is None


def test_a_budget_smaller_than_any_call_says_so():
    state, entry = ask(FRESH, estimate=10_001)

    assert entry.refusal is Trouble.BUDGET
    assert (state.reason_on(TODAY), state.tokens) == (Trouble.BUDGET, 0)


def test_an_absence_is_remembered_from_its_first_moment_to_the_next_answer():
    state = hurt(FRESH, Trouble.SERVER, seconds=1)
    state = hurt(state, Trouble.TIMEOUT, seconds=9)
    assert state.away_since == MONDAY_NOON + timedelta(seconds=1)
    assert please(state, Entry()).away_since is None
    assert paused(FRESH, now=MONDAY_NOON).away_since == MONDAY_NOON
    assert resumed(paused(FRESH, now=MONDAY_NOON)).away_since is None


def test_more_than_half_of_ten_answers_unusable_opens_it_and_forgets_them():
    state = FRESH
    for n in range(10):
        state = please(state, Entry(), unusable=n % 2 == 0)
    assert state.open_until is None

    state = FRESH
    for n in range(10):
        state = please(state, Entry(), unusable=n >= 4)
    assert state.reason is Trouble.UNUSABLE
    assert state.recent == 1


def test_the_memory_of_answers_never_grows():
    state = FRESH
    for n in range(100):
        state = please(state, Entry(), unusable=n % 3 == 0)
        assert 1 <= state.recent < 2**11


moves = st.lists(
    st.tuples(
        st.sampled_from(["enter", "answer", "unusable", "cancel", "pause", "resume", *Trouble]),
        st.floats(0, 400),
        st.integers(0, 4_000),
    ),
    max_size=60,
)


class Story:
    """Calls that overlap, and what must hold after each move."""

    def __init__(self) -> None:
        self.state = FRESH
        self.now = MONDAY_NOON
        self.calls: list[Entry] = []
        self.probing_until = None

    def enter(self, tokens: int) -> None:
        self.state, entry = enter(self.state, limits=LIMITS, estimate=tokens, now=self.now, today=TODAY)
        if entry.refusal is None:
            self.calls.append(entry)
        if entry.probe:
            assert self.probing_until is None or self.now >= self.probing_until
            self.probing_until = self.now + LIMITS.probe_lasts

    def end(self, how: str, tokens: int) -> None:
        entry = self.calls.pop(tokens % len(self.calls))
        if entry.probe:
            self.probing_until = None
        if how == "cancel":
            self.state = cancelled(self.state, entry, limits=LIMITS, today=TODAY)
        elif how in {"answer", "unusable"}:
            spent, unusable = Spent(min(tokens, entry.reserved)), how == "unusable"
            self.state = answered(self.state, entry, spent=spent, unusable=unusable, now=self.now, today=TODAY)
        else:
            trouble = Trouble(how)
            self.state, wait = troubled(
                self.state, entry, trouble, limits=LIMITS, retry_after=None, now=self.now, today=TODAY
            )
            assert timedelta() < wait <= timedelta(hours=1)

    def move(self, what: str, tokens: int) -> None:
        if what == "enter":
            self.enter(tokens)
        elif what == "pause":
            self.state = paused(self.state, now=self.now)
        elif what == "resume":
            self.state, self.probing_until = resumed(self.state), None
        elif self.calls:
            self.end(what, tokens)
        assert 0 <= self.state.tokens <= LIMITS.daily_tokens
        assert self.state.bucket <= LIMITS.bucket


@given(moves)
def test_whatever_happens_one_probe_at_a_time_and_never_more_than_the_budget(happenings):
    story = Story()
    for what, passes, tokens in happenings:
        story.now += timedelta(seconds=passes)
        story.move(what, tokens)
