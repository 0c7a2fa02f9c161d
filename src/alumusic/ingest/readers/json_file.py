"""Values of a JSON or JSON lines file, streamed one at a time, with the line where it breaks.

Each value is decoded by the standard library's scanner out of a window over the text. Compared with ijson (which
was tried): lone surrogates stay visible instead of becoming "?", depth costs no memory, NaN and repeated keys
are seen, and an error knows its line.
"""

import json
import re
from collections.abc import Iterator
from typing import Final, NoReturn, TextIO

from alumusic.domain.errors import UnreadableFileError
from alumusic.ingest.readers.columns import Field, meaning
from alumusic.ingest.readers.limits import BLOCK, MAX_CELL

WRAPPERS: Final = frozenset(
    {"comentarios", "comentários", "comments", "items", "itens", "data", "dados", "results", "resultados", "rows"}
)
"""Keys under which people put the list of comments."""

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_CUT_MARGIN: Final = 16
"""An error so close to the end of the window may come from a value cut in two ("-Infinit", "\\ud83d\\ude0")."""
_MAX_MEMBERS: Final = 1_000


def json_values(text: TextIO) -> Iterator[tuple[int, object]]:
    """Yield each comment's value with its place: its position in the list, or its line in JSON lines.

    Reads a list, an object with a list under one of `WRAPPERS`, one object, or one value after the other.

    Raises:
        UnreadableFileError: not JSON (NaN, repeated keys, endless depth and numbers included), or cut.
    """
    scanner = _Scanner(text)
    opening = scanner.peek()
    if opening == "[":
        yield from enumerate(scanner.items(), 1)
        scanner.end()
    elif opening == "{":
        yield from _objects(scanner)
    else:
        yield from _one_after_another(scanner)


def _one_after_another(scanner: "_Scanner") -> Iterator[tuple[int, object]]:
    while scanner.peek():
        line = scanner.line()
        yield line, scanner.value()


def _objects(scanner: "_Scanner") -> Iterator[tuple[int, object]]:
    """The list inside the first object; or the object itself and those after it."""
    line = scanner.line()
    members: dict[str, object] = {}
    wrapped = False
    for key in scanner.members():
        if key in members or len(members) >= _MAX_MEMBERS:
            scanner.broken("json_chave_repetida" if key in members else "json_invalido", found=key[:60])
        if _is_wrapper(key, members) and not wrapped and scanner.peek() == "[":
            wrapped = True
            yield from enumerate(scanner.items(), 1)
            members[key] = None
        else:
            value = scanner.value()
            # What stands beside a list of comments is of no use, and shall not fill the memory.
            members[key] = None if wrapped else value
    if wrapped:
        scanner.end()
        return
    yield line, members
    yield from _one_after_another(scanner)


def _is_wrapper(key: str, members: dict[str, object]) -> bool:
    """An object that has a text of its own is a comment, whatever lists it also has."""
    return key.strip().casefold() in WRAPPERS and not any(meaning(seen) is Field.TEXT for seen in members)


class _RefusedJsonError(ValueError):
    """What the standard library would read and no standard allows."""

    def __init__(self, code: str, found: str) -> None:
        super().__init__(code)
        self.code = code
        self.found = found


def _no_constant(name: str) -> NoReturn:
    raise _RefusedJsonError("json_numero_invalido", name)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        # `add` answers None: the first name that is already there is the repeated one.
        repeated = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise _RefusedJsonError("json_chave_repetida", repeated[:60])
    return members


class _Scanner:
    """A window over the text that moves forward value by value."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._decode = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_unique).raw_decode
        self._window = ""
        self._at = 0
        self._ended = False
        self._counted = 0
        self._line = 1

    def peek(self) -> str:
        """The next character that is not a space, "" at the end."""
        while True:
            space = _SPACE.match(self._window, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._more():
                return ""

    def value(self) -> object:
        """The next value, whole."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._window, self._at)
            except RecursionError as trouble:
                raise UnreadableFileError("json_fundo_demais", line=self.line()) from trouble
            except _RefusedJsonError as trouble:
                raise UnreadableFileError(trouble.code, line=self.line(), found=trouble.found) from trouble
            except json.JSONDecodeError as trouble:
                self._wait_for_more(trouble)
                continue
            except ValueError as trouble:
                # Python refuses to read integers of thousands of digits, with good reason.
                raise UnreadableFileError("json_numero_invalido", line=self.line()) from trouble
            # A number that touches the end of the window may go on after it.
            if end == len(self._window) and self._more():
                continue
            self._at = end
            return value

    def items(self) -> Iterator[object]:
        """The values of the list that begins here."""
        self._take("[")
        if self.peek() == "]":
            self._take("]")
            return
        while True:
            yield self.value()
            if self.peek() != ",":
                break
            self._take(",")
        self._take("]")

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here; the caller takes each value before asking for the next."""
        self._take("{")
        if self.peek() == "}":
            self._take("}")
            return
        while True:
            if self.peek() != '"':
                self.broken("json_invalido")
            yield str(self.value_before_colon())
            if self.peek() != ",":
                break
            self._take(",")
        self._take("}")

    def value_before_colon(self) -> object:
        """A key, and past its colon."""
        key = self.value()
        self._take(":")
        return key

    def end(self) -> None:
        """Nothing may follow."""
        if self.peek():
            self.broken("json_invalido")

    def line(self) -> int:
        """The line of the next value."""
        self._line += self._window.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def broken(self, code: str, found: str = "") -> NoReturn:
        """Say that the file breaks here."""
        raise UnreadableFileError(code, line=self.line(), found=found or self.peek())

    def _take(self, expected: str) -> None:
        if self.peek() != expected:
            self.broken("json_cortado" if not self.peek() else "json_invalido")
        self._at += 1

    def _more(self) -> bool:
        """Widen the window, and forget what has been read."""
        if self._ended:
            return False
        self.line()
        self._window = self._window[self._at :] + (chunk := self._text.read(BLOCK))
        self._at = self._counted = 0
        self._ended = not chunk
        return not self._ended

    def _wait_for_more(self, trouble: json.JSONDecodeError) -> None:
        """Read on if `trouble` may only come from a value that the window cuts; otherwise it is the file's."""
        unterminated = trouble.msg.startswith("Unterminated")
        cut = unterminated or trouble.pos >= len(self._window) - _CUT_MARGIN
        offset = trouble.pos - self._at
        if cut and len(self._window) - self._at > MAX_CELL:
            raise UnreadableFileError("celula_grande", line=self.line(), max_characters=MAX_CELL) from trouble
        if cut and self._more():
            return
        # Looking for more has moved the window.
        at = min(self._at + offset, len(self._window.rstrip()))
        line = self.line() + self._window.count("\n", self._at, at)
        code = "json_cortado" if unterminated or at >= len(self._window.rstrip()) else "json_invalido"
        raise UnreadableFileError(code, line=line, found=self._window[at : at + 20]) from trouble
