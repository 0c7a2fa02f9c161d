"""Reads summaries for people: nothing is shown of a comment that was erased, even if it was a moment ago."""

from dataclasses import replace

from sqlalchemy import Connection

from alumusic.domain.errors import NotFoundError
from alumusic.domain.summaries import Summary
from alumusic.domain.weeks import Week
from alumusic.query.summaries import latest_summaries, summary_of
from alumusic.summarize.digest import without_erased


def read_summary(db: Connection, week: Week) -> Summary:
    """The summary of `week`.

    Raises:
        NotFoundError: there is none.
    """
    summary = summary_of(db, week)
    if summary is None:
        raise NotFoundError("resumo_nao_encontrado", semana=str(week))
    return _as_of_now(db, summary)


def read_latest_summary(db: Connection) -> Summary:
    """The summary of the latest week that has one.

    Raises:
        NotFoundError: there is none at all.
    """
    summaries = latest_summaries(db, limit=1)
    if not summaries:
        raise NotFoundError("nenhum_resumo")
    return _as_of_now(db, summaries[0])


def read_summaries(db: Connection, *, limit: int) -> list[Summary]:
    """The summaries of the latest weeks, the latest first."""
    return [_as_of_now(db, summary) for summary in latest_summaries(db, limit=limit)]


def _as_of_now(db: Connection, summary: Summary) -> Summary:
    return replace(summary, content=without_erased(db, summary.content))
