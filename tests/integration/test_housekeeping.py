"""What has run out goes, what is too old to keep goes, and nothing else does."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from alumusic.domain.batches import BatchKind
from alumusic.domain.comments import Reject, RejectReason
from alumusic.query.progress import progress
from alumusic.settings import Settings
from alumusic.store.audit import AuditEntry, add_entry
from alumusic.store.batches import Delivery
from alumusic.store.database import reading
from alumusic.store.tables import audit, batches, classifications, comments, daily_counts, idempotency, workers
from alumusic.store.workers import seen
from alumusic.worker.housekeeping import clean_up
from alumusic.worker.schedule import Chore, EmbeddedSchedule, beat_schedule
from tests.examples import MONDAY_NOON, handed_in, stored, worked
from tests.fakes import FakeClassifier, FakeClock
from tests.servers import wait_until

YEAR = timedelta(days=365)


def cleaned(engine, *, now, **settings):
    return clean_up(engine, Settings(_env_file=None, **settings), now=now)


def count(engine, table):
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(table))


def test_a_key_is_remembered_for_a_day(engine, user_id):
    delivery = Delivery(user_id=user_id, key="k", request_hash=b"h" * 32)
    handed_in(engine, "a", delivery=delivery)

    cleaned(engine, now=MONDAY_NOON + timedelta(hours=23))
    assert count(engine, idempotency) == 1

    cleaned(engine, now=MONDAY_NOON + timedelta(hours=25))
    assert count(engine, idempotency) == 0


def test_workers_that_nobody_sees_any_more_are_forgotten(engine):
    with engine.begin() as db:
        seen(db, worker="old", now=MONDAY_NOON - timedelta(days=2))
        seen(db, worker="new", now=MONDAY_NOON)

    cleaned(engine, now=MONDAY_NOON)

    assert count(engine, workers) == 1


def test_a_batch_whose_end_nobody_noticed_is_marked(engine):
    receipt = handed_in(engine, "a", "b")
    other = handed_in(engine, "c")
    worked(engine, FakeClassifier())
    handed_in(engine, "d")
    with engine.begin() as db:
        db.execute(update(batches).values(finished_at=None))

    done = cleaned(engine, now=MONDAY_NOON + timedelta(minutes=6))

    assert done["batches"] == 2
    with reading(engine) as db:
        for batch_id in (receipt.batch_id, other.batch_id):
            assert progress(db, batch_id, now=MONDAY_NOON).finished_at is not None
    assert count(engine, batches) == 3


def test_without_a_setting_nothing_is_too_old(engine):
    handed_in(engine, "a")
    worked(engine, FakeClassifier())

    cleaned(engine, now=MONDAY_NOON + 10 * YEAR)

    assert len(stored(engine)) == 1


def test_a_finished_comment_goes_when_its_time_is_over_and_the_figures_stay(engine):
    """Security statement S40."""
    receipt = handed_in(engine, "velho", Reject(2, RejectReason.BAD_DATE, "ontem à tarde"), kind=BatchKind.FILE)
    worked(engine, FakeClassifier())
    handed_in(engine, "novo", now=MONDAY_NOON + YEAR / 2)

    cleaned(engine, now=MONDAY_NOON + YEAR - timedelta(seconds=1), retention_days=365)
    assert len(stored(engine)) == 2

    done = cleaned(engine, now=MONDAY_NOON + YEAR + timedelta(seconds=1), retention_days=365)

    assert done["comments"] == 1
    assert [comment.text for comment in stored(engine)] == ["novo"]
    assert count(engine, classifications) == 0
    assert count(engine, daily_counts) == 1
    with reading(engine) as db:
        state = progress(db, receipt.batch_id, now=MONDAY_NOON)
        kept = db.execute(select(batches.c.name, batches.c.rejects).where(batches.c.id == receipt.batch_id)).one()
    assert (state.done, state.total, state.rejected) == (1, 1, 1)
    assert tuple(kept) == (None, [])


def test_what_still_waits_is_never_too_old(engine):
    handed_in(engine, "espera")

    cleaned(engine, now=MONDAY_NOON + 2 * YEAR, retention_days=365)

    assert len(stored(engine)) == 1


def test_many_old_comments_go_in_pieces_and_can_be_interrupted(engine):
    handed_in(engine, *(f"texto {n}" for n in range(2_300)))
    with engine.begin() as db:
        db.execute(update(comments).values(status="CONCLUIDO", available_at=None, category="ELOGIO", confidence=0.9))
    settings, now, asked = Settings(_env_file=None, retention_days=365), MONDAY_NOON + 2 * YEAR, []

    def after_one() -> bool:
        asked.append(1)
        return len(asked) > 1

    assert clean_up(engine, settings, now=now, stopping=after_one)["comments"] == 1_000
    assert clean_up(engine, settings, now=now)["comments"] == 1_300


def test_the_log_of_security_events_is_kept_for_half_a_year(engine):
    with engine.begin() as db:
        for days in (1, 181):
            add_entry(db, AuditEntry(MONDAY_NOON - timedelta(days=days), "authn_ok", None, None, {}))

    cleaned(engine, now=MONDAY_NOON)

    assert count(engine, audit) == 1


def test_cleaning_an_empty_house_is_no_trouble(engine):
    assert set(cleaned(engine, now=MONDAY_NOON, retention_days=1).values()) == {0}


# --- when it is done ------------------------------------------------------------------------------------------


def test_each_chore_is_done_at_start_and_again_when_its_time_comes():
    clock, done = FakeClock(MONDAY_NOON), []
    schedule = EmbeddedSchedule(
        [
            Chore("hourly", timedelta(hours=1), lambda: done.append("hourly")),
            Chore("daily", timedelta(days=1), lambda: done.append("daily")),
        ],
        clock=clock,
        look_seconds=0.01,
    )
    schedule.start()
    wait_until(lambda: done == ["hourly", "daily"], every=0.01)
    clock.advance(3_601)
    wait_until(lambda: done == ["hourly", "daily", "hourly"], every=0.01)
    schedule.stop()


def test_a_chore_that_fails_is_tried_again_and_stops_no_other():
    clock, done, threads = FakeClock(MONDAY_NOON), [], []

    def fails() -> None:
        threads.append(threading.current_thread())
        raise OSError("the database is away")

    schedule = EmbeddedSchedule(
        [Chore("fails", timedelta(hours=1), fails), Chore("works", timedelta(hours=1), lambda: done.append(1))],
        clock=clock,
        look_seconds=0.01,
    )
    schedule.start()
    wait_until(lambda: len(done) == 1, every=0.01)
    clock.advance(3_601)
    wait_until(lambda: len(threads) == 2 and len(done) == 2, every=0.01)
    schedule.stop()


def test_a_schedule_that_was_never_started_can_be_stopped():
    EmbeddedSchedule([], clock=FakeClock(MONDAY_NOON)).stop()


@pytest.mark.parametrize("name", ["classify_due", "weekly_summary_task", "requested_summaries", "housekeeping"])
def test_beat_knows_every_job_and_no_tick_outlives_its_use(name):
    entry = beat_schedule()[name]
    assert entry["task"] == name
    assert entry["options"]["expires"] <= 60
