"""Which letters a file is written in: decoded rightly over its whole length, or refused; never mojibake."""

import codecs
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from alumusic.domain.errors import UnreadableFileError
from alumusic.ingest.readers.source import Source


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec of Python, and the name to show to people."""

    codec: str
    label: str


_UTF8: Final = Encoding("utf-8-sig", "UTF-8")
_UTF16_LE: Final = Encoding("utf-16-le", "UTF-16 LE")
_UTF16_BE: Final = Encoding("utf-16-be", "UTF-16 BE")
_WINDOWS: Final = Encoding("cp1252", "Windows-1252")

_BOMS: Final = (
    (codecs.BOM_UTF8, _UTF8),
    # Before UTF-16, whose mark is the beginning of this one.
    (codecs.BOM_UTF32_LE, Encoding("utf-32", "UTF-32 LE")),
    (codecs.BOM_UTF32_BE, Encoding("utf-32", "UTF-32 BE")),
    (codecs.BOM_UTF16_LE, Encoding("utf-16", "UTF-16 LE")),
    (codecs.BOM_UTF16_BE, Encoding("utf-16", "UTF-16 BE")),
)


def detect_encoding(source: Source) -> Encoding:
    """Find the encoding of `source` by decoding all of it, and refuse it if no encoding fits or a NUL is inside.

    Raises:
        UnreadableFileError: with the line of the first byte that cannot be.
    """
    head = source.head(4_096)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            _decode_all(source, encoding)
            return encoding
    if b"\x00" in head:
        encoding = _without_bom(head)
        _decode_all(source, encoding)
        return encoding
    try:
        _decode_all(source, _UTF8)
    except UnreadableFileError as trouble:
        if trouble.code == "caractere_nulo":
            raise
        _check_windows(source, trouble)
        return _WINDOWS
    return _UTF8


def open_text(source: Source, encoding: Encoding) -> io.TextIOWrapper:
    """The decoded text from its beginning, newlines untouched."""
    return io.TextIOWrapper(source.buffered(), encoding=encoding.codec, errors="strict", newline="")


def _without_bom(head: bytes) -> Encoding:
    """UTF-16 in a Western language has a NUL in every other byte; anything else with NULs is no text."""
    pairs = max(len(head) // 2, 1)
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd > pairs * 0.7 and even < pairs * 0.05:
        return _UTF16_LE
    if even > pairs * 0.7 and odd < pairs * 0.05:
        return _UTF16_BE
    before = head[: head.index(0)]
    raise UnreadableFileError("caractere_nulo", line=1 + (before.count(b"\n") or before.count(b"\r")))


def _decode_all(source: Source, encoding: Encoding) -> None:
    decode = codecs.getincrementaldecoder(encoding.codec)("strict").decode
    lines = _LineCount()
    for block in source.blocks():
        lines.add(_decoded(decode, block, lines, encoding))
    _decoded(decode, b"", lines, encoding, final=True)


def _decoded(
    decode: Callable[[bytes, bool], str],
    block: bytes,
    lines: "_LineCount",
    encoding: Encoding,
    *,
    final: bool = False,
) -> str:
    try:
        text = decode(block, final)
    except UnicodeDecodeError as trouble:
        line = lines.at(trouble.object[: trouble.start].decode(encoding.codec, "replace"))
        raise UnreadableFileError("codificacao_invalida", line=line, encoding=encoding.label) from trouble
    if "\0" in text:
        raise UnreadableFileError("caractere_nulo", line=lines.at(text[: text.index("\0")]))
    return text


class _LineCount:
    """Lines passed so far, whatever the newline: LF and CRLF by their LF, old Macintosh files by their CR."""

    def __init__(self) -> None:
        self._line_feeds = 0
        self._returns = 0

    def add(self, text: str) -> None:
        self._line_feeds += text.count("\n")
        self._returns += 0 if self._line_feeds else text.count("\r")

    def at(self, before: str) -> int:
        """The line, from 1, of what comes after `before` in the block not yet added."""
        feeds = self._line_feeds + before.count("\n")
        return 1 + (feeds or self._returns + before.count("\r"))


# --- Windows-1252 decodes nearly everything, so it has to look like a language we know -------------------

_ASCII: Final = bytes(range(0x80))
_PLAUSIBLE: Final = (
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŒœŠšŽž"  # letters of Western Europe
    "€…‘’“”•–—™‹›\xa0¡£§¨©ª«\xad®°±²³´µ·¹º»¼½¾¿×÷¬¢"
).encode("cp1252")
_UTF8_REMAINS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rb"\xc3[\x80-\xbf]",
        rb"\xe2\x80[\x80-\xbf]",
        rb"\xf0\x9f[\x80-\xbf]{2}",
        rb"\xed[\xa0-\xbf][\x80-\xbf]",
    )
)
"""What é, “, an emoji or its halves are in UTF-8: beside bytes that are not, they tell of a mixed or cut file."""
_TOLERANCE: Final = 50
"""One implausible place in so many foreign bytes is an odd word; more is another encoding."""


def _shapes() -> bytes:
    """Each byte as what it is in Windows-1252: `a` and `A` ASCII letters, `b` and `B` others, `$` signs."""
    shapes = bytearray(b" " * 0x80 + b"$" * 0x40 + b"B" * 0x1F + b"b" * 0x21)
    for letter in range(26):
        shapes[ord("a") + letter], shapes[ord("A") + letter] = b"aA"
    # Quotes, dashes, ellipsis, soft hyphen and the middle dot of Catalan do stand between letters.
    for sign in "…‘’“”•–—\xa0\xad´·".encode("cp1252"):
        shapes[sign] = ord(" ")
    return bytes(shapes)


_SHAPES: Final = _shapes()
_ONE_CASE: Final = bytes.maketrans(b"AB", b"ab")


def _odd_places(block: bytes) -> int:
    """Places where no word of a Western language has such letters."""
    shape = block.translate(_SHAPES)
    one_case = shape.translate(_ONE_CASE)
    # A capital after a small letter: "nÆo" is "não" in the code page of DOS.
    capitals = shape.count(b"aB") + shape.count(b"bB")
    # Three accented letters in a row: Cyrillic or Chinese. A sign inside a word: Polish, Macintosh.
    return capitals + one_case.count(b"bbb") + one_case.count(b"a$a")


def _check_windows(source: Source, trouble: UnreadableFileError) -> None:
    """Accept Windows-1252 (and with it Latin-1) only where every byte is defined and the words look right."""
    line = trouble.details["line"]
    foreign = odd = 0
    for block in source.blocks():
        if b"\x00" in block or any(remains.search(block) for remains in _UTF8_REMAINS):
            raise UnreadableFileError("codificacao_mista", line=line) from trouble
        high = block.translate(None, _ASCII)
        foreign += len(high)
        odd += len(high.translate(None, _PLAUSIBLE)) + _odd_places(block)
    if odd * _TOLERANCE > foreign:
        raise UnreadableFileError("codificacao_desconhecida", line=line) from trouble
