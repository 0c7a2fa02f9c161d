"""Writes the summaries of weeks: figures from the database, sentences from a model or a template, all with evidence."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, Engine

from alumusic.domain.comments import Origin
from alumusic.domain.errors import InvalidInputError, ProviderTroubleError, UnusableAnswerError
from alumusic.domain.summaries import Highlight, Summary, SummaryContent, Trouble, WeekFacts
from alumusic.domain.weeks import Week, day_of
from alumusic.llm.model import LanguageModel
from alumusic.query.counts import first_day
from alumusic.query.summaries import KeptTotal, erased_among, kept_totals, latest_summaries, totals_of_weeks
from alumusic.store.database import reading
from alumusic.store.summaries import MOST_ATTEMPTS, attempts_at, claim_due, keep, make_due, put_off, rewrite
from alumusic.summarize.asking import CLAIMS_SCHEMA, ask_for_claims, comments_for_model, prompt
from alumusic.summarize.facts import facts_of
from alumusic.summarize.sample import Sampled, sample_of
from alumusic.summarize.template import written_by_template
from alumusic.summarize.verify import Numbers, Verified, verify_claims

log: Final = structlog.get_logger(__name__)

PROMPT_VERSION: Final = "resumo-1"
TEMPLATE: Final = "modelo-de-texto-1"
"""What is named as the model of a summary that no model wrote."""

CATCH_UP_WEEKS: Final = 12
"""Weeks back for which a missing summary is written unasked; older ones are written when somebody asks."""

GROWN_BY: Final = 0.2
"""A summary is written again when its week has so much more than it counted: late files, or a queue that was long."""

MOST_SENTENCES: Final = 7
LONGEST_PROSE: Final = 1_500
"""Characters that a model's sentences and their quotes may have in all."""

_MAX_OUTPUT_TOKENS: Final = 2_000
_TRY_AGAIN: Final = timedelta(hours=1)
_KEPT_LONG: Final = 520
"""Summaries that are looked through for comments which were erased: those of ten years."""


@dataclass(frozen=True, slots=True)
class _Prose:
    """What was written about a week, and by whom."""

    highlights: tuple[Highlight, ...]
    origin: Origin
    model: str
    prompt_version: str | None = None
    trouble: Trouble | None = None
    dropped: int = 0


def write_due_summaries(engine: Engine, model: LanguageModel | None, *, zone: ZoneInfo, now: datetime) -> list[Week]:
    """Write every summary that is missing, was asked for, or has grown old; return the weeks that were due.

    Run hourly and at start by any number of processes at once: each week is written by one of them. What was erased
    since is taken out of older summaries on the way.
    """
    due = []
    try:
        with engine.begin() as db:
            make_due(db, _weeks_wanted(db, zone=zone, now=now), now=now)
        while (week := write_next_summary(engine, model, zone=zone, now=now)) is not None:
            due.append(week)
    finally:
        # Whatever goes wrong with what is new, no erased word stays because of it.
        forget_erased(engine)
    return due


def request_summary(engine: Engine, week: Week | None, *, zone: ZoneInfo, now: datetime) -> Week:
    """Note that a summary of `week` is wanted, and return which: the latest week that is over and has comments, or the
    current one, when nobody says.

    Raises:
        InvalidInputError: that week has not begun.
    """
    if week is not None and week > Week.of(day_of(now, zone)):
        raise InvalidInputError("semana_futura", semana=str(week))
    with engine.begin() as db:
        chosen = week or _latest_week(db, day_of(now, zone))
        make_due(db, [chosen], now=now, asked=True)
    return chosen


def write_next_summary(engine: Engine, model: LanguageModel | None, *, zone: ZoneInfo, now: datetime) -> Week | None:
    """Take one due week in hand and write its summary; None when nothing is due.

    A week that fails keeps no other from being written: it is tried again later, and given up after so many attempts.
    """
    with engine.begin() as db:
        claimed = claim_due(db, now=now)
        attempts = attempts_at(db, claimed[0]) if claimed else 0
    if claimed is None:
        return None
    week, lease = claimed
    later = now + _TRY_AGAIN if attempts < MOST_ATTEMPTS else None
    # One attempt too many: whoever had the last one died of it, or of something else.
    if attempts > MOST_ATTEMPTS or not _wrote(engine, model, week, lease=lease, later=later, zone=zone, now=now):
        with engine.begin() as db:
            put_off(db, week, lease=lease, again_at=later)
        log.error("summary_put_off" if later else "summary_given_up", week=str(week), attempts=attempts)
    return week


def _wrote(
    engine: Engine,
    model: LanguageModel | None,
    week: Week,
    *,
    lease: UUID,
    later: datetime | None,
    zone: ZoneInfo,
    now: datetime,
) -> bool:
    """Whether the summary of `week` could be written; a surprise is written down."""
    try:
        summary = write_summary(engine, model, week, zone=zone, now=now)
        # The template stands in at once; the model gets its chance again while that is of use to anybody.
        again_at = later if summary.trouble is Trouble.UNAVAILABLE else None
        with engine.begin() as db:
            keep(db, summary, lease=lease, again_at=again_at)
    except Exception:
        log.exception("summary_failed", week=str(week))
        return False
    log.info("summary_written", week=str(week), origin=summary.origin, trouble=summary.trouble)
    return True


def write_summary(engine: Engine, model: LanguageModel | None, week: Week, *, zone: ZoneInfo, now: datetime) -> Summary:
    """Write the summary of `week`; no transaction is open while a model thinks, and its failure is never fatal."""
    with reading(engine) as db:
        facts = facts_of(db, week, zone=zone)
        sample = sample_of(db, week, facts, zone=zone)
    prose = _prose(model, facts, sample)
    content = SummaryContent(
        facts=facts,
        highlights=prose.highlights,
        considered=len(sample),
        dropped=prose.dropped,
        partial=now < week.end(zone),
    )
    return Summary(week, content, prose.origin, prose.model, prose.prompt_version, prose.trouble, generated_at=now)


def _prose(model: LanguageModel | None, facts: WeekFacts, sample: list[Sampled]) -> _Prose:
    if model is None or not sample:
        return _Prose(written_by_template(facts, sample), Origin.LOCAL, TEMPLATE)
    trouble, dropped = None, 0
    try:
        verified = _asked(model, facts, sample)
    except ProviderTroubleError as error:
        log.warning("summary_without_model", reason=error.reason)
        trouble = Trouble.UNAVAILABLE
    except UnusableAnswerError as error:
        log.warning("summary_without_model", reason=error.reason)
        trouble = Trouble.UNUSABLE
    else:
        if verified.highlights:
            return _Prose(
                verified.highlights, Origin.LLM, model.name, prompt_version=PROMPT_VERSION, dropped=verified.dropped
            )
        trouble, dropped = Trouble.UNFOUNDED, verified.dropped
    return _Prose(written_by_template(facts, sample), Origin.LOCAL, TEMPLATE, trouble=trouble, dropped=dropped)


def _asked(model: LanguageModel, facts: WeekFacts, sample: list[Sampled]) -> Verified:
    answer = ask_for_claims(
        model,
        instructions=prompt("week"),
        data={"fatos": facts_for_model(facts), "comentarios": comments_for_model(sample)},
        schema=CLAIMS_SCHEMA,
        name="resumo_semanal",
        max_output_tokens=_MAX_OUTPUT_TOKENS,
    )
    return verify_claims(answer["afirmacoes"], sample, Numbers.of(facts), most=MOST_SENTENCES, longest=LONGEST_PROSE)


def facts_for_model(facts: WeekFacts) -> dict[str, Any]:
    """The figures of a week under Portuguese names. Names of artists are left out: strangers chose them."""
    return {
        "semana": facts.week,
        "total": facts.total,
        "total_semana_anterior": facts.total_before,
        "classes": [
            {
                "classe": of.category,
                "total": of.n,
                "parte_em_%": of.share,
                "variacao_em_pontos": of.change,
                "variacao_contra_quatro_semanas_em_pontos": of.change_of_four,
                "assuntos": [{"assunto": tag.code, "total": tag.n, "antes": tag.before} for tag in of.tags],
            }
            for of in facts.categories
        ],
        "em_alta": [
            {"classe": r.category, "assunto": r.code, "total": r.n, "esperado": r.expected, "novo": r.new}
            for r in facts.rising
        ],
    }


# --- which weeks want a summary ---------------------------------------------------------------------------------


def _weeks_wanted(db: Connection, *, zone: ZoneInfo, now: datetime) -> list[Week]:
    """The weeks that are over and have comments, and whose summary is missing, was early, or counted far fewer."""
    current = Week.of(day_of(now, zone))
    weeks = [current.back(n) for n in range(1, CATCH_UP_WEEKS + 1)]
    totals, kept = totals_of_weeks(db, weeks), kept_totals(db, weeks)
    return [week for week in weeks if week in totals and _is_wanted(week, totals[week], kept.get(week), zone)]


def _is_wanted(week: Week, total: int, kept: KeptTotal | None, zone: ZoneInfo) -> bool:
    return kept is None or kept.generated_at < week.end(zone) or total > kept.total * (1 + GROWN_BY)


def _latest_week(db: Connection, today: date) -> Week:
    current = Week.of(today)
    if first_day(db) is None:
        return current
    weeks = [current.back(n) for n in range(1, CATCH_UP_WEEKS + 1)]
    return max(totals_of_weeks(db, weeks), default=current)


# --- what was erased ----------------------------------------------------------------------------------------------


def forget_erased(engine: Engine) -> None:
    """Take the words of comments that were erased out of the summaries that quote them."""
    with engine.begin() as db:
        for summary in latest_summaries(db, limit=_KEPT_LONG):
            shorter = without_erased(db, summary.content)
            if shorter is not summary.content:
                rewrite(db, summary.week, shorter)


def without_erased(db: Connection, content: SummaryContent) -> SummaryContent:
    """`content` without the quotes of comments that were erased, and without sentences that only they bore out."""
    erased = erased_among(db, (citation.comment_id for one in content.highlights for citation in one.citations))
    if not erased:
        return content
    highlights: Iterable[Highlight] = (
        replace(one, citations=tuple(citation for citation in one.citations if citation.comment_id not in erased))
        for one in content.highlights
    )
    kept = zip(content.highlights, highlights, strict=True)
    return replace(content, highlights=tuple(now for before, now in kept if now.citations or not before.citations))
