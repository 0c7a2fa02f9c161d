"""What people's files look like, and what becomes of each."""

import io
import json
import tracemalloc
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from alumusic.domain.comments import NewComment, Reject, RejectReason
from alumusic.domain.errors import TooLargeError, UnreadableFileError
from alumusic.ingest.readers import Kind, Limits, open_comments, preview

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def read(data: bytes | str, name: str | None = "a.csv", **options) -> list[NewComment | Reject]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(open_comments(stream, name=name, zone=SAO_PAULO, **options))


def texts(data: bytes | str, name: str | None = "a.csv", **options) -> list[str]:
    rows = read(data, name, **options)
    assert all(isinstance(row, NewComment) for row in rows), rows
    return [row.text for row in rows if isinstance(row, NewComment)]


def workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# --- CSV ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
def test_delimiter_newline_and_encoding_are_found(delimiter: str, newline: str, encoding: str) -> None:
    lines = [
        f"Autor{delimiter}Comentário",
        f'Ana{delimiter}"Não é ""bom""{delimiter} é ótimo"',
        f"Bia{delimiter}Coração",
        "",
    ]

    assert texts(newline.join(lines).encode(encoding)) == [f'Não é "bom"{delimiter} é ótimo', "Coração"]


def test_every_known_column_is_read_and_the_rest_is_kept() -> None:
    head = "Nota;ID;Data/Hora;AUTOR;Plataforma;Artista;Álbum;Música;Link;ID_Externo;Mensagem"
    row = (
        "5;0b7e9b1e-63a3-4f8a-9df2-1f0a4f9a7c11;31/12/2026 23:59;Ana;YouTube;Céu;Vagarosa;Cangote;"
        "https://exemplo.com/1;c1;Que disco!"
    )

    (comment,) = read(f"{head}\n{row}\n")

    assert isinstance(comment, NewComment)
    assert comment.text == "Que disco!"
    assert str(comment.id) == "0b7e9b1e-63a3-4f8a-9df2-1f0a4f9a7c11"
    assert comment.written_at == datetime(2027, 1, 1, 2, 59, tzinfo=UTC)
    assert (comment.author, comment.source, comment.artist) == ("Ana", "YouTube", "Céu")
    assert (comment.album, comment.song, comment.url) == ("Vagarosa", "Cangote", "https://exemplo.com/1")
    assert comment.external_id == "c1"
    assert comment.extra == {"Nota": "5"}


@pytest.mark.parametrize(
    "name",
    [
        *("texto", "TEXTO", " Texto ", "comentario", "Comentário", "comment", "text", "Mensagem", "message"),
        *("Review", "conteúdo", "content", "body", "Descrição", "avaliação", "feedback", "Texto do comentário"),
    ],
)
def test_the_text_has_many_names(name: str) -> None:
    assert texts(f"autor,{name}\nAna,Gostei\n") == ["Gostei"]


def test_of_two_columns_that_could_be_the_text_the_better_name_wins() -> None:
    (comment,) = read("feedback,texto\n10,Gostei\n")

    assert isinstance(comment, NewComment)
    assert (comment.text, comment.extra) == ("Gostei", {"feedback": "10"})


def test_excel_may_declare_its_delimiter() -> None:
    assert texts("sep=;\r\nnota;texto\r\n5;Bom, bom\r\n") == ["Bom, bom"]


def test_a_column_can_be_named_by_the_user() -> None:
    assert texts("nota;Resposta Aberta\n5;Gostei\n", text_column="resposta aberta") == ["Gostei"]


def test_a_column_the_user_names_must_exist() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read("nota;texto\n5;Gostei\n", text_column="opinião")

    assert refused.value.code == "coluna_inexistente"
    assert refused.value.details["columns"] == ["nota", "texto"]


def test_without_a_known_name_the_columns_found_are_listed() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read("nota;cidade\n5;Recife\n4;Olinda\n")

    assert refused.value.code == "sem_coluna_de_texto"
    assert refused.value.details["columns"] == ["nota", "cidade"]


def test_a_file_of_lines_needs_no_header() -> None:
    data = "Adorei o show, foi ótimo\nNão gostei\n\nBom, mas caro, e longe\n"

    assert texts(data) == ["Adorei o show, foi ótimo", "Não gostei", "Bom, mas caro, e longe"]


def test_quotes_mean_nothing_in_a_text_file_of_lines() -> None:
    assert texts('"Amei" foi o que ele disse\nEu não "amei\n', "a.txt") == [
        '"Amei" foi o que ele disse',
        'Eu não "amei',
    ]


def test_one_column_under_a_header_keeps_its_commas() -> None:
    assert texts("texto\nBom, muito bom\nRuim; caro\n") == ["Bom, muito bom", "Ruim; caro"]


def test_a_name_above_prose_is_a_header_that_nobody_knows() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read("coluna\nGostei do show\nNão gostei dele\n")

    assert refused.value.details["columns"] == ["coluna"]


def test_a_quoted_cell_may_hold_newlines_and_lines_are_still_counted() -> None:
    rows = read('id_externo,texto\n1,"um\r\ndois"\n2,\n3,"três\nquatro"\n')

    assert [row.text if isinstance(row, NewComment) else row.line for row in rows] == [
        "um\ndois",
        4,
        "três\nquatro",
    ]


def test_a_row_with_too_many_cells_is_refused_rather_than_cut() -> None:
    assert read("texto,data\nOi,2026-01-01\nOlá, tudo bem,2026-01-01\n,,\nTchau,,,\n") == [
        NewComment("Oi", written_at=datetime(2026, 1, 1, 3, tzinfo=UTC)),
        Reject(3, RejectReason.TOO_MANY_CELLS, "3 > 2"),
        NewComment("Tchau"),
    ]


def test_missing_cells_at_the_end_of_a_row_are_empty() -> None:
    assert read("texto,data,autor\nOi\n") == [NewComment("Oi")]


def test_counted_ids_are_somebody_elses() -> None:
    assert read("id,texto\n1,Oi\n2,Olá\n") == [
        NewComment("Oi", external_id="1"),
        NewComment("Olá", external_id="2"),
    ]


def test_among_uuids_another_id_is_refused() -> None:
    first, second = read("id,texto\n0b7e9b1e-63a3-4f8a-9df2-1f0a4f9a7c11,Oi\n7,Olá\n")

    assert isinstance(first, NewComment)
    assert second == Reject(3, RejectReason.BAD_ID, "7")


def test_an_unclosed_quote_tells_where_it_was_opened() -> None:
    data = 'autor,texto\nAna,Oi\nBia,"Olá\nCaio,Tchau\n'

    with pytest.raises(UnreadableFileError) as refused:
        read(data)

    assert (refused.value.code, refused.value.details["line"]) == ("aspas_sem_fecho", 3)


def test_an_unclosed_quote_is_told_from_a_quoted_newline_before_it() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read('autor,texto,nota\n"Ana\nMaria",Oi,"5\nBia,Olá,4\n')

    assert refused.value.details["line"] == 3


def test_a_quote_closed_by_a_later_rows_quote_is_an_error_too() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read('autor,texto\nAna,"Oi\nBia,"Olá"\n')

    assert (refused.value.code, refused.value.details["line"]) == ("aspas_sem_fecho", 2)


# --- JSON --------------------------------------------------------------------------------------------------

OBJECTS = [{"texto": "Oi", "autor": "Ana", "nota": 5}, {"texto": "Olá"}]
COMMENTS = [NewComment("Oi", author="Ana", extra={"nota": 5}), NewComment("Olá")]


@pytest.mark.parametrize(
    "data",
    [json.dumps({key: OBJECTS}) for key in ("comentarios", "comments", "items", "data")]
    + [
        json.dumps(OBJECTS),
        json.dumps(OBJECTS, indent=2),
        "\n".join(map(json.dumps, OBJECTS)),
        "\r\n\r\n".join(map(json.dumps, OBJECTS)),
        json.dumps({"total": 2, "comentarios": OBJECTS, "pagina": {"n": [1]}}),
    ],
)
@pytest.mark.parametrize("name", ["a.json", "A.JSONL", "a.ndjson", None, "sem_extensao"])
def test_json_comes_in_many_shapes(data: str, name: str | None) -> None:
    assert read(data, name) == COMMENTS


def test_a_list_of_strings_is_a_list_of_texts() -> None:
    assert texts('["Oi", "Olá"]', "a.json") == ["Oi", "Olá"]


def test_one_object_is_one_comment() -> None:
    assert read('{"data": "2026-01-01T10:00:00Z", "texto": "Oi"}', "a.json") == [
        NewComment("Oi", written_at=datetime(2026, 1, 1, 10, tzinfo=UTC))
    ]


def test_json_may_have_a_bom_or_be_utf_16() -> None:
    assert texts(b'\xef\xbb\xbf["Ol\xc3\xa1"]', "a.json") == ["Olá"]
    assert texts('["Olá"]'.encode("utf-16"), "a.json") == ["Olá"]


def test_what_is_no_comment_is_refused_by_its_position() -> None:
    assert read('[null, 7, {"texto": "Oi"}, {"texto": 7}, {"texto": " "}, [1]]', "a.json") == [
        Reject(1, RejectReason.NOT_A_COMMENT),
        Reject(2, RejectReason.NOT_A_COMMENT),
        NewComment("Oi"),
        Reject(4, RejectReason.NOT_A_TEXT, "texto"),
        Reject(5, RejectReason.EMPTY_TEXT, "texto"),
        Reject(6, RejectReason.NOT_A_COMMENT),
    ]


def test_a_json_line_that_is_broken_refuses_the_file_and_says_where() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read('{"texto": "Oi"}\n{"texto": "Olá",}\n', "a.jsonl")

    assert (refused.value.code, refused.value.details["line"]) == ("json_invalido", 2)


def test_values_that_cross_the_windows_edge_are_whole() -> None:
    objects = [{"texto": f"comentário número {n} 😀", "n": n * 10**9} for n in range(20_000)]

    rows = read(json.dumps(objects, ensure_ascii=True), "a.json")

    assert [row.extra["n"] for row in rows if isinstance(row, NewComment)] == [o["n"] for o in objects]


def test_objects_without_any_text_tell_their_keys() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read('[{"nota": 1, "cidade": "Recife"}]', "a.json")

    assert refused.value.details["columns"] == ["nota", "cidade"]


def test_a_key_can_be_named_by_the_user() -> None:
    assert texts('[{"resposta": "Oi"}]', "a.json", text_column="Resposta") == ["Oi"]


# --- XLSX --------------------------------------------------------------------------------------------------


def test_a_workbook_is_read_from_its_first_sheet_with_rows() -> None:
    data = workbook(
        [], [["Comentário", "Data", "Nota"], ["Olá", datetime.fromisoformat("2026-12-31 23:59"), 4.5], [None, None, 1]]
    )

    assert read(data, "a.xlsx") == [
        NewComment("Olá", written_at=datetime(2027, 1, 1, 2, 59, tzinfo=UTC), extra={"Nota": "4.5"}),
        Reject(3, RejectReason.EMPTY_TEXT, "texto"),
    ]


@pytest.mark.parametrize(
    ("epoch", "serial"), [(WINDOWS_EPOCH, 2_958_465.9999999), (MAC_EPOCH, 2_958_465), (MAC_EPOCH, 2_957_004)]
)
def test_a_day_after_the_end_of_the_calendar_is_a_bad_date_of_its_row(epoch: datetime, serial: float) -> None:
    book = openpyxl.Workbook()
    book.epoch = epoch
    for row in (["texto", "data"], ["Olá", serial], ["Oi", 40_000]):
        book.active.append(row)
    for cell in book.active["B"][1:]:
        cell.number_format = "dd/mm/yyyy"

    bad, good = read(saved(book), "a.xlsx")

    assert bad == Reject(2, RejectReason.BAD_DATE, str(serial))
    assert good.written_at is not None


def test_a_workbook_of_one_column_needs_no_header() -> None:
    assert texts(workbook([["Gostei muito"], ["Não gostei"]]), "A.XLSX") == ["Gostei muito", "Não gostei"]


def test_strings_many_enough_to_leave_the_memory_are_still_found() -> None:
    rows = [["texto"], *[[f"{n} " + "ç" * 900] for n in range(6_000)]]

    found = texts(workbook(rows), "a.xlsx")

    assert found == [row[0] for row in rows[1:]]


# --- around ------------------------------------------------------------------------------------------------


def test_too_many_bytes_or_rows_are_refused() -> None:
    with pytest.raises(TooLargeError) as bytes_refused:
        read("texto\nOi\n", limits=Limits(max_bytes=8))
    with pytest.raises(TooLargeError) as rows_refused:
        read("texto\n" + "Oi\n" * 4, limits=Limits(max_rows=3))

    assert bytes_refused.value.code == "arquivo_grande"
    assert rows_refused.value.code == "linhas_demais"


class Pipe(io.RawIOBase):
    """A stream that gives three bytes at a time and cannot go back."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        data = self._data.read(3)
        buffer[: len(data)] = data
        return len(data)


def test_a_pipe_is_read_too_and_never_further_than_the_limit() -> None:
    assert len(list(open_comments(Pipe(b"texto\nOi\n"), name=None, zone=SAO_PAULO))) == 1
    with pytest.raises(TooLargeError):
        open_comments(Pipe(b"x" * 100), name=None, zone=SAO_PAULO, limits=Limits(max_bytes=50))


def test_the_stream_stays_the_callers() -> None:
    stream = io.BytesIO(b"texto\nOi\n")

    list(open_comments(stream, name=None, zone=SAO_PAULO))

    assert not stream.closed


def test_a_preview_tells_what_sending_would_bring() -> None:
    data = "sep=;\nautor;texto;data\nAna;Oi;\nBia;;\nCaio;Olá;ontem\n".encode("utf-16")

    seen = preview(io.BytesIO(data), name="a.csv", zone=SAO_PAULO, rows=1)

    assert (seen.format.kind, seen.format.encoding, seen.format.delimiter) == (Kind.CSV, "UTF-16 LE", ";")
    assert seen.format.columns.recognised == {"texto": "texto", "autor": "autor", "data": "data"}
    assert (seen.comments, seen.rejects, seen.complete) == (1, 2, True)
    assert seen.rejects_by_reason == {RejectReason.EMPTY_TEXT: 1, RejectReason.BAD_DATE: 1}
    assert seen.first == [NewComment("Oi", author="Ana")]


def test_a_preview_may_stop_early_and_says_so() -> None:
    seen = preview(io.BytesIO(b"texto\n" + b"Oi\n" * 50), name=None, zone=SAO_PAULO, count_at_most=10)

    assert (seen.comments, seen.complete) == (10, False)


def test_a_preview_of_json_tells_the_keys_of_its_first_object() -> None:
    seen = preview(io.BytesIO(b'[{"comment": "Oi", "user": "Ana", "nota": 5}]'), name="a.json", zone=SAO_PAULO)

    assert seen.format.columns.recognised == {"comment": "texto", "user": "autor"}
    assert seen.format.columns.extra == ((2, "nota"),)


@pytest.mark.parametrize("shape", ["csv", "json", "latin", "xlsx"])
def test_memory_stays_bounded_however_large_the_file(shape: str) -> None:
    texts_of_16_mb = [f"{n} " + "ção " * 1_000 for n in range(4_000)]
    if shape == "json":
        data = json.dumps(texts_of_16_mb, ensure_ascii=False).encode()
    elif shape == "xlsx":
        data = workbook([["texto"], *[[text] for text in texts_of_16_mb]])
    else:
        data = "\n".join(["texto", *texts_of_16_mb]).encode("cp1252" if shape == "latin" else "utf-8")
    del texts_of_16_mb
    stream = io.BytesIO(data)

    tracemalloc.start()
    try:
        rows = sum(1 for _ in open_comments(stream, name=None, zone=SAO_PAULO))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert rows == 4_000
    # The strings of a workbook are in memory up to 8 MB, and then on disk.
    assert peak < (24 if shape == "xlsx" else 6) * 1024 * 1024
