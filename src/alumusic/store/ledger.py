"""Keeps the ledger of calls to providers: what was asked, what it cost, and what came of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from alumusic.store.tables import provider_calls

ANSWERED: Final = "ok"
"""The outcome of a call that had a usable answer; any other outcome is the code of a trouble or of a failure."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call to a provider, with nothing of what was said."""

    at: datetime
    provider: str
    model: str
    purpose: str
    """What it was for: "classify", "summarize"."""
    prompt_version: str | None
    items: int
    """Comments it was about."""
    outcome: str
    milliseconds: int
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_microdollars: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """What the calls of one model with one prompt came to."""

    provider: str
    model: str
    purpose: str
    prompt_version: str | None
    outcome: str
    calls: int
    items: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_microdollars: int
    milliseconds: int
    """Of all calls together."""


def write_down(db: Connection, call: Call) -> None:
    """Add a call to the ledger."""
    db.execute(insert(provider_calls), [asdict(call)])


def accounts(db: Connection, *, since: datetime, until: datetime) -> list[Account]:
    """What was called from `since` to before `until`, by provider, model, purpose, prompt and outcome."""
    c = provider_calls.c
    keys = (c.provider, c.model, c.purpose, c.prompt_version, c.outcome)
    sums = (c["items"], c.input_tokens, c.cached_tokens, c.output_tokens, c.cost_microdollars, c.milliseconds)
    rows = db.execute(
        select(*keys, func.count(), *(func.sum(column) for column in sums))
        .where(c.at >= since, c.at < until)
        .group_by(*keys)
        .order_by(*keys)
    )
    return [_account(row) for row in rows]


def _account(row: Sequence[object]) -> Account:
    # PostgreSQL sums integers to decimals.
    words, figures = row[:5], [int(str(figure)) for figure in row[5:]]
    return Account(*words, *figures)  # type: ignore[arg-type]


def forget_calls(db: Connection, *, before: datetime) -> int:
    """Drop what is older; return how many calls."""
    return db.execute(delete(provider_calls).where(provider_calls.c.at < before)).rowcount
