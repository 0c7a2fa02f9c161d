"""What must be true of the rows after every fault, asked of the database itself."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Engine, func, select

from alumusic.domain.comments import Origin, Status
from alumusic.store.database import reading
from alumusic.store.tables import batch_counts, batches, classifications, comments
from tests.chaos.listeners import right_category


@dataclass
class Verdict:
    """What was found."""

    accepted: int = 0
    stored: int = 0
    lost: int = 0
    doubled: int = 0
    """Classifications beyond the one of the generation that is in effect."""
    unclassified: int = 0
    """Comments that are done and have no classification."""
    strangers: int = 0
    """Rows that nobody was told about."""
    unfinished: int = 0
    failed: int = 0
    wrong: int = 0
    """Classifications that do not fit their text."""
    miscounted: int = 0
    """Batches whose counters differ from their rows."""
    most_attempts: int = 0
    tracebacks: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        bad = (
            self.lost, self.doubled, self.unclassified, self.strangers, self.unfinished, self.failed, self.wrong,
            self.miscounted,
        )  # fmt: skip
        return not any(bad) and not self.tracebacks


def check(engine: Engine, accepted: Collection[UUID], *, judged_by_stub: bool = True) -> Verdict:
    """Compare the rows with what clients were told, and the classifications with the texts."""
    verdict = Verdict(accepted=len(accepted))
    c, k = comments.c, classifications.c
    with reading(engine) as db:
        kept = db.execute(select(c.id, c.text, c.status, c.generation, c.category, c.attempts))
        rows = {row.id: row for row in kept}
        told = list(db.execute(select(k.comment_id, k.generation, k.category, k.origin)))
        verdict.miscounted = _miscounted(db)
    wanted = set(accepted)
    verdict.stored = len(rows)
    verdict.lost = len(wanted - rows.keys())
    verdict.strangers = len(rows.keys() - wanted)
    verdict.unfinished = sum(row.status not in {Status.DONE, Status.FAILED} for row in rows.values())
    verdict.failed = sum(row.status == Status.FAILED for row in rows.values())
    verdict.most_attempts = max((row.attempts for row in rows.values()), default=0)
    opinions = {(told_of.comment_id, told_of.generation): told_of for told_of in told}
    done = [row for row in rows.values() if row.status == Status.DONE]
    # The key forbids two of one generation; none at all, or one of a generation that is not in effect, is as wrong.
    wanted_opinions = {(row.id, row.generation) for row in done}
    verdict.doubled = len(opinions.keys() - wanted_opinions)
    verdict.unclassified = len(wanted_opinions - opinions.keys())
    if judged_by_stub:
        verdict.wrong = sum(
            opinions[row.id, row.generation].origin == Origin.LLM
            and (row.category != right_category(row.text) or opinions[row.id, row.generation].category != row.category)
            for row in done
            if (row.id, row.generation) in opinions
        )
    return verdict


def _miscounted(db) -> int:
    n = batch_counts.c
    counted = dict(db.execute(select(n.batch_id, func.sum(n.n)).group_by(n.batch_id)).all())
    final = dict(
        db.execute(
            select(comments.c.batch_id, func.count())
            .where(comments.c.status.in_([Status.DONE, Status.FAILED]))
            .group_by(comments.c.batch_id)
        ).all()
    )
    total = dict(db.execute(select(batches.c.id, batches.c.total)).all())
    return sum(counted.get(id_, 0) != final.get(id_, 0) or final.get(id_, 0) > total[id_] for id_ in total)


# What a fault may make a process say; anything else that looks like a crash of ours counts.
_EXPECTED = re.compile(
    r"OperationalError|InterfaceError|AdminShutdown|CannotConnectNow|ConnectionError|ConnectionReset|ConnectionRefused|"
    r"TimeoutError|BrokenPipe|WorkerLostError|broker_away|Connection refused|consumer: Cannot connect|"
    r"connection to broker lost|IdleInTransaction|DatabaseError: |SSL|server closed|IncompleteRead|"
    r"RecoverableConnectionError|UnexpectedFrame|Connection to broker lost|CrashShutdown|PreconditionFailed|"
    r"AMQPError|ConnectionForced|ResourceError|NotFound|InternalError"
)


def tracebacks_in(output: str) -> list[str]:
    """Lines of a log that tell of a crash which no fault of ours explains."""
    found = []
    for line in output.splitlines():
        looks_bad = '"exception"' in line or line.startswith("Traceback") or '"level": "critical"' in line
        if looks_bad and not _EXPECTED.search(line):
            found.append(line[:600])
    return found
