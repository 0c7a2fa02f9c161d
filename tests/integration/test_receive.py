"""What is handed in is kept once, as a whole or not at all."""

from datetime import timedelta
from uuid import uuid4

import pytest

from alumusic.domain.batches import BatchKind
from alumusic.domain.comments import NewComment, Reject, RejectReason
from alumusic.domain.errors import IdempotencyMismatchError
from alumusic.ingest.receive import receive
from alumusic.store.batches import Delivery
from tests.examples import MONDAY_NOON, SAO_PAULO, handed_in, stored
from tests.fakes import FakeBell


def test_comments_are_kept_in_the_order_in_which_they_came(engine):
    receipt = handed_in(engine, "um", "dois", "três")

    assert [comment.text for comment in stored(engine)] == ["um", "dois", "três"]
    assert receipt.total == 3
    assert list(receipt.accepted_ids) == [comment.id for comment in stored(engine)]


def test_all_that_was_said_of_a_comment_is_kept(engine):
    written = MONDAY_NOON - timedelta(days=3)
    new = NewComment(
        "Ótima!", written_at=written, author="Caio", source="youtube", artist="Anitta", album="X", song="Y",
        url="https://exemplo.com/1", external_id="abc", extra={"curtidas": 3, "ruído": [1, None]},
    )  # fmt: skip

    handed_in(engine, new)

    comment = stored(engine)[0]
    assert (comment.author, comment.source, comment.artist, comment.album, comment.song) == (
        "Caio", "youtube", "Anitta", "X", "Y",
    )  # fmt: skip
    assert comment.extra == {"curtidas": 3, "ruído": [1, None]}
    assert (comment.url, comment.external_id) == ("https://exemplo.com/1", "abc")
    assert (comment.written_at, comment.received_at) == (written, MONDAY_NOON)


def test_the_same_comment_twice_is_a_duplicate(engine):
    id_ = uuid4()
    handed_in(engine, NewComment("a", id=id_))

    again = handed_in(engine, NewComment("a", id=id_), "b")

    assert (again.total, again.duplicates, again.rejected) == (1, 1, 0)
    assert len(stored(engine)) == 2


def test_the_same_source_and_external_id_are_the_same_comment(engine):
    handed_in(engine, NewComment("a", source="app", external_id="7"))

    again = handed_in(engine, NewComment("a", source="app", external_id="7"))

    assert (again.total, again.duplicates) == (0, 1)


def test_one_id_twice_in_one_batch_is_kept_once(engine):
    id_ = uuid4()

    receipt = handed_in(engine, NewComment("a", id=id_), NewComment("a", id=id_), NewComment("b", id=id_))

    assert (receipt.total, receipt.duplicates, receipt.rejected) == (1, 1, 1)
    assert receipt.rejects[0].reason is RejectReason.CONFLICT
    assert [comment.text for comment in stored(engine)] == ["a"]


def test_rejects_are_counted_and_listed(engine):
    receipt = handed_in(engine, "a", Reject(2, RejectReason.EMPTY_TEXT), "b")

    assert (receipt.total, receipt.rejected) == (2, 1)
    assert receipt.rejects == (Reject(2, RejectReason.EMPTY_TEXT),)


def test_whatever_goes_wrong_on_the_way_keeps_nothing(engine):
    def rows():
        for n in range(6_000):
            yield NewComment(f"linha {n}")
        raise ValueError("the file broke here")

    with pytest.raises(ValueError, match="broke here"):
        receive(
            rows(), engine=engine, bell=FakeBell(), delivery=Delivery(user_id=None), kind=BatchKind.FILE,
            zone=SAO_PAULO, now=MONDAY_NOON,
        )  # fmt: skip

    assert stored(engine) == []


def test_a_key_that_comes_again_gets_the_same_answer_and_keeps_nothing(engine, user_id):
    delivery = Delivery(user_id=user_id, key="k1", request_hash=b"x" * 32)
    first = handed_in(engine, "a", delivery=delivery)

    again = handed_in(engine, "a", delivery=delivery)

    assert again.replayed
    assert (again.batch_id, again.total, again.accepted_ids) == (first.batch_id, 1, first.accepted_ids)
    assert len(stored(engine)) == 1


def test_a_key_that_comes_again_with_another_body_is_refused(engine, user_id):
    handed_in(engine, "a", delivery=Delivery(user_id=user_id, key="k1", request_hash=b"x" * 32))

    with pytest.raises(IdempotencyMismatchError):
        handed_in(engine, "b", delivery=Delivery(user_id=user_id, key="k1", request_hash=b"y" * 32))


def test_the_same_file_twice_is_recognised(engine, user_id):
    delivery = Delivery(user_id=user_id, content_hash=b"f" * 32)
    first = handed_in(engine, "a", delivery=delivery)

    again = handed_in(engine, "a", delivery=delivery)

    assert again.replayed
    assert again.batch_id == first.batch_id


def test_nobody_is_woken_for_nothing(engine):
    bell = FakeBell()

    handed_in(engine, Reject(1, RejectReason.EMPTY_TEXT), bell=bell)

    assert bell.rings == 0
