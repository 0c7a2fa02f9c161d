"""The parts of an XLSX workbook: unpacked within bounds, parsed as a stream, with nothing executed or expanded.

Spreadsheets come from strangers. A workbook of 1 KB with one cell in its last corner makes python-calamine ask for
512 GB and abort the process, so the few parts we need are read here, with expat, one chunk after the other.
"""

import re
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Final, NoReturn, Self
from xml.parsers import expat

from alumusic.domain.errors import TooLargeError, UnreadableFileError
from alumusic.ingest.readers.detection import check_directory
from alumusic.ingest.readers.source import Source

MAX_UNPACKED: Final = 256 * 1024 * 1024
"""Bytes that all parts together may unpack to: 300,000 comments with ten columns take about half."""
MAX_TAGS: Final = 40_000_000
"""XML tags that are worth reading: bounds the time that empty cells may cost."""
_CHUNK: Final = 1 << 16
_STRINGS_IN_MEMORY: Final = 8 * 1024 * 1024

_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a compression that nobody uses
    RuntimeError,  # an encrypted part
    ValueError,
    OSError,
    expat.ExpatError,
)


def unreadable(trouble: BaseException | None = None) -> UnreadableFileError:
    """The workbook is broken, or not one."""
    error = UnreadableFileError("xlsx_ilegivel")
    error.__cause__ = trouble
    return error


class Workbook:
    """An open workbook; `parse` reads one of its parts."""

    def __init__(self, source: Source) -> None:
        self._unpacked = 0
        self._tags = 0
        try:
            check_directory(source)
            self._archive = zipfile.ZipFile(source.buffered())
        except _BROKEN as trouble:
            raise unreadable(trouble) from trouble

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part in self._archive.NameToInfo

    def parse(
        self,
        part: str,
        *,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Parse `part`, calling the handlers with names as written, and yield after each chunk.

        Raises:
            UnreadableFileError: a broken part, or one with a document type (the door of entity bombs).
            TooLargeError: the workbook unpacks to more than it should.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.StartElementHandler = start
        if end is not None:
            parser.EndElementHandler = end
        if text is not None:
            parser.CharacterDataHandler = text
        try:
            with self._archive.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    self._count(chunk)
                    parser.Parse(chunk, False)  # noqa: FBT003
                    yield
                parser.Parse(b"", True)  # noqa: FBT003
        except KeyError as trouble:
            raise unreadable(trouble) from trouble
        except _BROKEN as trouble:
            raise unreadable(trouble) from trouble
        yield

    def read(self, part: str, *, start: Callable[[str, dict[str, str]], None]) -> None:
        """Parse the whole of a small part."""
        for _ in self.parse(part, start=start):
            pass

    def _count(self, chunk: bytes) -> None:
        self._unpacked += len(chunk)
        self._tags += chunk.count(b"<")
        if self._unpacked > MAX_UNPACKED or self._tags > MAX_TAGS:
            raise TooLargeError("planilha_grande", max_unpacked_bytes=MAX_UNPACKED)


def local(name: str) -> str:
    """The name without its namespace's prefix, which few writers use."""
    return name.rpartition(":")[2]


def _no_doctype(*_: Any) -> NoReturn:
    raise unreadable()


# --- what the workbook says about its sheets ---------------------------------------------------------------


class Index:
    """Where the parts are: the sheets in the order of their tabs, the shared strings, the styles."""

    def __init__(self, workbook: Workbook) -> None:
        self.sheets: list[str] = []
        self.strings: str | None = None
        self.styles: str | None = None
        self.since_1904 = False
        self._targets: dict[str, str] = {}
        workbook.read("xl/_rels/workbook.xml.rels", start=self._relation)
        workbook.read("xl/workbook.xml", start=self._entry)

    def _relation(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) != "Relationship":
            return
        target = attributes.get("Target", "")
        path = target[1:] if target.startswith("/") else f"xl/{target}"
        self._targets[attributes.get("Id", "")] = path
        kind = attributes.get("Type", "")
        if kind.endswith("/sharedStrings"):
            self.strings = path
        elif kind.endswith("/styles"):
            self.styles = path

    def _entry(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet":
            reference = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            # Chart sheets hold no cells.
            if "worksheets/" in self._targets.get(reference, ""):
                self.sheets.append(self._targets[reference])


# --- shared strings ------------------------------------------------------------------------------------------


_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """Characters that XML cannot hold, as Excel writes them: `_x000D_`."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class SharedStrings:
    """The strings that cells point to: on disk once they are many, so that memory stays bounded."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_STRINGS_IN_MEMORY)  # noqa: SIM115
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        """Keep the next string."""
        data = text.encode("utf-8", "surrogatepass")
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))

    def __getitem__(self, at: int) -> str:
        if not 0 <= at < len(self._ends) - 1:
            raise unreadable()
        self._file.seek(self._ends[at])
        return self._file.read(self._ends[at + 1] - self._ends[at]).decode("utf-8", "surrogatepass")

    def close(self) -> None:
        """Give the file back."""
        self._file.close()


class _StringsHandler:
    """Gathers the text of each `<si>`, without the phonetic hints of Japanese."""

    def __init__(self, strings: SharedStrings) -> None:
        self._strings = strings
        self._pieces: list[str] = []
        self._in_text = False
        self._phonetic = False

    def start(self, name: str, _: dict[str, str]) -> None:
        name = local(name)
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._phonetic = True
        elif name == "t":
            self._in_text = not self._phonetic

    def text(self, text: str) -> None:
        if self._in_text:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        name = local(name)
        if name == "t":
            self._in_text = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            self._strings.add(unescaped("".join(self._pieces)))


def shared_strings(workbook: Workbook, part: str | None) -> SharedStrings:
    """All strings of `part`; none where there is no such part."""
    strings = SharedStrings()
    if part is not None and workbook.has(part):
        handler = _StringsHandler(strings)
        for _ in workbook.parse(part, start=handler.start, end=handler.end, text=handler.text):
            pass
    return strings


# --- which styles are dates ------------------------------------------------------------------------------------

_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that ECMA-376, part 1, 18.8.30 fixes as dates and times."""
_NOT_A_CODE: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


class DateStyles:
    """Which of the workbook's cell styles show a number as a date."""

    def __init__(self, workbook: Workbook, part: str | None) -> None:
        self._formats: dict[str, bool] = {}
        self._dates: list[bool] = []
        self._in_cells = False
        if part is not None and workbook.has(part):
            for _ in workbook.parse(part, start=self._start, end=self._end):
                pass

    def __contains__(self, style: str | None) -> bool:
        return style is not None and style.isdecimal() and len(style) < 8 and self._is_date(int(style))  # noqa: PLR2004

    def _is_date(self, at: int) -> bool:
        return at < len(self._dates) and self._dates[at]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "numFmt":
            code = _NOT_A_CODE.sub("", attributes.get("formatCode", "")).lower()
            self._formats[attributes.get("numFmtId", "")] = any(letter in code for letter in "ymdhs")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            number = attributes.get("numFmtId", "0")
            built_in = number.isdecimal() and len(number) < 8 and int(number) in _BUILT_IN_DATES  # noqa: PLR2004
            self._dates.append(self._formats.get(number, built_in))

    def _end(self, name: str) -> None:
        if local(name) == "cellXfs":
            self._in_cells = False
