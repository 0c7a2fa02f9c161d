"""Monday's page: every number from the database, every quote verbatim, and no word of a stranger obeyed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from alumusic.domain.comments import Category, NewComment, Origin
from alumusic.domain.errors import InvalidInputError, NotFoundError, ProviderTroubleError
from alumusic.domain.summaries import Trouble
from alumusic.domain.weeks import Week
from alumusic.query.summaries import summary_of
from alumusic.store.changes import erase
from alumusic.store.database import reading
from alumusic.store.summaries import LEASE, MOST_ATTEMPTS, claim_due
from alumusic.store.tables import comments, summaries
from alumusic.summarize.digest import request_summary, write_due_summaries, write_summary
from alumusic.summarize.facts import facts_of
from alumusic.summarize.pages import read_latest_summary, read_summary
from alumusic.summarize.sample import sample_of
from alumusic.summarize.template import as_markdown
from tests.examples import MONDAY_NOON, SAO_PAULO, handed_in, worked
from tests.fakes import FakeClassifier
from tests.insight import LAST_WEEK, FakeModel, Labelled, claim, labelled, many, ordinary_week


def due(engine, model=None, *, now=MONDAY_NOON):
    return write_due_summaries(engine, model, zone=SAO_PAULO, now=now)


def kept(engine, week=LAST_WEEK):
    with reading(engine) as db:
        return summary_of(db, week)


def texts(engine):
    with reading(engine) as db:
        return {row.id: row.text for row in db.execute(select(comments.c.id, comments.c.text))}


# --- when ---------------------------------------------------------------------------------------------------------


def test_a_week_that_is_over_gets_its_summary_once_whatever_runs_twice(engine):
    labelled(engine, ordinary_week())

    assert due(engine) == [LAST_WEEK]
    assert due(engine) == []
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(summaries)) == 1
    assert kept(engine).content.facts.total == 70


def test_weeks_without_a_summary_are_caught_up_with_after_downtime(engine):
    early = Week(2026, 44)
    labelled(engine, [*ordinary_week(), *ordinary_week(week=early)])

    assert due(engine) == [LAST_WEEK, early]  # The weeks between had no comments.


def test_a_week_begins_and_ends_in_the_houses_own_zone(engine):
    late_sunday = datetime(2026, 11, 22, 23, 30, tzinfo=SAO_PAULO)
    assert late_sunday.astimezone(UTC).date() == date(2026, 11, 23)
    handed_in(engine, NewComment("fim de domingo", written_at=late_sunday))
    worked(engine, FakeClassifier())

    assert due(engine) == [LAST_WEEK]
    assert due(engine, now=datetime(2026, 11, 30, 2, 59, tzinfo=UTC)) == []


def test_a_week_that_is_not_over_is_written_when_asked_for_and_again_when_it_is_over(engine):
    labelled(engine, [Labelled("som ruim", day=MONDAY_NOON.date())])
    current = Week(2026, 48)

    assert request_summary(engine, None, zone=SAO_PAULO, now=MONDAY_NOON) == current
    assert due(engine) == [current]
    assert kept(engine, current).content.partial
    assert due(engine, now=MONDAY_NOON + timedelta(days=7)) == [current]
    assert not kept(engine, current).content.partial


def test_a_week_that_has_not_begun_is_refused_whoever_asks(engine):
    with pytest.raises(InvalidInputError) as refused:
        request_summary(engine, Week(2026, 49), zone=SAO_PAULO, now=MONDAY_NOON)

    assert refused.value.code == "semana_futura"
    assert due(engine) == []


def test_a_summary_is_written_again_when_many_comments_came_late(engine):
    labelled(engine, ordinary_week())
    due(engine)
    labelled(engine, many(10, "chegou tarde"))
    assert due(engine) == []

    labelled(engine, many(10, "chegou mais tarde"))

    assert due(engine) == [LAST_WEEK]
    assert kept(engine).content.facts.total == 90


def test_what_a_dead_worker_had_in_hand_is_taken_over(engine):
    labelled(engine, ordinary_week())
    request_summary(engine, LAST_WEEK, zone=SAO_PAULO, now=MONDAY_NOON)
    with engine.begin() as db:
        assert claim_due(db, now=MONDAY_NOON)[0] == LAST_WEEK

    assert due(engine) == []
    assert due(engine, now=MONDAY_NOON + LEASE) == [LAST_WEEK]


def fails_for(*weeks):
    """A model that nobody foresaw: it breaks over some weeks and has nothing to say of others."""
    names = [str(week) for week in weeks]

    def answer(seen):
        if seen["fatos"]["semana"] in names:
            raise RuntimeError("surprise")
        return {"afirmacoes": []}

    return FakeModel(answer)


def tried(model):
    return len(model.questions)


def test_a_week_that_fails_keeps_neither_others_nor_what_was_erased_waiting(engine):
    early = Week(2026, 44)
    ids = labelled(engine, [Labelled("o palco caiu em cima da banda", day=early.monday)])
    due(engine)
    with engine.begin() as db:
        erase(db, comment_id=ids[0], now=MONDAY_NOON)
    labelled(engine, [*ordinary_week(), *ordinary_week(week=early)])

    due(engine, fails_for(LAST_WEEK))

    assert kept(engine) is None
    assert kept(engine, early).content.facts.total == 70
    due(engine, fails_for(LAST_WEEK, early))
    with reading(engine) as db:
        assert "palco caiu" not in str(db.scalars(select(summaries.c.content)).all())


def test_a_week_that_keeps_failing_is_given_up_until_somebody_asks(engine):
    labelled(engine, ordinary_week())
    model = fails_for(LAST_WEEK)
    with capture_logs() as logs:
        for hours in range(24):
            due(engine, model, now=MONDAY_NOON + timedelta(hours=hours))

    assert tried(model) == MOST_ATTEMPTS
    assert [one["event"] for one in logs if one["log_level"] == "error"][-2:] == ["summary_failed", "summary_given_up"]
    tomorrow = MONDAY_NOON + timedelta(days=1)
    request_summary(engine, LAST_WEEK, zone=SAO_PAULO, now=tomorrow)
    due(engine, now=tomorrow)
    assert kept(engine).content.facts.total == 70


def test_a_week_that_kills_its_workers_is_given_up_too(engine):
    labelled(engine, ordinary_week())
    request_summary(engine, LAST_WEEK, zone=SAO_PAULO, now=MONDAY_NOON)
    for deaths in range(MOST_ATTEMPTS):
        with engine.begin() as db:
            assert claim_due(db, now=MONDAY_NOON + deaths * LEASE)[0] == LAST_WEEK

    later = MONDAY_NOON + MOST_ATTEMPTS * LEASE
    due(engine, now=later)
    due(engine, now=later + timedelta(days=1))

    assert kept(engine) is None


def test_a_week_that_was_written_at_last_is_looked_at_again_when_comments_come_late(engine):
    labelled(engine, ordinary_week())
    away = FakeModel(ProviderTroubleError("503"))
    for hours in range(24):
        due(engine, away, now=MONDAY_NOON + timedelta(hours=hours))
    assert tried(away) == MOST_ATTEMPTS

    labelled(engine, many(20, "chegou tarde"))

    assert due(engine, now=MONDAY_NOON + timedelta(days=1)) == [LAST_WEEK]


# --- figures and evidence -----------------------------------------------------------------------------------------


def test_every_figure_is_what_the_rows_say(engine):
    labelled(engine, [*ordinary_week(), *many(14, "semana antes", tags=("show_som",), day=LAST_WEEK.back(1).monday)])

    with reading(engine) as db:
        facts = facts_of(db, LAST_WEEK, zone=SAO_PAULO)

    assert (facts.total, facts.total_before, facts.average_of_four) == (70, 14, 3.5)
    criticism = facts.of(Category.CRITICISM)
    assert (criticism.n, criticism.share, criticism.change) == (24, 34.3, -65.7)
    assert [(tag.code, tag.n, tag.before) for tag in criticism.tags] == [("show_som", 24, 14)]
    assert facts.of(Category.SPAM).n == 5
    assert [artist.name for artist in facts.artists] == ["Anitta"]
    assert "spam_venda" not in {tag.code for tag in facts.tags}


def test_a_topic_that_nobody_had_spoken_of_is_new(engine):
    before = [one for weeks in range(1, 5) for one in many(20, f"voz linda {weeks * 'x'}", category=Category.PRAISE,
              tags=("qualidade_vocal",), day=LAST_WEEK.back(weeks).monday)]  # fmt: skip
    labelled(engine, [*before, *ordinary_week()])

    with reading(engine) as db:
        rising = facts_of(db, LAST_WEEK, zone=SAO_PAULO).rising

    assert (rising[0].category, rising[0].code, rising[0].new) == (Category.CRITICISM, "show_som", True)
    assert "qualidade_vocal" not in {one.code for one in rising}


def test_the_template_reads_well_and_cites_comments(engine):
    labelled(engine, ordinary_week())

    summary = write_summary(engine, None, LAST_WEEK, zone=SAO_PAULO, now=MONDAY_NOON)

    page = as_markdown(summary)
    assert page.startswith("## Semana 2026-W47: 16 a 22 de nov. de 2026\n\nForam classificados **70 comentários**: ")
    assert "24 críticas (34,3%)" in page
    assert "As críticas falam sobretudo de “Qualidade do som no show” (24)." in page
    assert summary.origin is Origin.LOCAL
    assert summary.trouble is None
    known = texts(engine)
    cited = [citation for one in summary.content.highlights for citation in one.citations]
    assert cited
    assert all(citation.quote in known[citation.comment_id] for citation in cited)
    assert not any("seguidores" in citation.quote for citation in cited)


def test_the_sample_covers_every_class_and_tag_within_its_budget(engine):
    labelled(engine, [*ordinary_week(), *many(4, "fila enorme na entrada", tags=("show_organizacao",))])

    with reading(engine) as db:
        facts = facts_of(db, LAST_WEEK, zone=SAO_PAULO)
        sample = sample_of(db, LAST_WEEK, facts, zone=SAO_PAULO, budget=600)

    assert 8 <= len(sample) <= 20
    assert {one.category for one in sample} == set(Category) - {Category.SPAM}
    assert {"show_organizacao", "show_som", "turne_agenda"} <= {tag for one in sample for tag in one.tags}


def test_a_lone_voice_in_a_full_week_is_not_quoted(engine):
    labelled(engine, [*ordinary_week(), Labelled("o vinil veio riscado", tags=("merchandising",))])

    summary = write_summary(engine, None, LAST_WEEK, zone=SAO_PAULO, now=MONDAY_NOON)

    assert not any("vinil" in citation.quote for one in summary.content.highlights for citation in one.citations)


# --- a language model ---------------------------------------------------------------------------------------------


def first_of(seen, category):
    return next(one for one in seen["comentarios"] if one["classe"] == category)


def test_a_claim_with_evidence_is_kept_and_one_without_is_dropped_and_counted(engine):
    labelled(engine, ordinary_week())

    def answer(seen):
        one, other = first_of(seen, "CRÍTICA"), first_of(seen, "SUGESTÃO")
        key = one["chave"]
        return {"afirmacoes": [
            claim("O público reclama do som, com 24 críticas (34,3%).", key, quotes=[(key, "som do show")]),
            claim("Há pedidos de shows no Nordeste.", other["chave"]),
            claim("Foram 31 críticas.", key),
            claim("O som piorou 12 pontos.", key),
            claim("Quase metade reclama.", key),
            claim("O som abafado incomodou dezenove pessoas.", key),
            claim("O som foi péssimo.", "zzzzzz"),
            claim("O som foi péssimo."),
            claim("O som abafou tudo.", key, quotes=[(key, "um som horroroso")]),
            claim("Alguém disse “nunca mais volto”.", key),
            claim("Desculpe, não posso resumir isso.", key),
            "nada",
        ]}  # fmt: skip

    summary = write_summary(engine, FakeModel(answer), LAST_WEEK, zone=SAO_PAULO, now=MONDAY_NOON)

    sentences = [one.sentence for one in summary.content.highlights]
    assert sentences == [
        "O público reclama do som, com 24 críticas (34,3%).",
        "Há pedidos de shows no Nordeste.",
    ]
    assert summary.content.dropped == 10
    assert (summary.origin, summary.model, summary.prompt_version) == (Origin.LLM, "fake-llm-1", "resumo-1")
    assert summary.content.highlights[0].citations[0].quote == "som do show"


@pytest.mark.parametrize(
    ("failure", "trouble"),
    [
        (ProviderTroubleError("503"), Trouble.UNAVAILABLE),
        ("Desculpe, como modelo de linguagem não posso ajudar.", Trouble.UNUSABLE),
        ('{"afirmacoes": "Desculpe"}', Trouble.UNUSABLE),
        ('{"afirmacoes": [{"frase": "Desculpe, não posso.", "comentarios": []}]}', Trouble.UNFOUNDED),
    ],
)
def test_a_failed_model_leaves_the_template_marked_and_never_an_apology(engine, failure, trouble):
    labelled(engine, ordinary_week())

    due(engine, FakeModel(failure))

    summary = kept(engine)
    assert (summary.origin, summary.trouble) == (Origin.LOCAL, trouble)
    assert "esculpe" not in as_markdown(summary)
    assert "foi usado o modelo de texto da casa" in as_markdown(summary)


def test_a_model_that_was_away_gets_its_chance_an_hour_later(engine):
    labelled(engine, ordinary_week())
    due(engine, FakeModel(ProviderTroubleError("503")))

    def answer(seen):
        return {"afirmacoes": [claim("O som incomodou.", first_of(seen, "CRÍTICA")["chave"])]}

    assert due(engine, FakeModel(answer)) == []
    assert due(engine, FakeModel(answer), now=MONDAY_NOON + timedelta(hours=1)) == [LAST_WEEK]
    assert kept(engine).origin is Origin.LLM


def test_a_model_is_shown_no_id_author_address_or_number_of_anybody(engine):
    hostile = "o palco era baixo, me chama no (11) 98765-4321 ou caio@exemplo.com ou https://x.io/1"
    labelled(engine, [*ordinary_week(), *many(3, hostile), *many(3, "@caio o som do show estava ruim")])
    model = FakeModel('{"afirmacoes": []}')

    write_summary(engine, model, LAST_WEEK, zone=SAO_PAULO, now=MONDAY_NOON)

    sent = model.questions[0].instructions + model.questions[0].content
    for secret in ("98765", "caio@", "x.io", "@caio", *map(str, texts(engine))):
        assert secret not in sent
    assert "o som do show estava ruim" in sent
    assert "o palco era baixo" not in sent  # Whoever wants to be called is counted, and not read.


# --- what is erased -----------------------------------------------------------------------------------------------


def test_words_of_an_erased_comment_are_gone_at_once_and_from_the_row_within_the_hour(engine):
    ids = labelled(engine, [Labelled("o palco caiu em cima da banda"), Labelled("amei a capa", Category.PRAISE, ())])
    due(engine)
    with engine.begin() as db:
        erase(db, comment_id=ids[0], now=MONDAY_NOON)

    with reading(engine) as db:
        assert "palco caiu" not in as_markdown(read_summary(db, LAST_WEEK))
        assert "amei a capa" in as_markdown(read_latest_summary(db))
        assert "palco caiu" in str(db.scalar(select(summaries.c.content)))
    due(engine)
    with reading(engine) as db:
        assert "palco caiu" not in str(db.scalar(select(summaries.c.content)))


def test_a_week_without_a_summary_is_not_found(engine):
    with reading(engine) as db, pytest.raises(NotFoundError):
        read_summary(db, LAST_WEEK)
    with reading(engine) as db, pytest.raises(NotFoundError):
        read_latest_summary(db)
