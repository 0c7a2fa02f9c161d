"""In how large a company a comment is claimed: who makes calls hang is found by halves, and holds up few."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, case, or_, update

from alumusic.store.tables import comments

ANY_COMPANY: Final = 0
A_FEW: Final = 1
ALONE: Final = 2


def step_down(db: Connection, *, lease: UUID, ids: Sequence[UUID]) -> int:
    """Have comments that are held under `lease` claimed in smaller company from now on; return how many.

    One rung below where they stand by their attempts or an earlier step: any company, a few, alone.
    """
    c = comments.c
    return db.execute(
        update(comments)
        .where(c.lease == lease, c.id.in_(ids))
        .values(rung=case((or_(c.rung > ANY_COMPANY, c.attempts > 0), ALONE), else_=A_FEW))
    ).rowcount
