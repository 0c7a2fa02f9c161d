"""Keeps what was handed in, all or nothing, and rings for a worker."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, Engine

from alumusic.bell.bell import Bell
from alumusic.domain.batches import MAX_LISTED, BatchKind, Receipt
from alumusic.domain.comments import NewComment, Reject, RejectReason
from alumusic.domain.errors import ConflictError
from alumusic.domain.ids import time_ordered_id, time_ordered_ids
from alumusic.domain.weeks import day_of
from alumusic.ingest.ahead import one_ahead
from alumusic.store.batches import Delivery, close_batch, earlier_delivery, open_batch
from alumusic.store.incoming import CHUNK, IncomingComment, add_comments, find_clashes, given_id
from alumusic.store.rungs import ALONE, ANY_COMPANY
from alumusic.store.tombstones import (
    any_tombstone,
    let_nobody_erase,
    tombstone_hash,
    tombstone_of_words,
    tombstones_among,
)
from alumusic.store.words import indexed
from alumusic.text.attacks import looks_like_an_attack
from alumusic.text.names import fold_name
from alumusic.text.normalize import search_words

log: Final = structlog.get_logger(__name__)


@dataclass
class _Intake:
    """What has become of the rows so far."""

    batch_id: UUID
    total: int = 0
    duplicates: int = 0
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)
    accepted: list[UUID] = field(default_factory=list)

    def reject(self, reject: Reject) -> None:
        self.rejected += 1
        if len(self.rejects) < MAX_LISTED:
            self.rejects.append(reject)

    @property
    def listed(self) -> tuple[Reject, ...]:
        """The rejects in the order of their lines: in the answer, and in the answer to whoever asks again."""
        return tuple(sorted(self.rejects, key=lambda reject: reject.line))


def receive(
    rows: Iterable[NewComment | Reject],
    *,
    engine: Engine,
    bell: Bell,
    delivery: Delivery,
    kind: BatchKind,
    zone: ZoneInfo,
    now: datetime,
    name: str | None = None,
) -> Receipt:
    """Keep `rows` as one batch of PENDING comments, in one transaction, and ring for a worker.

    A comment whose id is here already counts as a duplicate; with another text it is a reject. Whatever `rows` raises
    on the way undoes all of it. Something that was handed in before gets the answer it got then.

    Raises:
        ConflictError: the only comment handed in has the id of another text.
        IdempotencyMismatchError: the key of `delivery` was used for another body.
    """
    with engine.begin() as db:
        earlier = earlier_delivery(db, delivery, now=now)
        if earlier is not None:
            return earlier
        let_nobody_erase(db)
        intake = _Intake(time_ordered_id(now))
        open_batch(db, batch_id=intake.batch_id, kind=kind, name=name, delivery=delivery, now=now)
        chunks = _chunks(rows, zone=zone, now=now)
        # The database works for as long as the reading takes, and without Python: a large file takes a third less.
        for chunk in one_ahead(chunks) if kind is BatchKind.FILE else chunks:
            _keep(db, chunk, intake, delivery=delivery, now=now)
        close_batch(
            db,
            batch_id=intake.batch_id,
            total=intake.total,
            duplicates=intake.duplicates,
            rejected=intake.rejected,
            rejects=intake.listed,
            now=now,
        )
    log.info("batch_kept", batch=str(intake.batch_id), total=intake.total, rejected=intake.rejected, kind=kind)
    # Only after the commit: a quick worker must be able to find the rows.
    if intake.total:
        bell.ring()
    return Receipt(
        batch_id=intake.batch_id,
        total=intake.total,
        duplicates=intake.duplicates,
        rejected=intake.rejected,
        rejects=intake.listed,
        accepted_ids=tuple(intake.accepted),
    )


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some of the rows: what can be kept, and what cannot."""

    incoming: list[IncomingComment]
    rejects: list[Reject]


def _chunks(rows: Iterable[NewComment | Reject], *, zone: ZoneInfo, now: datetime) -> Iterator[_Chunk]:
    today = day_of(now, zone)
    numbered = enumerate(rows, start=1)
    while piece := list(islice(numbered, CHUNK)):
        ids = time_ordered_ids(now, len(piece))
        yield _Chunk(
            [
                prepare(row, spare, line=line, zone=zone, now=now, today=today)
                for (line, row), spare in zip(piece, ids, strict=True)
                if not isinstance(row, Reject)
            ],
            [row for _, row in piece if isinstance(row, Reject)],
        )


def _keep(db: Connection, chunk: _Chunk, intake: _Intake, *, delivery: Delivery, now: datetime) -> None:
    for reject in chunk.rejects:
        intake.reject(reject)
    incoming = _without_erased(db, chunk.incoming, intake)
    if not incoming:
        return
    added = add_comments(db, incoming, batch_id=intake.batch_id, user_id=delivery.user_id, now=now)
    clashed: set[int] = set()
    if added < len(incoming):
        clashes = find_clashes(db, incoming, batch_id=intake.batch_id)
        for clash in clashes:
            clashed.add(clash.comment.line)
            if clash.same_text:
                intake.duplicates += 1
            else:
                intake.reject(Reject(clash.comment.place, RejectReason.CONFLICT, str(clash.comment.id)))
    intake.total += added
    room = MAX_LISTED - len(intake.accepted)
    intake.accepted += [comment.id for comment in incoming if comment.line not in clashed][: max(0, room)]


def _without_erased(db: Connection, incoming: list[IncomingComment], intake: _Intake) -> list[IncomingComment]:
    if not any_tombstone(db):
        return incoming
    names = [_names_of_erasure(comment) for comment in incoming]
    erased = tombstones_among(db, [name for of_one in names for name in of_one])
    kept = []
    for comment, of_one in zip(incoming, names, strict=True):
        if erased.isdisjoint(of_one):
            kept.append(comment)
        else:
            detail = str(comment.id) if comment.id_was_given else ""
            intake.reject(Reject(comment.place, RejectReason.ERASED, detail))
    return kept


def _names_of_erasure(comment: IncomingComment) -> list[bytes]:
    """Under which names this comment would be remembered, had it been erased: its id, and who said what."""
    names = [tombstone_hash(comment.id)] if comment.id_was_given else []
    author_key = comment.keys[0]
    return names if author_key is None else [*names, tombstone_of_words(author_key, comment.new.text)]


def prepare(new: NewComment, spare: UUID, *, line: int, zone: ZoneInfo, now: datetime, today: date) -> IncomingComment:
    """Work out all that the row of `new` needs besides what was handed in; it gets the id `spare` if it has none.

    `today` is the day of `now` in `zone`.
    """
    chosen = given_id(new)
    written_at = new.written_at or now
    return IncomingComment(
        new=new,
        id=chosen or spare,
        id_was_given=chosen is not None,
        line=line,
        words=indexed(search_words(new.text)),
        written_at=written_at,
        day=today if new.written_at is None else day_of(written_at, zone),
        keys=(_key(new.author), _key(new.source), _key(new.artist), _key(new.album), _key(new.song)),
        rung=ALONE if looks_like_an_attack(new.text) else ANY_COMPANY,
    )


def _key(name: str | None) -> str | None:
    return fold_name(name) if name is not None else None


def single_comment(receipt: Receipt) -> Receipt:
    """The receipt of a lone comment, which must not clash with another one.

    Raises:
        ConflictError: it has the id of a comment with another text, or of one that was erased.
    """
    for reject in receipt.rejects:
        raise ConflictError(reject.reason, id=reject.detail)
    return receipt
