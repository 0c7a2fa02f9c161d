"""What a file is, by its bytes; its name only settles what the bytes leave open."""

import re
import zipfile
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from alumusic.domain.errors import UnsupportedFileError
from alumusic.ingest.readers.source import Source


class Kind(StrEnum):
    """A shape of file that we read."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"


_BY_EXTENSION: Final = {
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".tab": Kind.CSV,
    ".txt": Kind.CSV,
    ".json": Kind.JSON,
    ".jsonl": Kind.JSON,
    ".ndjson": Kind.JSON,
    ".xlsx": Kind.XLSX,
    ".xlsm": Kind.XLSX,
}

_MAGIC: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"ID3\x03", "mp3"),
    (b"ID3\x04", "mp3"),
    (b"OggS\x00", "ogg"),
    (b"fLaC\x00", "flac"),
    (b"RIFF", "riff"),
    (b"\x7fELF", "elf"),
    (b"MZ\x90\x00", "exe"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"PAR1\x15", "parquet"),
    (b"{\\rtf", "rtf"),
    (b"\x09\x08\x10\x00", "xls"),
)
"""First bytes of what people send by mistake. Old Excel files (OLE2) and encrypted ones share one signature."""

_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|\?xml|head|body|table)\b", re.IGNORECASE)
_JSON_START: Final = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{"\]])')
"""Only what a comment would hardly begin with: "[oficial] clipe" is a comment."""

_BOMS: Final = (b"\xef\xbb\xbf",)
_HEAD: Final = 4_096


def detect(source: Source, name: str | None) -> Kind:
    """Tell what `source` is, from its content.

    Raises:
        UnsupportedFileError: a format that we do not read, or a spreadsheet whose name says text (and the reverse).
    """
    head = source.head(_HEAD)
    named = _BY_EXTENSION.get(PurePosixPath(name.lower()).suffix) if name else None
    found = _by_content(source, head, named)
    if (found is Kind.XLSX) != (named is Kind.XLSX) and named is not None and head:
        raise UnsupportedFileError("conteudo_nao_confere", found=found.value, named=named.value)
    return found


def _by_content(source: Source, head: bytes, named: Kind | None) -> Kind:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _in_zip(source)
    for magic, found in _MAGIC:
        if head.startswith(magic):
            raise UnsupportedFileError(found=found)
    if head[4:8] == b"ftyp":
        raise UnsupportedFileError(found="mp4")
    text = _plain(head)
    if _MARKUP.match(text):
        raise UnsupportedFileError(found="html" if b"?xml" not in text[:64] else "xml")
    if named is Kind.JSON or _JSON_START.match(text):
        return Kind.JSON
    return Kind.CSV


def _plain(head: bytes) -> bytes:
    """The head as plain bytes: without a BOM, and UTF-16 brought down to its ASCII."""
    for bom in _BOMS:
        if head.startswith(bom):
            return head[len(bom) :]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head[:4]:
        return head.lstrip(b"\xff\xfe").replace(b"\x00", b"")
    return head


def _in_zip(source: Source) -> Kind:
    """Look into a zip without unpacking it: only a workbook in XML is for us; its macros are never looked at."""
    try:
        check_directory(source)
        with zipfile.ZipFile(source.buffered()) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as trouble:
        raise UnsupportedFileError(found="zip") from trouble
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    for part, found in (
        ("xl/workbook.bin", "xlsb"),
        ("word/document.xml", "docx"),
        ("ppt/presentation.xml", "pptx"),
        ("content.xml", "ods"),
        ("Index/Document.iwa", "numbers"),
    ):
        if part in names:
            raise UnsupportedFileError(found=found)
    raise UnsupportedFileError(found="zip")


_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_LARGEST_COMMENT: Final = 65_535
_LARGEST_DIRECTORY: Final = 1 << 20


def check_directory(source: Source) -> None:
    """Refuse a zip whose directory would fill the memory before a single byte is unpacked.

    Raises:
        ValueError: no directory, one larger than a workbook ever has, or a zip64 one.
    """
    size = source.seek(0, 2)
    tail_size = min(size, _END_SIZE + _LARGEST_COMMENT + 20)
    source.seek(size - tail_size)
    tail = source.read(tail_size) or b""
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise ValueError("no directory")
    if tail[max(at - 20, 0) : at].startswith(b"PK\x06\x07"):
        raise ValueError("zip64")
    if int.from_bytes(tail[at + 12 : at + 16], "little") > _LARGEST_DIRECTORY:
        raise ValueError("directory too large")
