"""Strings that have broken other programs go the whole way, and come out the same on both databases."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from alumusic.api.app import create_app
from alumusic.api.limits import Rate, RateLimits
from alumusic.domain.comments import NewComment
from alumusic.domain.export import safe_cell
from alumusic.domain.users import Role
from alumusic.ingest.readers import read_row
from alumusic.text.normalize import search_words
from tests.examples import SAO_PAULO, worked
from tests.fakes import PRAISE, FakeClassifier
from tests.fragile import quick
from tests.house import House, build_house
from tests.naughty import NAUGHTY

UNLIMITED = Rate(per_second=1e9, burst=1e9)
NAMES = ("autor", "fonte", "artista", "album", "musica", "url")
REFUSED = ["\0", "a\0b", "\ud800", "a\udfff", "", " ", "\t", "\u200b", "x" * 5_001, "\x01", "\u2028"]


def walked(engine: Engine, folder: Path) -> House:
    """A house without limits of rates, which these tests are not about."""
    quick(engine)
    house = build_house(engine, folder)
    limits = RateLimits(user=UNLIMITED, address=UNLIMITED, address_auth=UNLIMITED)
    house.app = create_app(house.services, passwords=house.passwords, limits=limits)
    return house


@pytest.fixture
def both(sqlite_engine: Engine, postgres_engine: Engine, tmp_path: Path) -> list[FlaskClient]:
    """A client of a house on SQLite and one on PostgreSQL, each signed in as Ana."""
    return [client for client, _ in _signed_in(sqlite_engine, postgres_engine, tmp_path)]


def _signed_in(*arguments: Any) -> Iterator[tuple[FlaskClient, House]]:
    *engines, folder = arguments
    for engine in engines:
        house = walked(engine, folder)
        yield house.client_of(Role.CURATOR), house


def kept(text: str) -> str | None:
    """What of a text is kept; None where nothing is."""
    row = read_row({"texto": text}, 1, zone=SAO_PAULO)
    return row.text if isinstance(row, NewComment) else None


def well(answer: Any, *codes: int) -> Any:
    assert answer.status_code in (codes or (200,)), answer.get_data(as_text=True)
    return answer


def without_ids(comment: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in comment.items() if name not in {"id", "task_id"}}


@pytest.mark.slow
def test_every_naughty_string_goes_the_whole_way_and_is_the_same_everywhere(engine, tmp_path):
    [(ana, house)] = _signed_in(engine, tmp_path)
    for start in range(0, len(NAUGHTY), 100):
        well(ana.post("/api/comentarios", json=[{"texto": text} for text in NAUGHTY[start : start + 100]]), 202)
    worked(engine, FakeClassifier(PRAISE), clock=house.clock, seconds=600)
    expected = [text for sent in NAUGHTY if (text := kept(sent)) is not None]

    listed: list[dict[str, Any]] = []
    cursor = None
    while cursor is not None or not listed:
        query = {"ordem": "antigos", "limit": 500} | ({"cursor": cursor} if cursor else {})
        page = well(ana.get("/api/comentarios", query_string=query)).json
        listed += page["comentarios"]
        cursor = page["proximo_cursor"]
    assert [comment["texto"] for comment in listed] == expected
    assert {comment["status"] for comment in listed} == {"CONCLUIDO"}
    for comment in listed[::25]:
        assert well(ana.get(f"/api/comentarios/{comment['id']}")).json["texto"] == comment["texto"]
    assert exported(ana, "json") == exported(ana, "ndjson") == expected
    assert exported(ana, "csv") == [safe_cell(text) for text in expected]


def exported(client: FlaskClient, form: str) -> list[str]:
    content = well(client.get(f"/api/comentarios?format={form}&ordem=antigos")).get_data(as_text=True)
    if form == "csv":
        return [row["texto"] for row in csv.DictReader(io.StringIO(content, newline=""))]
    lines = json.loads(content) if form == "json" else [json.loads(line) for line in content.split("\n") if line]
    return [comment["texto"] for comment in lines]


@pytest.mark.slow
@pytest.mark.postgres
def test_every_naughty_string_finds_the_same_on_both_databases(both):
    for client in both:
        well(client.post("/api/comentarios", json=[{"texto": text} for text in NAUGHTY]), 202)

    for sent in NAUGHTY:
        answers = [client.get("/api/comentarios", query_string={"search": sent, "limit": 500}) for client in both]
        first, second = answers
        assert first.status_code == second.status_code, sent
        assert first.status_code in {200, 400}, sent
        if first.status_code == 400:
            assert len(sent) > 500 or not sent.isprintable(), sent
            continue
        told = [[without_ids(comment) for comment in answer.json["comentarios"]] for answer in answers]
        assert told[0] == told[1], sent
        text = kept(sent)
        if text is not None and len(search_words(sent).split()) <= 12:
            assert text in [comment["texto"] for comment in told[0]], sent


@pytest.mark.slow
@pytest.mark.postgres
def test_every_naughty_string_may_stand_in_every_field_and_filter_alike(both):
    """Names and unknown fields too; a filter by such a name finds its comment, or says why it cannot be asked for."""
    bodies = [
        {sent: sent} | dict.fromkeys(NAMES, sent) | {"texto": str(number), "id_externo": str(number)}
        for number, sent in enumerate(NAUGHTY)
    ]
    receipts = [well(client.post("/api/comentarios", json=bodies), 202).json for client in both]
    assert receipts[0]["rejeitados"] == receipts[1]["rejeitados"]
    refused = {reject["linha"] - 1 for reject in receipts[0]["rejeitados"]}
    for number, sent in enumerate(NAUGHTY):
        found = [client.get("/api/comentarios", query_string={"artista": sent, "limit": 500}) for client in both]
        assert {answer.status_code for answer in found} in ({200}, {400}), (sent, found[0].json)
        if found[0].status_code == 200:
            lists = [[without_ids(comment) for comment in answer.json["comentarios"]] for answer in found]
            assert lists[0] == lists[1], sent
            if number not in refused and lists[0] and sent.strip():
                assert str(number) in [comment["texto"] for comment in lists[0]], sent


@pytest.mark.postgres
@pytest.mark.parametrize("sent", REFUSED)
def test_what_no_database_should_keep_is_refused_alike_with_a_sentence(both, sent):
    # As a client writes it that escapes whatever is not ASCII.
    body = json.dumps({"texto": sent})
    answers = [client.post("/api/comentarios", data=body, content_type="application/json") for client in both]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json["erro"] == answers[1].json["erro"]
    assert re.match(r"[A-ZÉÁÓ].{10,}[.)]", answers[0].json["erro"])
    assert [client.get("/api/comentarios").json["total"] for client in both] == [0, 0]


@pytest.mark.postgres
@pytest.mark.parametrize("field", ["search", "artista", "autor", "de", "cursor", "task_id", "tag", "category", "limit"])
def test_no_naughty_question_is_an_error_of_ours(both, field):
    for client in both:
        well(client.post("/api/comentarios", json=["um", "dois"]), 202)
    for sent in [*NAUGHTY[::7], "\0", "a\0b", "é" * 501]:
        codes = {client.get("/api/comentarios", query_string={field: sent}).status_code for client in both}
        assert codes in ({200}, {400}), sent
