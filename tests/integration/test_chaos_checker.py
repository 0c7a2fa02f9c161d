"""The checker of the matrix of faults finds what it is there to find."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from alumusic.domain.comments import Classification, Origin
from alumusic.store.tables import batch_counts, classifications, comments
from tests.chaos.checker import check, tracebacks_in
from tests.chaos.listeners import right_category, text_of
from tests.examples import handed_in, worked
from tests.fakes import FakeClassifier


class Judge(FakeClassifier):
    """Answers as the stub does."""

    origin = Origin.LLM

    def __init__(self) -> None:
        super().__init__(lambda text: Classification(right_category(text), 0.9))


@pytest.fixture
def accepted(engine):
    ids = handed_in(engine, *map(text_of, range(20))).accepted_ids
    worked(engine, Judge())
    return ids


def changed(engine, statement):
    with engine.begin() as db:
        db.execute(statement)


def test_a_good_run_is_clean(engine, accepted):
    assert check(engine, accepted).is_clean


def test_a_lost_comment_is_found(engine, accepted):
    found = check(engine, [*accepted, uuid4()])
    assert (found.lost, found.is_clean) == (1, False)


def test_a_comment_that_nobody_was_told_about_is_found(engine, accepted):
    assert check(engine, accepted[1:]).strangers == 1


def test_a_comment_without_its_classification_is_found(engine, accepted):
    changed(engine, delete(classifications).where(classifications.c.comment_id == accepted[0]))
    assert not check(engine, accepted).is_clean


def test_a_classification_too_many_is_found(engine, accepted):
    changed(engine, update(comments).where(comments.c.id == accepted[0]).values(generation=2))
    assert not check(engine, accepted).is_clean


def test_a_classification_of_another_text_is_found(engine, accepted):
    changed(engine, update(comments).where(comments.c.id == accepted[0]).values(text=text_of(999)))
    assert check(engine, accepted).wrong == 1


def test_counters_that_lie_are_found(engine, accepted):
    changed(engine, update(batch_counts).values(n=batch_counts.c.n + 1))
    assert check(engine, accepted).miscounted == 1


def test_a_crash_that_no_fault_explains_is_found_in_a_log():
    assert tracebacks_in('{"event": "x", "exception": "a.py:1 in f\\nbuiltins.KeyError"}')
    assert not tracebacks_in('{"event": "x", "exception": "psycopg.OperationalError"}')
    assert not tracebacks_in('{"event": "request", "status": 202}')
