"""Exports that a spreadsheet opens without running anything (S23)."""

import csv
import io
import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alumusic.contract.export import COLUMNS, exported
from alumusic.domain.comments import Status
from alumusic.domain.export import safe_cell
from alumusic.domain.search import FoundComment
from alumusic.domain.users import Role
from tests.examples import MONDAY_NOON

FORBIDDEN = tuple("=+-@\t\r\n\0＝＋－＠")
INVISIBLE = "\u00ad\u034f\u061c\u115f\u180e\u200b\u200e\u202e\u2060\u2063\u2066\u2800\u3164\ufe0f\ufeff\uffa0\U000e0041"
BEFORE = " '\"\u00a0\u3000\u2028" + INVISIBLE
NAMES = ("texto", "autor", "fonte", "artista", "album", "musica", "url", "id_externo")

DANGEROUS = st.builds(
    "".join,
    st.tuples(
        st.text(BEFORE, max_size=3),
        st.sampled_from(FORBIDDEN),
        st.sampled_from(
            ["cmd|' /C calc'!A0", "HYPERLINK(\"http://mal\")", "1+1", "SUM(A1)", "", ";=1", ',"=1"', '";=1;"', "\r\n=1"]
        ),
    ),
)  # fmt: skip
ANY = st.one_of(DANGEROUS, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))


def comment(value):
    from uuid import UUID  # noqa: PLC0415

    return FoundComment(
        seq=1, id=UUID(int=1), text=value, status=Status.PENDING, category=None, confidence=None, tags=(), origin=None,
        provisional=False, reviewed=False, written_at=MONDAY_NOON, received_at=MONDAY_NOON, done_at=None, author=value,
        source=value, artist=value, album=value, song=value, url=value, external_id=value, extra={"x": value},
    )  # fmt: skip


def runs(cell):
    """Whether a spreadsheet would take it for a formula, once it has dropped what it drops."""
    return cell.lstrip(BEFORE).startswith(FORBIDDEN) and not cell.startswith("'")


@pytest.mark.parametrize("excel", [False, True])
@given(value=ANY)
def test_no_cell_is_a_formula_and_json_holds_what_was_said(value, excel):
    table = b"".join(exported([comment(value)], form="csv", excel=excel)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline=""), delimiter=";" if excel else ",", strict=True))

    assert len(rows) == 1
    assert tuple(rows[0]) == COLUMNS
    assert not [rows[0][name] for name in NAMES if runs(rows[0][name])]
    assert {rows[0][name].removeprefix("'") for name in NAMES} <= {value, value.removeprefix("'")}
    (back,) = json.loads(b"".join(exported([comment(value)], form="json")))
    assert (back["texto"], back["autor"], back["metadados"]) == (value, value, {"x": value})


@given(value=ANY.filter(lambda value: not openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.search(value)))
def test_what_is_safe_stays_text_in_a_workbook_too(value):
    book = openpyxl.Workbook()
    book.active.append([safe_cell(value)])
    file = io.BytesIO()
    book.save(file)
    read = openpyxl.load_workbook(io.BytesIO(file.getvalue())).active["A1"]

    assert read.data_type in {"s", "n", "inlineStr"}
    assert not runs(str(read.value or ""))


@pytest.mark.parametrize("mark", INVISIBLE)
@pytest.mark.parametrize("sign", "=@＝")
def test_what_nobody_sees_hides_no_formula(mark, sign):
    for before in (mark, mark * 3, f" {mark}", f'{mark} "'):
        assert safe_cell(f"{before}{sign}1+1") == f"'{before}{sign}1+1"
    assert safe_cell(f"{mark}oi{sign}") == f"{mark}oi{sign}"


def test_an_export_says_that_it_is_a_file_and_of_what_kind(house):
    client = house.client_of(Role.CURATOR)

    for form, kind in (("csv", "text/csv"), ("json", "application/json"), ("ndjson", "application/x-ndjson")):
        headers = client.get(f"/api/comentarios?format={form}").headers
        assert headers["Content-Type"] == f"{kind}; charset=utf-8"
        assert headers["Content-Disposition"].startswith("attachment")
        assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
