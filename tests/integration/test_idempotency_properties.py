"""One key, one effect: whoever repeats a request in whatever order, or at the same time as somebody else."""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from alumusic.domain.batches import BatchKind, Receipt
from alumusic.domain.comments import NewComment, Reject, RejectReason
from alumusic.domain.errors import IdempotencyMismatchError
from alumusic.domain.users import Role
from alumusic.ingest.receive import receive
from alumusic.store.batches import Delivery
from alumusic.store.changes import erase
from alumusic.store.database import reading
from alumusic.store.tables import batches, comments, idempotency
from tests.examples import MONDAY_NOON, SAO_PAULO, stored
from tests.fakes import FakeBell
from tests.fragile import emptied, quick

IDS = [UUID(int=n, version=4) for n in range(1, 4)]
ROWS = st.lists(
    st.one_of(
        st.sampled_from(["a", "b", "c"]).map(NewComment),
        # The same id with one text or another: new, a duplicate or a conflict, according to what came before.
        st.builds(lambda text, id_: NewComment(text, id=id_), st.sampled_from(["a", "b"]), st.sampled_from(IDS)),
        st.just(Reject(1, RejectReason.EMPTY_TEXT)),
    ),
    max_size=5,
)
REQUESTS = st.lists(st.tuples(st.sampled_from([None, "k1", "k2", "k3"]), ROWS, st.booleans()), min_size=1, max_size=8)


def in_lines(rows: list[NewComment | Reject]) -> list[NewComment | Reject]:
    """The rows with their rejects on the lines on which they stand."""
    return [replace(row, line=line) if isinstance(row, Reject) else row for line, row in enumerate(rows, 1)]


def hand_in(engine: Engine, user_id: int, key: str | None, rows: list[NewComment | Reject], *, file: bool) -> Receipt:
    fingerprint = hashlib.sha256(repr((file, rows)).encode()).digest()
    return receive(
        in_lines(rows),
        engine=engine,
        bell=FakeBell(),
        delivery=Delivery(user_id, key, fingerprint, fingerprint if file else None),
        kind=BatchKind.FILE if file else BatchKind.COMMENTS,
        zone=SAO_PAULO,
        now=MONDAY_NOON,
    )


@pytest.mark.slow
def test_any_sequence_of_keys_and_bodies_has_one_effect_per_key(engine):
    quick(engine)

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(requests=REQUESTS, again=st.lists(st.integers(0, 7), max_size=8))
    def repeat(requests: list[tuple[str | None, list[NewComment | Reject], bool]], again: list[int]) -> None:
        user_id = emptied(engine)
        by_key: dict[str, tuple[object, Receipt]] = {}
        by_content: dict[str, Receipt] = {}
        kept = effects = 0
        for key, rows, file in [*requests, *(requests[at % len(requests)] for at in again)]:
            body = repr((file, rows))
            if key in by_key and by_key[key][0] != body:
                with pytest.raises(IdempotencyMismatchError):
                    hand_in(engine, user_id, key, rows, file=file)
                continue
            receipt = hand_in(engine, user_id, key, rows, file=file)
            first = by_key[key][1] if key in by_key else by_content.get(body) if file else None
            if first is not None:
                assert receipt == replace(first, replayed=True, known_file=key not in by_key)
                if key is not None:
                    by_key[key] = (body, first)
            else:
                assert not receipt.replayed
                assert receipt.total + receipt.duplicates + receipt.rejected == len(rows)
                kept, effects = kept + receipt.total, effects + 1
                if key is not None:
                    by_key[key] = (body, receipt)
                if file:
                    by_content[body] = receipt
        assert len(stored(engine)) == kept
        with reading(engine) as db:
            assert db.scalar(select(func.count()).select_from(batches)) == effects
            assert set(db.scalars(select(idempotency.c.key))) == set(by_key)

    repeat()


def at_once(*actions: Callable[[], object]) -> list[object]:
    """What each action returned, or what it raised; all of them begin together."""
    start = threading.Barrier(len(actions))
    results: list[object] = [None] * len(actions)

    def run(at: int) -> None:
        start.wait()
        try:
            results[at] = actions[at]()
        except Exception as trouble:  # noqa: BLE001 - told to the test
            results[at] = trouble

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


@pytest.mark.parametrize("file", [False, True])
def test_two_at_once_with_one_key_get_one_answer(engine, user_id, file):
    rows: list[NewComment | Reject] = [NewComment("a"), NewComment("b", id=IDS[0]), Reject(3, RejectReason.EMPTY_TEXT)]
    for turn in range(12):
        results = at_once(*[lambda turn=turn: hand_in(engine, user_id, f"k{turn}", rows, file=file)] * 3)

        receipts = [result for result in results if isinstance(result, Receipt)]
        assert len(receipts) == 3, results
        assert len({receipt.batch_id for receipt in receipts}) == 1
        # A file is known by its content too, whatever the key.
        assert sorted(receipt.replayed for receipt in receipts) == [file and turn > 0, True, True]
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(batches)) == (1 if file else 12)
        assert db.scalar(select(func.count()).where(comments.c.id == IDS[0])) == 1


def test_two_at_once_with_one_key_and_other_bodies_get_one_refusal(engine, user_id):
    for turn in range(8):
        results = at_once(
            *(
                lambda turn=turn, text=text: hand_in(engine, user_id, f"k{turn}", [NewComment(text)], file=False)
                for text in ("a", "b")
            )
        )

        assert {type(result) for result in results} == {IdempotencyMismatchError, Receipt}, results
    assert len(stored(engine)) == 8


def test_the_same_file_from_two_at_once_without_a_key_is_kept_once(engine, user_id):
    results = at_once(*[lambda: hand_in(engine, user_id, None, [NewComment("a")], file=True)] * 4)

    assert len({result.batch_id for result in results if isinstance(result, Receipt)}) == 1
    assert len(stored(engine)) == 1


def test_lists_that_cross_each_other_are_kept_once_or_asked_to_come_again(house):
    """On PostgreSQL two transactions may wait for each other's ids; the one that is broken off keeps nothing."""
    clients = [house.client_of(Role.CURATOR), house.client_of(Role.ADMIN)]
    for turn in range(4):
        rows = [{"id": str(UUID(int=turn * 10**6 + n, version=4)), "texto": f"{turn}/{n}"} for n in range(400)]

        def send(client: object, body: object) -> int:
            return client.post("/api/comentarios", json=body).status_code  # type: ignore[attr-defined]

        codes = at_once(lambda: send(clients[0], rows), lambda: send(clients[1], rows[::-1]))  # noqa: B023
        assert set(codes) <= {202, 503}, codes
        for client in clients:
            assert send(client, rows) == 202
    with reading(house.engine) as db:
        assert db.scalar(select(func.count()).select_from(comments)) == 4 * 400


def test_a_comment_that_is_sent_again_while_it_is_erased_does_not_come_back(engine, user_id):
    rows: list[NewComment | Reject] = [NewComment("a", id=IDS[0])]
    hand_in(engine, user_id, None, rows, file=False)
    erasing = threading.Event()

    def erase_slowly() -> None:
        with engine.begin() as db:
            assert erase(db, comment_id=IDS[0], now=MONDAY_NOON)
            erasing.set()
            time.sleep(0.3)

    def send_again() -> Receipt:
        assert erasing.wait(60)
        return hand_in(engine, user_id, None, rows, file=False)

    _, receipt = at_once(erase_slowly, send_again)

    assert isinstance(receipt, Receipt), receipt
    assert [reject.reason for reject in receipt.rejects] == [RejectReason.ERASED]
    assert stored(engine) == []
