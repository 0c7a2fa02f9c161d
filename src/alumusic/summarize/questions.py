"""Answers questions about the last eight weeks, from summaries and comments, and says so when those cannot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, Engine

from alumusic.domain.comments import Category, Origin
from alumusic.domain.errors import ProviderTroubleError, UnusableAnswerError
from alumusic.domain.questions import QuestionAnswer
from alumusic.domain.search import FoundComment
from alumusic.domain.summaries import Citation, Summary, WeekFacts
from alumusic.domain.tags import TAGS_BY_CODE
from alumusic.domain.weeks import Week, day_of
from alumusic.llm.model import LanguageModel
from alumusic.query.counts import category_counts, tag_counts
from alumusic.query.retrieval import Topic, matching_comments, topic_of
from alumusic.query.summaries import Candidate, latest_summaries
from alumusic.store.database import reading
from alumusic.summarize.asking import ANSWER_SCHEMA, ask_for_claims, comments_for_model, prompt
from alumusic.summarize.digest import facts_for_model
from alumusic.summarize.sample import Sampled, sampled
from alumusic.summarize.template import counted, listed, number, percent, tag_name
from alumusic.summarize.verify import Numbers, is_sound, numbers_are_known, verified
from alumusic.text.normalize import search_words
from alumusic.text.repeating import for_a_model

log: Final = structlog.get_logger(__name__)

MAX_WORDS: Final = 150
WEEKS_BACK: Final = 8
SUMMARIES: Final = 3
RETRIEVED: Final = 24
LONGEST_QUESTION: Final = 500

_CITED: Final = 3
_MAX_OUTPUT_TOKENS: Final = 1_000
_MOST_SENTENCES: Final = 5
CANNOT_TELL: Final = "Os dados das últimas 8 semanas não respondem a essa pergunta."


@dataclass(frozen=True, slots=True)
class _Evidence:
    """All that an answer may rest on."""

    topic: Topic
    summaries: Sequence[Summary]
    comments: Sequence[Sampled]
    categories: dict[Category, int]
    """Comments of the eight weeks by class."""
    tags: dict[str, dict[Category, int]]
    """Of the tags that the question names, those that were given at all."""


def answer_question(
    engine: Engine, model: LanguageModel | None, question: str, *, zone: ZoneInfo, now: datetime
) -> QuestionAnswer:
    """Answer `question` in at most `MAX_WORDS` words; a model that fails leaves the answer that needs none."""
    with reading(engine) as db:
        evidence = _evidence(db, question, zone=zone, now=now)
    if model is not None and (evidence.comments or evidence.summaries):
        try:
            answer = _asked(model, question, evidence)
        except (ProviderTroubleError, UnusableAnswerError) as error:
            log.warning("question_without_model", reason=error.reason)
        else:
            if answer is not None:
                return answer
    return _from_facts(evidence)


def _evidence(db: Connection, question: str, *, zone: ZoneInfo, now: datetime) -> _Evidence:
    topic = topic_of(question)
    current = Week.of(day_of(now, zone))
    first = current.back(WEEKS_BACK - 1)
    found = matching_comments(db, topic, since=first.start(zone), now=now, limit=RETRIEVED)
    counts = tag_counts(db, first.monday, current.sunday)
    tags = {tag: {category: counts.get((category, tag), 0) for category in Category} for tag in topic.tags}
    since = [summary for summary in latest_summaries(db, limit=SUMMARIES) if summary.week >= first]
    return _Evidence(
        topic=topic,
        summaries=since,
        comments=[one for one in map(_sampled, found) if one is not None],
        categories=category_counts(db, first.monday, current.sunday),
        tags={tag: by_class for tag, by_class in tags.items() if any(by_class.values())},
    )


def _sampled(comment: FoundComment) -> Sampled | None:
    if comment.category is None or comment.confidence is None:
        return None
    words = frozenset(search_words(comment.text).split())
    return sampled(Candidate(comment.id, comment.text, words, comment.category, comment.tags, comment.confidence))


# --- with a model -------------------------------------------------------------------------------------------------


def _asked(model: LanguageModel, question: str, evidence: _Evidence) -> QuestionAnswer | None:
    """What a model says, as far as the evidence bears it out; None if nothing is left of it."""
    said = ask_for_claims(
        model,
        instructions=prompt("question"),
        data={
            "pergunta": for_a_model(question, longest=LONGEST_QUESTION),
            "semanas": [_summary_for_model(summary) for summary in evidence.summaries],
            "comentarios": comments_for_model(evidence.comments),
        },
        schema=ANSWER_SCHEMA,
        name="resposta",
        max_output_tokens=_MAX_OUTPUT_TOKENS,
    )
    if said.get("responde") is False:
        return QuestionAnswer(CANNOT_TELL, (), (), Origin.LLM, answered=False)
    by_key = {one.key: one for one in evidence.comments}
    facts = {str(summary.week): summary.content.facts for summary in evidence.summaries}
    sentences: list[str] = []
    weeks: dict[Week, None] = {}
    citations: dict[Any, Citation] = {}
    for claim in said["afirmacoes"][:_MOST_SENTENCES]:
        kept = _kept(claim, by_key, facts)
        if kept is None or not _fits(sentences, kept.sentence):
            continue
        sentences.append(kept.sentence)
        weeks |= dict.fromkeys(kept.weeks)
        citations |= {citation.comment_id: citation for citation in kept.citations}
    if not sentences:
        return None
    return QuestionAnswer(
        " ".join(sentences), tuple(sorted(weeks, reverse=True)), tuple(citations.values()), Origin.LLM, answered=True
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """A sentence that is borne out, and by what."""

    sentence: str
    weeks: tuple[Week, ...]
    citations: tuple[Citation, ...]


def _kept(claim: object, by_key: dict[str, Sampled], facts: dict[str, WeekFacts]) -> _Kept | None:
    if not isinstance(claim, dict):
        return None
    named = claim.get("semanas") or []
    if not isinstance(named, list) or not all(isinstance(week, str) and week in facts for week in named):
        return None
    numbers = Numbers.none().merged(Numbers.of(facts[week]) for week in named)
    weeks = tuple(Week.parse(week) for week in named)
    if claim.get("comentarios"):
        highlight = verified(claim, by_key, numbers)
        if highlight is None:
            return None
        # A week whose figures the sentence could do without was not used.
        used = () if numbers_are_known(highlight.sentence, Numbers.none()) else weeks
        return _Kept(highlight.sentence, used, highlight.citations)
    sentence = claim.get("frase")
    if not weeks or not isinstance(sentence, str) or not _says_figures(sentence, numbers):
        return None
    return _Kept(" ".join(sentence.split()), weeks, ())


def _says_figures(sentence: str, numbers: Numbers) -> bool:
    """Whether a sentence without comments says known figures and nothing that would need comments to bear it out."""
    return is_sound(sentence, (), numbers) and not numbers_are_known(sentence, Numbers.none())


def _summary_for_model(summary: Summary) -> dict[str, Any]:
    said = [for_a_model(one.sentence, longest=LONGEST_QUESTION) for one in summary.content.highlights]
    return {"semana": str(summary.week), "numeros": facts_for_model(summary.content.facts), "resumo": said}


def _fits(sentences: Sequence[str], more: str) -> bool:
    return len(" ".join((*sentences, more)).split()) <= MAX_WORDS


# --- without one --------------------------------------------------------------------------------------------------


def _from_facts(evidence: _Evidence) -> QuestionAnswer:
    """The facts about what the question names, and the comments that match it best."""
    sentences = [*_about_tags(evidence), *_about_classes(evidence)]
    citations = tuple(Citation(one.id, one.quote) for one in evidence.comments[:_CITED])
    weeks: tuple[Week, ...] = ()
    if not sentences and not citations:
        return QuestionAnswer(CANNOT_TELL, (), (), Origin.LOCAL, answered=False)
    if citations:
        quotes = [f"“{citation.quote}”" for citation in citations]
        sentences.append(f"Os comentários que mais se aproximam dizem: {listed(quotes)}.")
    latest = _about_latest_week(evidence)
    if latest is not None:
        sentence, week = latest
        sentences, weeks = [*sentences, sentence], (week,)
    fitting: list[str] = []
    for sentence in sentences:
        if _fits(fitting, sentence):
            fitting.append(sentence)
    used = tuple(citation for citation in citations if any(citation.quote in sentence for sentence in fitting))
    weeks = tuple(week for week in weeks if any(str(week) in sentence for sentence in fitting))
    return QuestionAnswer(" ".join(fitting), weeks, used, Origin.LOCAL, answered=True)


def _about_tags(evidence: _Evidence) -> list[str]:
    found = []
    for tag, by_class in evidence.tags.items():
        parts = [counted(n, category) for category, n in sorted(by_class.items(), key=lambda item: -item[1]) if n]
        found.append(f"Nas últimas {WEEKS_BACK} semanas, {tag_name(tag)} aparece em {listed(parts)}.")
    return found


def _about_classes(evidence: _Evidence) -> list[str]:
    total = sum(evidence.categories.values())
    return [
        f"Nas últimas {WEEKS_BACK} semanas houve {counted(evidence.categories[category], category)}"
        f" em {number(total)} comentários ({percent(round(100 * evidence.categories[category] / total, 1))})."
        for category in evidence.topic.categories
        if evidence.categories[category]
    ]


def _about_latest_week(evidence: _Evidence) -> tuple[str, Week] | None:
    """What the latest summary counts of the class that the question names, or of the tag."""
    if not evidence.summaries:
        return None
    week, facts = evidence.summaries[0].week, evidence.summaries[0].content.facts
    for category in evidence.topic.categories:
        of = facts.of(category)
        return f"Na semana {week} foram {counted(of.n, category)} ({percent(of.share)}).", week
    for tag in facts.tags:
        if tag.code in evidence.tags and tag.code in TAGS_BY_CODE:
            return f"Na semana {week} foram {number(tag.n)} menções (antes, {number(tag.before)}).", week
    return None
