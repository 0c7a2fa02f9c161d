"""Reads JSON as the standard says and no further: what one library lets pass, a database chokes on later.

Refused with a sentence and never by an accident further in: NaN and Infinity, integers beyond 64 bits, lone
surrogates (they break both databases), a byte order mark, anything but UTF-8, keys said twice in one object (which one
counts?), structures so deep that a later step would run out of stack (Flask answers 500 to those), and bodies of so
many small parts that their values would take many times the bytes.
"""

import json
import re
from typing import Any, Final

import orjson

from alumusic.domain.errors import InvalidInputError, TooLargeError

MAX_DEPTH: Final = 32
"""Levels of lists and objects; a comment with nested metadata needs four."""

MAX_MARKS: Final = 1_000_000
"""Strings, brackets and commas: a hundred for each comment of the longest list, and one with every field has 35."""

_BOMS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# A quote always finds its end, be it the body's, and nothing is tried twice: any body is read in one go.
_MARK: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_LARGEST: Final = 2**63
_LONGEST_INTEGER: Final = len(str(-_LARGEST))


def read_json(body: bytes) -> Any:
    """The value that `body` says.

    Raises:
        InvalidInputError: it is not JSON, or JSON that would be trouble later; says where, if that is known.
        TooLargeError: it has too many parts.
    """
    if not body.strip(b" \t\r\n"):
        raise InvalidInputError("json_vazio")
    if body.startswith(_BOMS):
        raise InvalidInputError("json_bom")
    _check_structure(body)
    _check_form(body)
    # A second reading, because only this one tells of keys said twice; the first one made sure it is harmless.
    return _DECODER.decode(body.decode())


def _check_structure(body: bytes) -> None:
    """Refuse what would be too much to build, before anything is built."""
    depth = 0
    for number, mark in enumerate(_MARK.finditer(body), start=1):
        if number > MAX_MARKS:
            raise TooLargeError("json_partes", limit=MAX_MARKS)
        depth += _STEPS.get(body[mark.start()], 0)
        if depth > MAX_DEPTH:
            raise InvalidInputError("json_fundo", max_depth=MAX_DEPTH)


def _check_form(body: bytes) -> None:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _refusal(error) from None


def _refusal(error: orjson.JSONDecodeError) -> InvalidInputError:
    if "UTF-8" in error.msg:
        return InvalidInputError("json_charset")
    if "depth" in error.msg:
        return InvalidInputError("json_fundo", max_depth=MAX_DEPTH)
    if "surrogate" in error.msg:
        return InvalidInputError("json_caractere", line=error.lineno, column=error.colno)
    if "infinity" in error.msg or any(name in error.doc[error.pos - 1 : error.pos + 3] for name in ("NaN", "Inf")):
        return InvalidInputError("json_numero", line=error.lineno)
    return InvalidInputError("corpo_invalido", line=error.lineno, column=error.colno)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise InvalidInputError("json_repetido", key=next(name for name in found if names.count(name) > 1))
    return found


def _integer(literal: str) -> int:
    if len(literal) <= _LONGEST_INTEGER:
        value = int(literal)
        if -_LARGEST <= value < _LARGEST:
            return value
    raise InvalidInputError("json_numero")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer)
