"""Answers people who ask what is kept of them, or to be forgotten (LGPD, art. 18)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Engine

from alumusic.accounts.audit import Event, record
from alumusic.domain.errors import NotFoundError
from alumusic.query.subjects import Written, count_of_author, next_after, next_of_author
from alumusic.store.changes import erase_held
from alumusic.store.database import reading
from alumusic.store.kept_answers import any_answer, forget_answers_to, hash_asked
from alumusic.store.opinions import hold
from alumusic.store.tables import comments
from alumusic.store.tombstones import keep_tombstones, tombstone_hash, tombstone_of_words
from alumusic.text.mask import mask
from alumusic.text.names import fold_name

PIECE: Final = 500
"""Comments that one transaction erases: others wait a fraction of a second for it, however many there are in all."""

_READ_AT_ONCE: Final = 2_000

SUBJECT: Final = "titular"
"""What the log of security calls a request of this kind."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an order to forget somebody did."""

    request_id: UUID
    """Stands in the log in place of the name, which must not be kept there."""
    comments: int
    done: bool
    """Whether nothing is left; else the order has to be given again."""


def check_author(engine: Engine, author: str, *, may_be_none: bool = False) -> int:
    """How many comments of `author` there are.

    Raises:
        NotFoundError: there is none, or that is no name.
    """
    found = 0
    if fold_name(author):
        with reading(engine) as db:
            found = count_of_author(db, author)
    if not found and not may_be_none:
        raise NotFoundError("titular_nao_encontrado")
    return found


def note_export(engine: Engine, *, by_user_id: int | None, comments_told: int, now: datetime) -> UUID:
    """Write down that somebody's data were handed out, without saying whose; returns the name of the request."""
    request_id = uuid4()
    with engine.begin() as db:
        record(
            db, Event.EXPORTED, now=now, user_id=by_user_id, subject=str(request_id), kind=SUBJECT,
            comments=comments_told,
        )  # fmt: skip
    return request_id


def forget_author(
    author: str,
    *,
    engine: Engine,
    forget_quotes: Callable[[Engine], None],
    by_user_id: int | None,
    now: datetime,
    stopping: Callable[[], bool] = lambda: False,
    watch: Callable[[int], None] = lambda _n: None,
) -> Erasure:
    """Erase every comment of `author`, with its history, its words in summaries and the answers kept for it.

    It goes in small transactions, so that nobody waits for long; what an interrupted order has erased stays erased.
    `forget_quotes` takes what is gone out of summaries. `watch` is told how many are gone.
    """
    erased, done = 0, False
    last: Written | None = None
    while not (done or stopping()):
        with reading(engine) as db:
            piece = next_of_author(db, author, after=last, limit=PIECE)
        erased += _erase(engine, piece, now=now)
        watch(erased)
        # Others may have handed in older ones meanwhile: the last look is from the start.
        done, last = not piece and last is None, piece[-1] if piece else None
    forget_quotes(engine)
    request_id = uuid4()
    with engine.begin() as db:
        record(
            db, Event.DELETED, now=now, user_id=by_user_id, subject=str(request_id), kind=SUBJECT, comments=erased,
            done=done,
        )  # fmt: skip
    return Erasure(request_id, erased, done)


def erase_again(
    hashes: Iterable[bytes], *, engine: Engine, forget_quotes: Callable[[Engine], None], now: datetime
) -> int:
    """Erase once more what was erased after a backup that has been restored, told by tombstones; return how many."""
    gone = frozenset(hashes)
    with engine.begin() as db:
        keep_tombstones(db, gone, now=now)
    erased, last = 0, 0
    while True:
        with reading(engine) as db:
            piece = next_after(db, last, limit=_READ_AT_ONCE)
        if not piece:
            break
        last = piece[-1].seq
        erased += _erase(engine, [one for one in piece if not gone.isdisjoint(_names_of(one))], now=now)
    forget_quotes(engine)
    with engine.begin() as db:
        record(db, Event.DELETED, now=now, kind="tombstones", comments=erased)
    return erased


def _erase(engine: Engine, piece: Sequence[Written], *, now: datetime) -> int:
    if not piece:
        return 0
    with reading(engine) as db:
        answers_are_kept = any_answer(db)
    # Before the transaction: masking takes a while, and others want to write.
    asked = [hash_asked(mask(one.text)) for one in piece] if answers_are_kept else []
    names = [name for one in piece for name in _names_of(one)]
    with engine.begin() as db:
        held = hold(db, comments.c.seq.in_([one.seq for one in piece]))
        erase_held(db, held, now=now)
        keep_tombstones(db, names, now=now)
        forget_answers_to(db, asked)
    return len(held)


def _names_of(one: Written) -> list[bytes]:
    """The tombstones of a comment: by its id, and by who said what."""
    names = [tombstone_hash(one.id)]
    return names if one.author_key is None else [*names, tombstone_of_words(one.author_key, one.text)]
