"""Files that mean harm, or that somebody sent by mistake, and the documented outcome of each.

An outcome is the list of texts that are read, or the error's code and the line it names.
"""

import bz2
import gzip
import io
import json
import lzma
import zipfile
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from alumusic.domain.comments import NewComment, Reject, RejectReason
from alumusic.domain.errors import RequestError
from alumusic.ingest.readers import open_comments

SAO_PAULO = ZoneInfo("America/Sao_Paulo")

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def xlsx(rows: str, *, before: str = "", **parts: str) -> bytes:
    """A workbook of one sheet, from the XML of its rows."""
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="r1" Type="{RELATIONS}/worksheet"'
            f' Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{RELATIONS}/sharedStrings"'
            ' Target="sharedStrings.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        }
        | {name.replace("__", "/").replace("_xml", ".xml"): content for name, content in parts.items()}
    )


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


HEAD = f'<row r="1">{cell("A1", "texto")}</row>'


def saved_workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["texto"])
    book.active.append(["Oi"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


GOOD_CSV = b"texto,nota\nOi,5\n"
BILLION = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
DEEP = 100_000

# name of the file, its bytes, outcome
FILES: dict[str, tuple[str | None, bytes, object]] = {
    # --- nothing inside ---
    "empty": ("a.csv", b"", ("arquivo_vazio", None)),
    "empty json": ("a.json", b"", ("arquivo_vazio", None)),
    "empty xlsx name": ("a.xlsx", b"", ("arquivo_vazio", None)),
    "only a bom": ("a.csv", b"\xef\xbb\xbf", ("arquivo_vazio", None)),
    "only a utf-16 bom": ("a.csv", b"\xff\xfe", ("arquivo_vazio", None)),
    "only blank lines": ("a.csv", b"\r\n \r\n\t\n" * 100_000, ("arquivo_vazio", None)),
    "only delimiters": ("a.csv", b";;;\n;;;\n", ("arquivo_vazio", None)),
    "only separators of files": ("a.csv", b"\x1c\x1d\x1e\x1f", ("arquivo_vazio", None)),
    "only spaces of print": ("a.csv", "\u00a0\u2003\n".encode(), ("arquivo_vazio", None)),
    "only a header": ("a.csv", b"texto;data\n", ("sem_comentarios", None)),
    "only sep=": ("a.csv", b"sep=;\n", ("sem_comentarios", None)),
    "header and blanks": ("a.csv", b"texto;data\n\n;\n", ("sem_comentarios", None)),
    "empty list": ("a.json", b"[]", ("sem_comentarios", None)),
    "empty list inside": ("a.json", b'{"comentarios": []}', ("sem_comentarios", None)),
    "empty object": ("a.json", b"{}", [RejectReason.EMPTY_TEXT]),
    "empty sheet": ("a.xlsx", xlsx(""), ("arquivo_vazio", None)),
    # --- something else under our names ---
    "gzip": ("a.csv", gzip.compress(GOOD_CSV), ("formato_nao_suportado", None)),
    "bzip2": ("a.csv", bz2.compress(GOOD_CSV), ("formato_nao_suportado", None)),
    "xz": ("a.csv", lzma.compress(GOOD_CSV), ("formato_nao_suportado", None)),
    "zip of a csv": ("a.csv", zipped({"a.csv": GOOD_CSV}), ("formato_nao_suportado", None)),
    "zip named xlsx": ("a.xlsx", zipped({"a.csv": GOOD_CSV}), ("formato_nao_suportado", None)),
    "empty zip": ("a.xlsx", zipped({}), ("formato_nao_suportado", None)),
    "zip of nothing but its mark": ("a.xlsx", b"PK\x03\x04", ("formato_nao_suportado", None)),
    "zip cut in two": ("a.xlsx", saved_workbook()[:2_000], ("formato_nao_suportado", None)),
    "xlsx named csv": ("a.csv", saved_workbook(), ("conteudo_nao_confere", None)),
    "xlsx named json": ("a.json", saved_workbook(), ("conteudo_nao_confere", None)),
    "csv named xlsx": ("a.xlsx", GOOD_CSV, ("conteudo_nao_confere", None)),
    "ods": ("a.csv", zipped({"mimetype": "x", "content.xml": "<x/>"}), ("formato_nao_suportado", None)),
    "docx": ("a.xlsx", zipped({"word/document.xml": "<x/>"}), ("formato_nao_suportado", None)),
    "xlsb": ("a.xlsx", zipped({"xl/workbook.bin": "x"}), ("formato_nao_suportado", None)),
    "old or encrypted excel": (
        "a.xls",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
        ("formato_nao_suportado", None),
    ),
    "pdf": ("a.csv", b"%PDF-1.7\n%\xe2\xe3", ("formato_nao_suportado", None)),
    "png": ("a.csv", b"\x89PNG\r\n\x1a\n\0\0", ("formato_nao_suportado", None)),
    "jpeg": ("a.csv", b"\xff\xd8\xff\xe0\0\x10JFIF", ("formato_nao_suportado", None)),
    "html": ("a.csv", b"\n <!DOCTYPE html><html><table>", ("formato_nao_suportado", None)),
    "html after a bom": ("a.csv", b"\xef\xbb\xbf<HTML>", ("formato_nao_suportado", None)),
    "html in utf-16": ("a.csv", "<html><body>".encode("utf-16"), ("formato_nao_suportado", None)),
    "xml": ("a.csv", b'<?xml version="1.0"?><a/>', ("formato_nao_suportado", None)),
    "sqlite": ("a.csv", b"SQLite format 3\0" + bytes(90), ("formato_nao_suportado", None)),
    "executable": ("a.csv", b"\x7fELF\x02\x01\x01", ("formato_nao_suportado", None)),
    "video": ("a.csv", b"\0\0\0\x18ftypmp42", ("formato_nao_suportado", None)),
    "noise": ("a.csv", bytes(range(256)) * 20, ("caractere_nulo", 1)),
    "noise without nul": ("a.csv", bytes(range(1, 256)) * 20, ("codificacao_desconhecida", 2)),
    # --- letters ---
    "nul in a cell": ("a.csv", b"texto\nOi\nOl\0a\n", ("caractere_nulo", 3)),
    "nul in utf-16": ("a.csv", "texto\nOi\nOl\0a\n".encode("utf-16"), ("caractere_nulo", 3)),
    "control characters": ("a.csv", b"texto\nO\x01i\x7f\x1b[0m\n", ["Oi[0m"]),
    "windows-1252": ("a.csv", "texto;nota\n“Não” é só €5…;1\n".encode("cp1252"), ["“Não” é só €5…"]),
    "latin-1": ("a.csv", "texto\nAção é emoção\n".encode("latin-1"), ["Ação é emoção"]),
    "upper-case latin-1": ("a.csv", "texto\nNÃO É SÓ EMOÇÃO\n".encode("latin-1"), ["NÃO É SÓ EMOÇÃO"]),
    "dos code page 850": ("a.csv", "texto\nnão é só emoção\n".encode("cp850"), ("codificacao_desconhecida", 2)),
    "macintosh": ("a.csv", "texto\nnão é só emoção\n".encode("mac-roman"), ("codificacao_desconhecida", 2)),
    "cyrillic 1251": ("a.csv", "texto\nотличный концерт\n".encode("cp1251"), ("codificacao_desconhecida", 2)),
    "polish 1250": ("a.csv", "texto\nżółć gęślą jaźń\n".encode("cp1250"), ("codificacao_desconhecida", 2)),
    "shift-jis": ("a.csv", "texto\n素晴らしい音楽でした\n".encode("shift-jis"), ("codificacao_desconhecida", 2)),
    "gbk": ("a.csv", "texto\n音乐非常好听的\n".encode("gbk"), ("codificacao_desconhecida", 2)),
    "utf-8 and latin-1 mixed": (
        "a.csv",
        "texto\nNão é\n".encode() + "coração\n".encode("latin-1"),
        ("codificacao_mista", 3),
    ),
    "utf-8 cut in a letter": ("a.csv", "texto\nNão é ã".encode()[:-1], ("codificacao_mista", 2)),
    "utf-8 bom before latin-1": (
        "a.csv",
        b"\xef\xbb\xbftexto\n" + "ação\n".encode("latin-1"),
        ("codificacao_invalida", 2),
    ),
    "utf-16 cut in a letter": ("a.csv", "texto\nOi\n".encode("utf-16")[:-1], ("codificacao_invalida", 2)),
    "utf-16 with a lone surrogate": (
        "a.csv",
        b"\xff\xfe" + "texto\n\ud800x\n".encode("utf-16-le", "surrogatepass"),
        ("codificacao_invalida", 2),
    ),
    "surrogates in utf-8": (
        "a.csv",
        b"texto\na\xed\xa0\x80\xed\xb0\x80b\n",
        ("codificacao_mista", 2),
    ),
    "a bom inside": ("a.csv", "texto\n\ufeffOi\n".encode(), ["Oi"]),
    "double bom": ("a.csv", "\ufeff\ufefftexto,nota\nOi,5\n".encode(), ["Oi"]),
    "direction marks": ("a.csv", "texto\n\u202eiO\n".encode(), ["\u202eiO"]),
    "only invisible letters": ("a.csv", "texto\n\u200b\u200d\n".encode(), [RejectReason.EMPTY_TEXT]),
    # --- quotes and cells ---
    "unclosed quote": ("a.csv", b'texto,nota\nOi,1\n"Ola,2\nTchau,3\n', ("aspas_sem_fecho", 3)),
    "unclosed quote over megabytes": (
        "a.csv",
        b'texto,nota\n"Ola,2\n' + b"Tchau,3\n" * 400_000,
        ("aspas_sem_fecho", 2),
    ),
    "quote amid a cell": ("a.csv", b'texto,nota\n"Oi" gente,1\n', ("aspas_fora_do_lugar", 2)),
    "backslash before a quote": ("a.csv", b'texto,nota\n"a \\"b\\" c",1\n', ("aspas_fora_do_lugar", 2)),
    "quote inside an open cell": ("a.csv", b'texto,nota\nDisse "oi" e saiu,1\n', ['Disse "oi" e saiu']),
    "giant cell": ("a.csv", b'texto,nota\n"' + b"a" * 2_000_000 + b'",1\n', ("linha_sem_fim", 2)),
    "giant line": ("a.csv", b"texto\n" + b"a" * 3_000_000, ("linha_sem_fim", 2)),
    "giant quoted cell of many lines": (
        "a.csv",
        b'texto,nota\n"' + b"aaaaaaaaa\n" * 200_000 + b'",1\n',
        ("aspas_sem_fecho", 2),
    ),
    "long but legal cell": ("a.csv", b"texto\n" + b"a" * 200_000 + b"\n", [RejectReason.TEXT_TOO_LONG]),
    "ragged rows": (
        "a.csv",
        b"texto,nota\nOi,1\nso um\na,b,c\n",
        ["Oi", "so um", RejectReason.TOO_MANY_CELLS],
    ),
    "thousands of columns": ("a.csv", b"texto" + b",x" * 5_000 + b"\nOi\n", ("muitas_colunas", None)),
    "a row of a million commas": (
        "a.csv",
        b"texto,nota\n" + b"," * 999_998 + b"x\n",
        [RejectReason.TOO_MANY_CELLS],
    ),
    "no known column": ("a.csv", b"nota,cidade\n5,Recife\n", ("sem_coluna_de_texto", None)),
    "two texts": ("a.csv", b"texto,texto\nOi,Tchau\n", ["Oi"]),
    "formula": ("a.csv", b'texto\n"=HYPERLINK(""http://x"")"\n', ['=HYPERLINK("http://x")']),
    "script": ("a.csv", b"texto\n<script>alert(1)</script>\n", ["<script>alert(1)</script>"]),
    "sql": ("a.csv", b"texto\n'; DROP TABLE comentarios; --\n", ["'; DROP TABLE comentarios; --"]),
    "path as a name": ("../../etc/passwd", b"texto\nOi\n", ["Oi"]),
    "newline in a name": ("a\r\nSet-Cookie: x.csv", b"texto\nOi\n", ["Oi"]),
    "nul in a name": ("a\0.csv", b"texto\nOi\n", ["Oi"]),
    "dates of nobody": ("a.csv", b"texto,data\nOi,99/99/9999\n", [RejectReason.BAD_DATE]),
    "a comment that begins like json": (
        "a.csv",
        b"[oficial] clipe lindo\nGostei dele\n",
        ["[oficial] clipe lindo", "Gostei dele"],
    ),
    # --- JSON ---
    "deep list": ("a.json", b"[" * DEEP, ("json_fundo_demais", 1)),
    "deep list that closes": ("a.json", b"[" * DEEP + b"]" * DEEP, ("json_fundo_demais", 1)),
    "deep object": ("a.json", b'{"a":' * DEEP, ("json_fundo_demais", 1)),
    "nan": ("a.json", b'[\n{"texto": "Oi", "n": NaN}]', ("json_numero_invalido", 2)),
    "infinity": ("a.json", b"[\n\n-Infinity]", ("json_numero_invalido", 3)),
    "integer of 5,000 digits": ("a.json", b'["Oi",\n' + b"9" * 5_000 + b"]", ("json_numero_invalido", 2)),
    "number beyond floats": ("a.json", b'[{"texto": "Oi", "n": 1e999}]', [RejectReason.NOT_A_TEXT]),
    "lone surrogate": ("a.json", b'["Oi", "\\ud800"]', ("caracteres_invalidos", 2)),
    "escaped nul": ("a.json", b'["a\\u0000b"]', ("caracteres_invalidos", 1)),
    "surrogate in an unknown key": ("a.json", b'[{"texto": "Oi", "\\udfff": 1}]', ("caracteres_invalidos", 1)),
    "emoji by surrogates": ("a.json", b'["\\ud83d\\ude00"]', ["😀"]),
    "repeated key": ("a.json", b'[{"texto": "Oi",\n "texto": "Ola"}]', ("json_chave_repetida", 1)),
    "repeated key outside": ("a.json", b'{"texto": "Oi",\n "texto": "Ola"}', ("json_chave_repetida", 2)),
    "cut list": ("a.json", b'["Oi",\n"Ola"', ("json_cortado", 2)),
    "cut string": ("a.json", b'["Oi",\n"Ol', ("json_cortado", 2)),
    "cut object": ("a.json", b'[{"texto": "Oi"},\n{"texto":', ("json_cortado", 2)),
    "broken far away": (
        "a.json",
        b"[" + b'{"texto": "Oi"},\n' * 60_000 + b'{"texto": Oi}]',
        ("json_invalido", 60_001),
    ),
    "missing comma": ("a.json", b'["Oi"\n"Ola"]', ("json_invalido", 2)),
    "single quotes": ("a.json", b"['Oi']", ("json_invalido", 1)),
    "comments in json": ("a.json", b'[ // oi\n"Oi"]', ("json_invalido", 1)),
    "newline inside a string": ("a.json", b'["O\ni"]', ("json_invalido", 1)),
    "something after": ("a.json", b'["Oi"]\nfim', ("json_invalido", 2)),
    "csv named json": ("a.json", GOOD_CSV, ("json_invalido", 1)),
    "giant string": ("a.json", b'["' + b"a" * 3_000_000 + b'"]', ("celula_grande", 1)),
    "giant string that is legal": ("a.json", b'["' + b"a" * 500_000 + b'"]', [RejectReason.TEXT_TOO_LONG]),
    "a number": ("a.json", b"42", [RejectReason.NOT_A_COMMENT]),
    "null": ("a.json", b"null", [RejectReason.NOT_A_COMMENT]),
    "broken json line": ("a.jsonl", b'{"texto": "Oi"}\n{"texto": \n', ("json_cortado", 2)),
    "object of 2,000 keys": (
        "a.json",
        json.dumps({f"k{n}": n for n in range(2_000)}).encode(),
        ("json_invalido", 1),
    ),
    # --- XLSX ---
    "one cell in the last corner": (
        "a.xlsx",
        xlsx(HEAD + f'<row r="2">{cell("A2", "Oi")}</row><row r="1048576">{cell("XFD1048576", "x")}</row>'),
        ("muitas_colunas", None),
    ),
    "entities": ("a.xlsx", xlsx(HEAD + '<row r="2"><c><v>&b;</v></c></row>', before=BILLION), ("xlsx_ilegivel", None)),
    "external entity": (
        "a.xlsx",
        xlsx(HEAD, before='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        ("xlsx_ilegivel", None),
    ),
    "bomb of spaces": (
        "a.xlsx",
        xlsx(HEAD + f'<row r="2"><c r="A2" t="str"><v>{" " * 3_000_000}</v></c></row>'),
        ("celula_grande", 2),
    ),
    "bomb outside the cells": ("a.xlsx", xlsx(HEAD + " " * 300_000_000), ("planilha_grande", None)),
    "xml that does not close": ("a.xlsx", xlsx(HEAD + "<row>"), ("xlsx_ilegivel", None)),
    "string that is not there": (
        "a.xlsx",
        xlsx(HEAD + '<row r="2"><c r="A2" t="s"><v>7</v></c></row>'),
        ("xlsx_ilegivel", None),
    ),
    "negative string": (
        "a.xlsx",
        xlsx(HEAD + '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>'),
        ("xlsx_ilegivel", None),
    ),
    "escaped nul in a sheet": (
        "a.xlsx",
        xlsx(HEAD + f'<row r="2">{cell("A2", "a_x0000_b")}</row>'),
        ("caracteres_invalidos", 2),
    ),
    "escaped return in a sheet": ("a.xlsx", xlsx(HEAD + f'<row r="2">{cell("A2", "a_x000D_b")}</row>'), ["a\nb"]),
    "error cells": (
        "a.xlsx",
        xlsx(HEAD + f'<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row><row r="3">{cell("A3", "Oi")}</row>'),
        ["Oi"],
    ),
    "sheet that is missing": (
        "a.xlsx",
        zipped({"xl/workbook.xml": "<workbook/>", "xl/_rels/workbook.xml.rels": "<Relationships/>"}),
        ("arquivo_vazio", None),
    ),
    "workbook without relations": ("a.xlsx", zipped({"xl/workbook.xml": "<workbook/>"}), ("xlsx_ilegivel", None)),
    "macros": ("a.xlsm", xlsx(HEAD + f'<row r="2">{cell("A2", "Oi")}</row>', xl__vbaProject_bin="x"), ["Oi"]),
    "formula in a sheet": (
        "a.xlsx",
        xlsx(HEAD + '<row r="2"><c r="A2" t="str"><f>CMD()</f><v>Oi</v></c></row>'),
        ["Oi"],
    ),
}


def outcome(name: str | None, data: bytes) -> object:
    try:
        rows = list(open_comments(io.BytesIO(data), name=name, zone=SAO_PAULO))
    except RequestError as refused:
        return refused.code, refused.details.get("line")
    return [row.text if isinstance(row, NewComment) else row.reason for row in rows]


@pytest.mark.parametrize("case", FILES)
def test_a_hostile_file_has_its_documented_outcome(case: str) -> None:
    name, data, expected = FILES[case]

    assert outcome(name, data) == expected


def test_the_collection_is_large() -> None:
    assert len(FILES) >= 60


def test_rejects_carry_the_line_and_never_the_whole_value() -> None:
    data = b"texto,data\nOi," + b"9" * 100_000 + b"\n"

    (row,) = open_comments(io.BytesIO(data), name="a.csv", zone=SAO_PAULO)

    assert isinstance(row, Reject)
    assert (row.line, len(row.detail)) == (2, 60)
