"""Laws of exports: no cell is a formula, every table can be read by others, and what goes out comes back the same."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unicodedata import category
from uuid import UUID, uuid4

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from alumusic.contract.export import COLUMNS, exported
from alumusic.domain.comments import Category, Failure, NewComment, Origin, Reject, Status
from alumusic.domain.export import safe_cell
from alumusic.domain.search import FoundComment
from alumusic.ingest.readers import open_comments, read_row
from tests.examples import MONDAY_NOON, SAO_PAULO
from tests.naughty import NAUGHTY

SIGNS = frozenset("=+-@")
NAMES = {"autor": "author", "fonte": "source", "artista": "artist", "album": "album", "musica": "song", "url": "url"}

ANYTHING = st.sampled_from(NAUGHTY) | st.lists(
    st.sampled_from(
        [*"=+-@＝＋－＠'\" ;,\t\n|.\u00a0\u200b\u2060\u00ad\u202e\ufeff\u3164", "\r\n", "a", "1", "não", "👏"]
    ),
    min_size=1,
    max_size=7,
).map("".join)
ANY_TEXT = ANYTHING | st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)


def kept(sent: dict[str, str]) -> NewComment | Reject:
    """The comment that is made of `sent`; read twice, since spaces may hide behind a mark that was cut off the end."""
    row = read_row(sent, 1, zone=SAO_PAULO)
    if isinstance(row, Reject):
        return row
    fields = {name: getattr(row, field) for name, field in (NAMES | {"id_externo": "external_id"}).items()}
    return read_row({"texto": row.text} | {name: value for name, value in fields.items() if value}, 1, zone=SAO_PAULO)


def a_comment(row: NewComment) -> FoundComment:
    return FoundComment(
        1, uuid4(), row.text, Status.PENDING, None, None, (), None, False, False, MONDAY_NOON, MONDAY_NOON, None,
        row.author, row.source, row.artist, row.album, row.song, row.url, row.external_id,
    )  # fmt: skip


@st.composite
def found_comments(draw: st.DrawFn) -> FoundComment:
    """A comment as it would be kept, whatever somebody has sent."""
    sent = {"texto": draw(ANY_TEXT), "id_externo": draw(st.none() | ANY_TEXT)}
    sent |= {name: draw(st.none() | ANY_TEXT) for name in NAMES}
    row = kept({name: value for name, value in sent.items() if value is not None})
    if not isinstance(row, NewComment):
        row = NewComment("-", author="@anitta", source="=1")
    done = draw(st.booleans())
    return FoundComment(
        1,
        UUID(int=draw(st.integers(1, 2**128 - 1)), version=4),
        row.text,
        Status.DONE if done else Status.FAILED,
        draw(st.sampled_from(list(Category))) if done else None,
        draw(st.floats(0, 1)) if done else None,
        draw(st.sampled_from([(), ("refrao",), ("refrao", "letra")])),
        Origin.LOCAL if done else None,
        False,
        draw(st.booleans()),
        MONDAY_NOON - timedelta(microseconds=draw(st.integers(0, 10**15))),
        MONDAY_NOON,
        MONDAY_NOON,
        row.author, row.source, row.artist, row.album, row.song, row.url, row.external_id,
        failure=None if done else Failure.POISON,
    )  # fmt: skip


TABLES = st.lists(found_comments(), min_size=1, max_size=4)


def is_formula(cell: str) -> bool:
    """Whether some spreadsheet might run `cell`: after what it leaves out at the beginning comes one of the signs.

    Said in another way than in the code that prevents it: by what a character is, and not by a list of them.
    """
    for letter in cell:
        if letter in "\t\r\n\0":
            return True
        if letter in "'" and cell.startswith("'"):
            return False
        if category(letter) in {"Zs", "Zl", "Zp", "Cf", "Cc"} or letter in '"\u3164':
            continue
        return ("=＝＋－＠".find(letter) >= 0 or letter in SIGNS) and len(cell) > 0
    return False


@settings(max_examples=300)
@given(text=ANY_TEXT)
def test_no_safe_cell_is_a_formula_and_only_formulas_are_changed(text: str) -> None:
    cell = safe_cell(text)

    assert not is_formula(cell)
    assert cell in {text, "'" + text}


def as_csv(comments: list[FoundComment], *, excel: bool) -> str:
    return b"".join(exported(comments, form="csv", excel=excel)).decode()


@settings(max_examples=80)
@given(comments=TABLES, excel=st.booleans())
def test_a_table_is_read_by_others_as_it_was_written(comments: list[FoundComment], excel: bool) -> None:
    content = as_csv(comments, excel=excel)

    assert content.startswith("\ufeff") == excel
    delimiter = ";" if excel else ","
    head, *rows = csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True)
    assert tuple(head) == COLUMNS
    assert [len(row) for row in rows] == [len(COLUMNS)] * len(comments)
    for row, comment in zip(rows, comments, strict=True):
        cells = dict(zip(COLUMNS, row, strict=True))
        assert cells["texto"] == safe_cell(comment.text)
        assert cells["id"] == str(comment.id)
        assert cells["autor"] == safe_cell(comment.author or "")
        assert [cell for cell in row if is_formula(cell)] == []


def cells_of_any_separator(content: str) -> Iterator[str]:
    """Cells as a spreadsheet makes them that takes comma, semicolon and tab for separators all at once."""
    cell, quoted, fresh = "", False, True
    letters = iter(range(len(content)))
    for at in letters:
        letter = content[at]
        if quoted:
            if letter == '"' and content[at + 1 : at + 2] == '"':
                next(letters)
                cell += '"'
            elif letter == '"':
                quoted = False
            else:
                cell += letter
        elif letter == '"' and fresh:
            quoted = True
        elif letter in ",;\t\r\n":
            yield cell
            cell, fresh = "", True
            continue
        else:
            cell += letter
        fresh = False
    yield cell


@settings(max_examples=80)
@given(comments=TABLES, excel=st.booleans())
def test_no_separator_that_a_spreadsheet_may_guess_makes_a_formula(comments: list[FoundComment], excel: bool) -> None:
    content = as_csv(comments, excel=excel).removeprefix("\ufeff")

    assert [cell for cell in cells_of_any_separator(content) if is_formula(cell)] == []


@settings(max_examples=60)
@given(comments=TABLES)
def test_no_table_that_is_put_into_a_workbook_has_a_formula(comments: list[FoundComment]) -> None:
    sheet = openpyxl.Workbook().active

    for row in csv.reader(io.StringIO(as_csv(comments, excel=False), newline="")):
        sheet.append(row)

    assert [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []


def test_a_workbook_made_of_an_export_keeps_every_naughty_text() -> None:
    # The library writes the two letters that XML cannot hold, and nobody can read the workbook then.
    naughty = [text for text in NAUGHTY if not {"\ufffe", "\uffff"} & set(text)]
    comments = [a_comment(row) for text in naughty if isinstance(row := kept({"texto": text}), NewComment)]
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(as_csv(comments, excel=False), newline="")):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)

    read = list(open_comments(io.BytesIO(file.getvalue()), name="c.xlsx", zone=SAO_PAULO))

    assert [row.text for row in read if isinstance(row, NewComment)] == [comment.text for comment in comments]


@settings(max_examples=80)
@given(comments=TABLES)
def test_json_keeps_every_letter_as_it_is(comments: list[FoundComment]) -> None:
    array = json.loads(b"".join(exported(comments, form="json")))
    lines = [json.loads(line) for line in b"".join(exported(comments, form="ndjson")).split(b"\n") if line]

    assert array == lines
    for told, comment in zip(array, comments, strict=True):
        assert (told["texto"], told["autor"], told["id"]) == (comment.text, comment.author, str(comment.id))


def as_kept(comment: FoundComment) -> dict[str, object]:
    """What of a comment must survive being taken out and brought back."""
    return {
        "id": comment.id,
        "text": comment.text,
        "written_at": comment.written_at,
        "external_id": comment.external_id,
    } | {field: getattr(comment, field) for field in NAMES.values()}


@settings(max_examples=120)
@given(comments=TABLES, form=st.sampled_from(["csv", "excel", "json", "ndjson"]))
def test_what_is_exported_and_imported_again_is_the_same(comments: list[FoundComment], form: str) -> None:
    excel = form == "excel"
    data = b"".join(exported(comments, form="csv" if excel else form, excel=excel))

    read = list(open_comments(io.BytesIO(data), name=f"c.{'csv' if excel else form}", zone=SAO_PAULO))

    for row, comment in zip(read, comments, strict=True):
        assert isinstance(row, NewComment)
        assert {name: getattr(row, name) for name in as_kept(comment)} == as_kept(comment)


def test_a_moment_in_an_export_says_its_zone() -> None:
    comment = a_comment(NewComment("a"))._replace(written_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC))

    assert "2026-01-02T03:04:00Z" in as_csv([comment], excel=False)
