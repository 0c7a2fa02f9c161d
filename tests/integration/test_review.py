"""Curators look at what a model is unsure of, and what they say is measured, trained with and shown to models."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from alumusic.domain.comments import Category
from alumusic.query.agreement import agreement_between_curators, agreement_with_model
from alumusic.query.review import (
    CorrectedExamples,
    corrected_comments,
    review_queue,
    review_state,
    second_reading_queue,
)
from alumusic.store.changes import correct
from alumusic.store.database import reading
from alumusic.store.tables import users
from tests.examples import MONDAY_NOON, SAO_PAULO
from tests.insight import Labelled, labelled

LONG_AGO = MONDAY_NOON - timedelta(days=365)


@pytest.fixture
def bia(engine):
    with engine.begin() as db:
        row = insert(users).values(email="bia@exemplo.com", password_hash="-", role="admin", created_at=MONDAY_NOON)
        return db.execute(row.returning(users.c.id)).scalar_one()


def says(engine, comment, category, *, by, at=MONDAY_NOON, tags=None):
    with engine.begin() as db:
        assert correct(db, comment_id=comment, category=category, tags=tags, by_user_id=by, now=at) is not None


def test_the_queue_begins_with_what_the_model_is_least_sure_of(engine, user_id):
    ids = labelled(engine, [Labelled("a b", confidence=0.7), Labelled("c d", confidence=0.3),
                            Labelled("e f", confidence=0.5)])  # fmt: skip

    with reading(engine) as db:
        assert [one.text for one in review_queue(db, limit=10)] == ["c d", "e f", "a b"]
        assert [one.text for one in review_queue(db, limit=10, below=0.6, skip={ids[1]})] == ["e f"]
        assert (review_state(db).waiting, review_state(db).reviewed) == (2, 0)
    says(engine, ids[1], Category.PRAISE, by=user_id)
    with reading(engine) as db:
        assert [one.text for one in review_queue(db, limit=10)] == ["e f", "a b"]
        assert (review_state(db).waiting, review_state(db).reviewed) == (1, 1)


def test_a_second_reading_is_blind_and_offered_to_others_only(engine, user_id, bia):
    [comment] = labelled(engine, [Labelled("dúbio", Category.CRITICISM, ("show_som",), 0.4)])
    says(engine, comment, Category.PRAISE, by=user_id)

    with reading(engine) as db:
        assert second_reading_queue(db, user_id=user_id, limit=10) == []
        [offered] = second_reading_queue(db, user_id=bia, limit=10)
    assert (offered.category, offered.confidence, offered.tags) == (Category.CRITICISM, 0.4, ("show_som",))
    says(engine, comment, Category.PRAISE, by=bia)
    with reading(engine) as db:
        assert second_reading_queue(db, user_id=bia, limit=10) == []


def test_agreement_with_the_model_counts_in_the_week_of_the_reading(engine, user_id):
    ids = labelled(engine, [Labelled(f"texto {n}", list(Category)[n % 3]) for n in range(9)])
    for n, id_ in enumerate(ids):
        at = MONDAY_NOON if n < 6 else MONDAY_NOON + timedelta(days=7)
        says(engine, id_, Category.PRAISE if n == 1 else list(Category)[n % 3], by=user_id, at=at)

    with reading(engine) as db:
        found = agreement_with_model(db, zone=SAO_PAULO, since=LONG_AGO)

    assert [(str(one.week), one.n, one.agreed) for one in found] == [("2026-W49", 3, 3), ("2026-W48", 6, 5)]
    assert found[0].kappa == 1.0
    assert found[1].kappa == pytest.approx(0.75)


def test_a_comment_counts_once_a_week_for_each_curator_however_often_they_touch_it(engine, user_id, bia):
    ids = labelled(engine, [Labelled("texto 1"), Labelled("texto 2")])
    says(engine, ids[0], Category.PRAISE, by=user_id)
    for hours, tags in ((1, ["refrao"]), (2, ["refrao", "melodia"])):
        says(engine, ids[0], None, by=user_id, at=MONDAY_NOON + timedelta(hours=hours), tags=tags)
    says(engine, ids[0], Category.CRITICISM, by=bia, at=MONDAY_NOON + timedelta(hours=3))
    says(engine, ids[1], Category.CRITICISM, by=user_id)
    says(engine, ids[0], Category.CRITICISM, by=user_id, at=MONDAY_NOON + timedelta(days=7))

    with reading(engine) as db:
        found = agreement_with_model(db, zone=SAO_PAULO, since=LONG_AGO)
        later = agreement_with_model(db, zone=SAO_PAULO, since=MONDAY_NOON + timedelta(minutes=90))

    assert [(str(one.week), one.n, one.agreed) for one in found] == [("2026-W49", 1, 1), ("2026-W48", 3, 2)]
    # Who began to read before it was asked about is not counted by what they said later in that week.
    assert [(str(one.week), one.n, one.agreed) for one in later] == [("2026-W49", 1, 1), ("2026-W48", 1, 1)]


def test_two_curators_agree_by_their_first_readings(engine, user_id, bia):
    ids = labelled(engine, [Labelled(f"texto {n}") for n in range(4)])
    of_ana = [Category.PRAISE, Category.PRAISE, Category.SPAM, Category.SPAM]
    of_bia = [Category.PRAISE, Category.SPAM, Category.SPAM, Category.SPAM]
    for id_, one, other in zip(ids, of_ana, of_bia, strict=True):
        says(engine, id_, one, by=user_id)
        says(engine, id_, other, by=bia, at=MONDAY_NOON + timedelta(hours=1))
    says(engine, ids[1], Category.PRAISE, by=bia, at=MONDAY_NOON + timedelta(hours=2))

    with reading(engine) as db:
        [found] = agreement_between_curators(db, zone=SAO_PAULO, since=LONG_AGO)

    assert found.readers == ("ana@exemplo.com", "bia@exemplo.com")
    assert (found.n, found.agreed, found.kappa) == (4, 3, pytest.approx(0.5))


def test_what_curators_decided_are_rows_to_train_with_the_latest_word_counting(engine, user_id):
    ids = labelled(engine, [Labelled("Voz linda!", Category.CRITICISM), Labelled("sem revisão"),
                            Labelled("voz  LINDA", Category.CRITICISM)])  # fmt: skip
    says(engine, ids[0], Category.PRAISE, by=user_id, tags=["qualidade_vocal"])
    says(engine, ids[2], Category.SPAM, by=user_id, at=MONDAY_NOON + timedelta(hours=1), tags=[])

    with reading(engine) as db:
        found = corrected_comments(db)

    assert [(one.text, one.classification.category, one.classification.tags) for one in found] == [
        ("voz  LINDA", Category.SPAM, ())
    ]


def test_the_nearest_corrected_comments_share_rare_words_and_never_come_from_an_eval_set(engine, user_id):
    given = ["o som do show abafou a voz", "o som da fila", "que clipe lindo", "o som do palco abafou tudo"]
    for id_ in labelled(engine, [Labelled(text) for text in given]):
        says(engine, id_, Category.CRITICISM, by=user_id)

    with reading(engine) as db:
        examples = CorrectedExamples.load(db, never=["O som do palco ABAFOU tudo!"])
    near = examples.nearest("abafou a voz no show", limit=2)

    assert near[0].text == given[0]
    assert given[3] not in {one.text for one in examples.nearest(given[3] + " mesmo", limit=9, at_least=0)}
    assert given[0] not in {one.text for one in examples.nearest(given[0], limit=9, at_least=0)}
