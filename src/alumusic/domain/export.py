"""Makes cells that no spreadsheet runs as a formula."""

from typing import Final
from unicodedata import category

_STARTS: Final = frozenset("=+-@\t\r\n\0＝＋－＠")
_QUOTES: Final = frozenset("'\"")
_BLANKS: Final = frozenset({"Zs", "Zl", "Zp", "Cf", "Cc"})
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u2800\u3164\ufe0e\ufe0f\uffa0")
"""Letters, marks and signs that show nothing: joiners, fillers of Hangul, an empty Braille, choices of emoji."""


def safe_cell(value: str) -> str:
    """`value` with an apostrophe before it where a spreadsheet would take it for a formula (OWASP CSV injection).

    Spaces, quotes and invisible characters before the sign do not hide it: spreadsheets drop them, or people who clean
    a table do.
    """
    if value[:1].isalnum() and value[:1] not in _BLANK_LETTERS:
        # Nearly every cell: a letter or a digit begins no formula.
        return value
    for letter in value:
        if letter in _STARTS:
            return "'" + value
        if not _is_dropped(letter):
            return value
    return value


def _is_dropped(letter: str) -> bool:
    return letter in _QUOTES or letter in _BLANK_LETTERS or category(letter) in _BLANKS
