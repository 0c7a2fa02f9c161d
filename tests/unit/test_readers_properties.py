"""Laws that hold for every file: what is written comes back, nothing but our errors is raised, chunks do not matter."""

import csv
import io
import json
import re
import unicodedata
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alumusic.domain.comments import NewComment
from alumusic.domain.errors import RequestError
from alumusic.domain.export import safe_cell
from alumusic.ingest.readers import open_comments, preview, read_row
from alumusic.ingest.readers.values import clean

SAO_PAULO = ZoneInfo("America/Sao_Paulo")

# Words as people write them, with everything that a table has to quote.
PROSE = st.lists(
    st.sampled_from([*"açãéîõü", *" \t\n,;|\"'", "\r\n", "não", "show", "“", "€", "👏", "e\u0301", "\x07", "=1+1"])
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4),
    min_size=1,
    max_size=12,
).map("".join)
LATIN = st.text(st.sampled_from("abcdefghij ABC çãõáéíóúâêôàÇÃ€“”…\n\"',;|"), min_size=1, max_size=30).filter(
    lambda text: not re.search(r"[a-zç-ú][ÇÃ]|[çãõáéíóúâêôàÇÃ]{3}|€|[A-Za-z][“”…][A-Za-z]", text)
)
BYTES = st.binary(max_size=400) | st.lists(
    st.sampled_from(
        [
            b"texto",
            b",",
            b";",
            b"\n",
            b"\r",
            b'"',
            b"[",
            b"]",
            b"{",
            b"}",
            b":",
            b'"texto"',
            b"Oi",
            b"1",
            b"\\u00",
            b"\\ud83d",
            b"\xe3",
            b"\xc3\xa3",
            b"\0",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"PK\x03\x04",
            b"NaN",
            b"sep=;\n",
        ]
    ),
    max_size=30,
).map(b"".join)
NAMES = st.sampled_from([None, "a.csv", "a.txt", "a.json", "a.jsonl", "a.xlsx", "b"])


def as_kept(text: str) -> str:
    """What the rules for letters make of a text, said in another way."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(letter for letter in text if letter in "\t\n" or unicodedata.category(letter) != "Cc")
    text = unicodedata.normalize("NFC", text)
    while text != (text := text.strip().strip("\ufeff")):
        pass
    return text


def is_blank(text: str) -> bool:
    return all(unicodedata.category(letter) in {"Cc", "Cf", "Zs", "Zl", "Zp"} for letter in text)


@settings(deadline=None, max_examples=300)
@given(text=st.text(st.sampled_from(" \ufeff\u00a0\u2028\t\n\u200ba0e\u0301"), max_size=12))
@example("0 \ufeff \ufeff")
def test_cleaning_twice_is_cleaning_once(text) -> None:
    once = clean(text, "texto")

    assert clean(once, "texto") == once


@settings(deadline=None, max_examples=150)
@given(
    rows=st.lists(st.tuples(PROSE, PROSE), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
    quoted=st.booleans(),
    turned=st.booleans(),
)
def test_a_table_comes_back_as_it_was_written(*, rows, delimiter, newline, encoding, quoted, turned) -> None:
    # An apostrophe in front may be the one of our exports, which has its own law.
    rows = [(text, other) for text, other in rows if not is_blank(text) and not text.strip().startswith("'")]
    file = io.StringIO(newline="")
    # The writer of Python 3.11 forgets to quote the newlines that are not its own.
    quoting = csv.QUOTE_MINIMAL if not quoted and newline == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(file, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    order = -1 if turned else 1
    # A long header, so that even UTF-16 without a mark is told by its Western beginning.
    writer.writerow(["Texto", "observações gerais da equipe de atendimento ao ouvinte " * 4][::order])
    writer.writerows(row[::order] for row in rows)
    data = file.getvalue().encode(encoding)
    if not rows or b"\0" in file.getvalue().encode():
        return

    read = list(open_comments(io.BytesIO(data), name="a.csv", zone=SAO_PAULO))

    assert [row.text if isinstance(row, NewComment) else row for row in read] == [as_kept(text) for text, _ in rows]


@settings(deadline=None, max_examples=200)
@given(
    texts=st.lists(LATIN.filter(lambda text: text.strip()[:1] not in {"", "'"}), min_size=1, max_size=8),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_windows_letters_come_back_right(texts: list[str], newline: str) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator=newline, quoting=csv.QUOTE_ALL)
    writer.writerows([["texto", "nota"], ["não é só emoção", "5"], *[[text, "5"] for text in texts]])

    try:
        read = list(open_comments(io.BytesIO(file.getvalue().encode("cp1252")), name="a.csv", zone=SAO_PAULO))
    except RequestError as refused:
        # Never other letters: right, or refused with a reason.
        assert refused.code in {"codificacao_desconhecida", "codificacao_mista"}  # noqa: PT017
        return
    assert [row.text for row in read if isinstance(row, NewComment)][1:] == [as_kept(text) for text in texts]


@settings(deadline=None, max_examples=300)
@given(
    texts=st.lists(PROSE.filter(lambda text: not is_blank(text)), min_size=1, max_size=6),
    ascii_only=st.booleans(),
    shape=st.sampled_from(["strings", "objects", "wrapped", "lines"]),
    indent=st.sampled_from([None, 2]),
)
def test_json_comes_back_as_it_was_written(texts, ascii_only, shape, indent) -> None:
    objects = [{"texto": text, "nota": n} for n, text in enumerate(texts)]
    value = {"strings": texts, "objects": objects, "wrapped": {"n": 1, "comentarios": objects}}.get(shape)
    data = (
        "\n".join(json.dumps(one, ensure_ascii=ascii_only) for one in objects)
        if value is None
        else json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    )
    # PROSE may hold halves of a pair only if hypothesis makes them, which codec="utf-8" excludes.
    read = list(open_comments(io.BytesIO(data.encode()), name="a.json", zone=SAO_PAULO))

    assert [row.text if isinstance(row, NewComment) else row for row in read] == [as_kept(text) for text in texts]


def outcome(stream, name: str | None) -> object:
    try:
        return list(open_comments(stream, name=name, zone=SAO_PAULO))
    except RequestError as refused:
        return refused.code, refused.details


@settings(deadline=None, max_examples=1_500)
@given(data=BYTES, name=NAMES)
def test_any_bytes_give_rows_or_one_of_our_errors(data: bytes, name: str | None) -> None:
    found = outcome(io.BytesIO(data), name)

    assert found
    json.dumps(found[1], ensure_ascii=False) if isinstance(found, tuple) else None


@settings(deadline=None, max_examples=300)
@given(damage=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8), cut=st.integers(0, 10_000))
def test_a_damaged_workbook_gives_rows_or_one_of_our_errors(damage, cut, workbook) -> None:
    data = bytearray(workbook)
    for at, value in damage:
        data[at % len(data)] = value

    assert outcome(io.BytesIO(bytes(data[: cut or len(data)])), "a.xlsx") is not None


@pytest.fixture(scope="module")
def workbook() -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["texto", "nota"], ["Oi", 5], ["Não gostei", 2.5]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@given(texts=st.lists(PROSE.filter(lambda text: not is_blank(text)), min_size=1, max_size=4))
def test_the_apostrophe_of_our_exports_goes_when_they_come_back(texts: list[str]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(
        [["texto", "nota"], *[[safe_cell(as_kept(text)), "5"] for text in texts]]
    )

    read = list(open_comments(io.BytesIO(file.getvalue().encode()), name="a.csv", zone=SAO_PAULO))

    assert [row.text for row in read if isinstance(row, NewComment)] == [as_kept(text) for text in texts]


class Dribble(io.BytesIO):
    """Gives at most so many bytes at a time, as sockets do."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self._size = size

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._size if size is None or size < 0 else min(size, self._size))


SAMPLES = [
    ("a.csv", 'texto;nota\r\n"não é\r\nbom";1\r\n"👏 ""oba""";2\r\n'.encode()),
    ("a.csv", "texto;nota\r\n“não”;1\r\n".encode("cp1252")),
    ("a.csv", "texto;nota\r\nnão 👏;1\r\n".encode("utf-16")),
    ("a.json", '[{"texto": "não 👏", "n": 12}, "\\ud83d\\ude00", -1.5]'.encode()),
    ("a.jsonl", b'{"texto": "Oi"}\r\n{"texto": "Ola"'),
]


@pytest.mark.parametrize(("name", "data"), SAMPLES)
def test_how_the_bytes_arrive_makes_no_difference(name: str, data: bytes) -> None:
    whole = outcome(io.BytesIO(data), name)

    assert all(outcome(Dribble(data, size), name) == whole for size in range(1, len(data) + 1))


@pytest.mark.parametrize("shift", range(24))
def test_letters_newlines_and_quotes_may_lie_across_a_blocks_edge(shift: int) -> None:
    filler = "x" * 4_000
    rows = [*[f"{filler}{n}" for n in range(65)], "y" * (shift + 1), 'ç👏\r\n"ç"', "fim"]
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows([["texto"], *[[row] for row in rows]])
    pad = (1 << 18) - len(file.getvalue().split("ç")[0].encode()) - 12 + shift
    data = file.getvalue().replace("y" * (shift + 1), "y" * max(pad % 5_000, 1), 1).encode()

    read = list(open_comments(io.BytesIO(data), name="a.csv", zone=SAO_PAULO))
    as_json = list(
        open_comments(io.BytesIO(json.dumps(rows, ensure_ascii=False).encode()), name="a.json", zone=SAO_PAULO)
    )

    assert [row.text for row in read[-2:]] == ['ç👏\n"ç"', "fim"]
    assert [row.text for row in as_json] == [as_kept(row) for row in rows]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["texto", "data", "autor", "id", "id_externo", "metadados", "url", "fonte"]) | st.text(
    max_size=5
)


@settings(deadline=None, max_examples=500)
@given(mapping=st.dictionaries(KEYS, VALUES, max_size=6))
def test_any_object_is_a_comment_that_any_database_keeps_or_a_reject(mapping: dict[str, object]) -> None:
    row = read_row(mapping, 1, zone=SAO_PAULO)

    if isinstance(row, NewComment):
        written = json.dumps(dict(row.extra), allow_nan=False, ensure_ascii=False)
        assert "\0" not in json.loads(json.dumps(row.text)) + written.replace("\\u0000", "\0")
        written.encode()
        row.text.encode()


def test_a_preview_sees_what_reading_sees() -> None:
    for name, data in SAMPLES[:4]:
        seen = preview(io.BytesIO(data), name=name, zone=SAO_PAULO)
        assert seen.first == outcome(io.BytesIO(data), name)
