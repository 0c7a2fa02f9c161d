"""One row, wherever it comes from: the letters, dates and ids that are kept, and those that are not."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from alumusic.domain.comments import MAX_TEXT_LENGTH, NewComment, Reject, RejectReason
from alumusic.ingest.readers import read_row

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def kept(**members: object) -> NewComment:
    row = read_row({"texto": "Oi", **members}, 1, zone=SAO_PAULO)
    assert isinstance(row, NewComment), row
    return row


def refused(**members: object) -> tuple[RejectReason, str]:
    row = read_row({"texto": "Oi", **members}, 7, zone=SAO_PAULO)
    assert isinstance(row, Reject), row
    assert row.line == 7
    return row.reason, row.detail


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("  Oi  ", "Oi"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb", "a\tb"),
        ("a\x01\x07\x0b\x1b[31mb\x7f\x85\x9f", "a[31mb"),
        ("cafe\u0301", "café"),
        ("\ufeffOi\ufeff", "Oi"),
        ("\u202etexto\u202c", "\u202etexto\u202c"),
        ("👩🏽\u200d🎤", "👩🏽\u200d🎤"),
        ("x" * MAX_TEXT_LENGTH, "x" * MAX_TEXT_LENGTH),
        (" " * 9_000 + "x", "x"),
        ("=1+1", "=1+1"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_letters_are_kept_except_those_no_database_should_see(given: str, stored: str) -> None:
    assert kept(texto=given).text == stored


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", RejectReason.EMPTY_TEXT),
        (None, RejectReason.EMPTY_TEXT),
        (" \t\n\u3000", RejectReason.EMPTY_TEXT),
        ("\u200b\u200d\ufeff\u2060", RejectReason.EMPTY_TEXT),
        ("\x01\x02", RejectReason.EMPTY_TEXT),
        ("x" * (MAX_TEXT_LENGTH + 1), RejectReason.TEXT_TOO_LONG),
        ("a\0b", RejectReason.BAD_CHARACTERS),
        ("a\ud800b", RejectReason.BAD_CHARACTERS),
        (5, RejectReason.NOT_A_TEXT),
        (["Oi"], RejectReason.NOT_A_TEXT),
        (True, RejectReason.NOT_A_TEXT),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused_with_its_reason(given: object, reason: RejectReason) -> None:
    assert refused(texto=given)[0] is reason


def test_a_row_without_a_text_is_refused() -> None:
    assert read_row({"autor": "Ana"}, 3, zone=SAO_PAULO) == Reject(3, RejectReason.EMPTY_TEXT, "texto")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("2026-12-31", "2026-12-31T03:00:00+00:00"),
        ("20261231", "2026-12-31T03:00:00+00:00"),
        ("2026-12-31T23:59:00", "2027-01-01T02:59:00+00:00"),
        ("2026-12-31 23:59", "2027-01-01T02:59:00+00:00"),
        ("2026-12-31T23:59:00Z", "2026-12-31T23:59:00+00:00"),
        ("2026-12-31T23:59:00z", "2026-12-31T23:59:00+00:00"),
        ("2026-12-31T23:59:00.123-03:00", "2027-01-01T02:59:00.123000+00:00"),
        ("2026-12-31 23:59:00 UTC", "2026-12-31T23:59:00+00:00"),
        ("31/12/2026", "2026-12-31T03:00:00+00:00"),
        ("1/2/2026", "2026-02-01T03:00:00+00:00"),
        ("31/12/26", "2026-12-31T03:00:00+00:00"),
        ("31-12-2026 23:59:01", "2027-01-01T02:59:01+00:00"),
        ("31.12.2026, 23h59", "2027-01-01T02:59:00+00:00"),
        ("31/12/2026 às 20h", "2026-12-31T23:00:00+00:00"),
        ("31/12/2026 11:59 PM", "2027-01-01T02:59:00+00:00"),
        ("31/12/2026 12:00 am", "2026-12-31T03:00:00+00:00"),
        ("2026/12/31 11:59:00 PM GMT-3", "2027-01-01T02:59:00+00:00"),
        ("2026/12/31", "2026-12-31T03:00:00+00:00"),
        ("31/12/2026 23:59 -0330", "2027-01-01T03:29:00+00:00"),
        ("1798761540", "2026-12-31T23:59:00+00:00"),
        (1798761540, "2026-12-31T23:59:00+00:00"),
        (1798761540000, "2026-12-31T23:59:00+00:00"),
        (1798761540.5, "2026-12-31T23:59:00.500000+00:00"),
        # Brazil had summer time until 2019.
        ("2018-12-31 12:00", "2018-12-31T14:00:00+00:00"),
    ],
)
def test_dates_are_read_as_people_and_machines_write_them(given: object, stored: str) -> None:
    assert kept(data=given).written_at == datetime.fromisoformat(stored)
    assert kept(published_at=given).written_at == datetime.fromisoformat(stored)


@pytest.mark.parametrize("given", [None, "", "  "])
def test_an_absent_date_is_no_date(given: object) -> None:
    assert kept(data=given).written_at is None


@pytest.mark.parametrize(
    "given",
    [
        *("ontem", "31/02/2026", "12/31/2026", "2026-13-01", "31/12", "46022", "0001-01-01", "9999-12-31", "2026"),
        *(
            "31/12/2026 25:00",
            "31/12/2026 13:00 PM",
            "31/12-2026",
            "2026/31/12",
            "31/12/2026 10:00 -99",
            "31/12/2026 10:00 BRT",
            "٣١/١٢/٢٠٢٦",
            "1" * 5_000,
            "2026-12-31T",
        ),
        *(0, -1, True, 1e308, float("nan"), float("inf"), 10**5_000, [], {}, "\ud800", "2026-12-31\0"),
    ],
    ids=lambda given: repr(given)[:20] if not isinstance(given, int) else "int",
)
def test_a_date_that_could_mean_another_day_is_refused(given: object) -> None:
    assert refused(data=given)[0] is RejectReason.BAD_DATE


def test_ids_are_uuids() -> None:
    text = "0b7e9b1e-63a3-4f8a-9df2-1f0a4f9a7c11"

    assert str(kept(id=text.upper()).id) == text
    assert str(kept(id=f" {text.replace('-', '')} ").id) == text
    for bad in ("7", 7, f"{{{text}}}", f"urn:uuid:{text}", "0b7e9b1e63a34f8a9df21f0a4f9a7c_1", [text]):
        assert refused(id=bad)[0] is RejectReason.BAD_ID


def test_short_fields_are_one_line_and_numbers_are_taken_as_written() -> None:
    comment = kept(autor=" Ana\n Maria ", id_externo=123, fonte="", album=None)

    assert (comment.author, comment.external_id, comment.source, comment.album) == ("Ana Maria", "123", None, None)


@pytest.mark.parametrize("name", ["autor", "fonte", "artista", "album", "musica", "url", "id_externo"])
def test_a_field_has_a_length_and_a_type(name: str) -> None:
    assert refused(**{name: "x" * 2_001}) == (RejectReason.FIELD_TOO_LONG, name)
    assert refused(**{name: ["x"]}) == (RejectReason.NOT_A_TEXT, name)
    assert refused(**{name: "a\0"}) == (RejectReason.BAD_CHARACTERS, name)
    assert refused(**{name: False}) == (RejectReason.NOT_A_TEXT, name)


def test_what_nobody_knows_is_kept_as_json() -> None:
    extra = {"nota": 5, "ok": True, "nada": 1.5, "lista": [1, "dois", None], "objeto": {"a": {"b": "c"}}}

    assert kept(**extra).extra == extra


def test_our_own_metadata_comes_back_flat() -> None:
    assert kept(metadados={"nota": 5}, cidade="Recife").extra == {"nota": 5, "cidade": "Recife"}


def test_numbers_no_database_counts_to_are_kept_by_their_digits() -> None:
    assert kept(n=2**70).extra == {"n": str(2**70)}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("x" * 10_001, RejectReason.FIELD_TOO_LONG),
        (["x" * 100] * 101, RejectReason.FIELD_TOO_LONG),
        (list(range(10**6)), RejectReason.FIELD_TOO_LONG),
        ({str(n): n for n in range(5_000)}, RejectReason.FIELD_TOO_LONG),
        (json.loads("[" * 50 + "]" * 50), RejectReason.FIELD_TOO_LONG),
        (10**5_000, RejectReason.FIELD_TOO_LONG),
        (float("nan"), RejectReason.NOT_A_TEXT),
        (float("-inf"), RejectReason.NOT_A_TEXT),
        (["a", {"b": "\0"}], RejectReason.BAD_CHARACTERS),
        ({"\ud800": 1}, RejectReason.BAD_CHARACTERS),
        (object(), RejectReason.NOT_A_TEXT),
    ],
    ids=range(11),
)
def test_what_nobody_knows_is_kept_within_reason(given: object, reason: RejectReason) -> None:
    assert refused(qualquer=given)[0] is reason


def test_more_unknown_fields_than_anybody_means_are_refused() -> None:
    assert refused(**{f"campo{n}": n for n in range(101)})[0] is RejectReason.FIELD_TOO_LONG


def test_a_refused_value_is_told_in_short_and_harmless_letters() -> None:
    reason, detail = refused(data="ontem\0\ud800\n" + "x" * 500)

    assert reason is RejectReason.BAD_DATE
    assert len(detail) <= 60
    assert detail.isprintable()


def test_times_are_aware() -> None:
    assert kept(data="2026-01-01").written_at == datetime(2026, 1, 1, 3, tzinfo=UTC)
