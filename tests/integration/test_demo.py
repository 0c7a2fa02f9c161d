"""The demonstration tells its eight weeks once, and never of tomorrow."""

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib import resources
from io import StringIO

import pytest
from sqlalchemy import func, select

from alumusic.classify.by_local_model import load_local_classifier
from alumusic.domain.comments import Category
from alumusic.domain.weeks import Week, day_of
from alumusic.store.database import reading
from alumusic.store.tables import batches
from alumusic.up.demo import demo_comments, load_demo
from tests.examples import MONDAY_NOON, SAO_PAULO, stored

TEXT = resources.files("alumusic.up").joinpath("demo_comments.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(StringIO(TEXT, newline="")))
SUNDAY_NIGHT = datetime(2026, 11, 30, 2, 59, tzinfo=UTC)
"""One minute before week 2026-W48 ends in São Paulo."""


def test_every_comment_of_the_demonstration_is_kept_and_a_worker_woken(house):
    said = load_demo(house.services)

    assert said.startswith(f"{len(ROWS)} comentários de demonstração carregados")
    assert [comment.text for comment in stored(house.engine)] == [row["texto"] for row in ROWS]
    assert house.bell.rings == 1


def test_loading_twice_adds_nothing_and_says_so(house):
    load_demo(house.services)
    house.later(days=9)

    said = load_demo(house.services)

    assert said == "Os comentários de demonstração já estavam carregados."
    assert len(stored(house.engine)) == len(ROWS)
    with reading(house.engine) as db:
        assert db.scalar(select(func.count()).select_from(batches)) == 1


@pytest.mark.parametrize("hours", range(0, 7 * 24, 5))
def test_nothing_lies_in_the_future_whatever_the_hour_of_the_week(hours):
    now = MONDAY_NOON + timedelta(hours=hours)

    assert all(comment.written_at <= now for comment in demo_comments(TEXT, zone=SAO_PAULO, now=now))


def test_rows_are_placed_by_week_day_and_hour_of_the_house():
    placed = list(demo_comments(TEXT, zone=SAO_PAULO, now=SUNDAY_NIGHT))

    for comment, row in zip(placed, ROWS, strict=True):
        local = comment.written_at.astimezone(SAO_PAULO)
        week = Week.of(day_of(comment.written_at, SAO_PAULO))
        assert (str(week), local.weekday(), local.hour) == (
            str(Week(2026, 48).back(int(row["semanas_atras"]))), int(row["dia"]), int(row["hora"]),
        )  # fmt: skip


def test_what_would_be_later_today_was_written_a_week_ago():
    header = "semanas_atras,dia,hora,texto,autor,fonte,artista,album,musica\n"
    rows = "0,0,11,antes,,app,,,\n0,0,23,depois,,app,,,\n"

    before, after = demo_comments(header + rows, zone=SAO_PAULO, now=MONDAY_NOON)

    assert before.written_at.astimezone(SAO_PAULO) == datetime(2026, 11, 23, 11, 17, tzinfo=SAO_PAULO)
    assert after.written_at.astimezone(SAO_PAULO) == datetime(2026, 11, 16, 23, 34, tzinfo=SAO_PAULO)


def test_no_two_comments_of_the_demonstration_are_alike():
    assert [text for text, times in Counter(row["texto"].casefold() for row in ROWS).items() if times > 1] == []


def test_the_demonstration_has_four_artists_and_something_to_show_in_every_week():
    assert Counter(row["artista"] for row in ROWS if row["artista"]).keys() == {
        "Lua de Maracatu", "Os Cometas de Bairro", "Tereza Candeia", "MC Farol Alto",
    }  # fmt: skip
    weeks = Counter(int(row["semanas_atras"]) for row in ROWS)
    assert sorted(weeks) == list(range(8))
    assert min(weeks.values()) >= 40


def test_the_bad_show_and_the_bad_update_are_seen_in_the_figures():
    answers = load_local_classifier().classify([row["texto"] for row in ROWS])
    weeks: dict[int, Counter[str]] = {week: Counter() for week in range(8)}
    for row, answer in zip(ROWS, answers, strict=True):
        weeks[int(row["semanas_atras"])].update([answer.category, *answer.tags])

    assert weeks[3][Category.CRITICISM] > 2 * weeks[4][Category.CRITICISM]
    assert weeks[3]["show_som"] > 2 * weeks[4]["show_som"]
    assert weeks[3]["venda_ingresso"] > weeks[4]["venda_ingresso"]
    assert weeks[1][Category.CRITICISM] > weeks[2][Category.CRITICISM]
    assert weeks[1]["app_desempenho"] > 5 * weeks[2]["app_desempenho"]
