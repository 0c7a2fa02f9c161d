"""Says week by week how far curators agree with the models and with each other, from the history of comments alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from alumusic.domain.agreement import Agreement, Pair, cohen_kappa
from alumusic.domain.comments import Origin
from alumusic.domain.weeks import Week, day_of
from alumusic.store.database import is_exactly
from alumusic.store.tables import classifications, users

CURATORS: Final = "curadoria"
MODEL: Final = "modelo"

_AT_ONCE: Final = 500
_SAID: Final = classifications.c


@dataclass(frozen=True, slots=True)
class _Opinion:
    comment_id: UUID
    category: str
    by: int | None
    """Who said it; None for a model."""
    at: datetime


def agreement_with_model(db: Connection, *, zone: ZoneInfo, since: datetime) -> list[Agreement]:
    """How far curators and the models agree on the class of comments, for each week since, the latest first.

    A comment counts once for each curator in each week in which they read it: by their first reading of that week,
    against what a model had last said by then. The queue of reviews begins with what a model is least sure of: where
    curators read only that, they agree less than they would on comments picked at random.
    """
    pairs: dict[Week, list[Pair]] = defaultdict(list)
    for history in _histories(db, since=since):
        said: str | None = None
        read: set[tuple[Week, int]] = set()
        for opinion in history:
            if opinion.by is None:
                said = opinion.category
                continue
            week = _week(opinion, zone)
            if said is not None and opinion.at >= since and (week, opinion.by) not in read:
                pairs[week].append((opinion.category, said))
            read.add((week, opinion.by))
    return [_agreement(week, (CURATORS, MODEL), pairs[week]) for week in sorted(pairs, reverse=True)]


def agreement_between_curators(db: Connection, *, zone: ZoneInfo, since: datetime) -> list[Agreement]:
    """How far each two curators agree, for each week since, the latest first.

    A comment counts for two people in the week in which the later of them read it; of somebody who read it more than
    once, the first reading counts, before anybody else's could be seen in the history.
    """
    pairs: dict[tuple[Week, tuple[int, int]], list[Pair]] = defaultdict(list)
    for history in _histories(db, since=since):
        readings: dict[int, _Opinion] = {}
        for opinion in history:
            if opinion.by is None or opinion.by in readings:
                continue
            for other, earlier in readings.items():
                if opinion.at >= since:
                    names = (min(other, opinion.by), max(other, opinion.by))
                    labels = (earlier.category, opinion.category)
                    pairs[_week(opinion, zone), names].append(labels if names[0] == other else labels[::-1])
            readings[opinion.by] = opinion
    emails = _emails(db, {person for _, names in pairs for person in names})
    return [
        _agreement(week, (emails[names[0]], emails[names[1]]), pairs[week, names])
        for week, names in sorted(pairs, key=lambda key: (key[0], key[1]), reverse=True)
    ]


def _agreement(week: Week, readers: tuple[str, str], pairs: Sequence[Pair]) -> Agreement:
    return Agreement(week, readers, len(pairs), sum(one == other for one, other in pairs), cohen_kappa(pairs))


def _week(opinion: _Opinion, zone: ZoneInfo) -> Week:
    return Week.of(day_of(opinion.at, zone))


def _histories(db: Connection, *, since: datetime) -> Iterable[list[_Opinion]]:
    """The history of every comment that a curator has read since, from its beginning."""
    by_people = is_exactly(_SAID.origin, Origin.CURATOR)
    # No DISTINCT here: for its sake SQLite would read every opinion in the order of the comments.
    ids = list(dict.fromkeys(db.scalars(select(_SAID.comment_id).where(by_people, _SAID.at >= since))))
    for start in range(0, len(ids), _AT_ONCE):
        rows = db.execute(
            select(_SAID.comment_id, _SAID.category, _SAID.origin, _SAID.by_user_id, _SAID.at)
            .where(_SAID.comment_id.in_(ids[start : start + _AT_ONCE]))
            .order_by(_SAID.comment_id, _SAID.generation)
        )
        histories: dict[UUID, list[_Opinion]] = defaultdict(list)
        for row in rows:
            if row.origin != Origin.CURATOR:
                histories[row.comment_id].append(_Opinion(row.comment_id, row.category, None, row.at))
            elif row.by_user_id is not None:
                histories[row.comment_id].append(_Opinion(row.comment_id, row.category, row.by_user_id, row.at))
        yield from histories.values()


def _emails(db: Connection, ids: set[int]) -> dict[int, str]:
    rows = db.execute(select(users.c.id, users.c.email).where(users.c.id.in_(ids))) if ids else ()
    return {row.id: row.email for row in rows}
