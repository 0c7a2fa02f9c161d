"""Makes cells that no spreadsheet runs as a formula."""

from typing import Final

_STARTS: Final = frozenset("=+-@\t\r\n\0＝＋－＠")
_BEFORE: Final = " \u00a0\u3000\u200b\ufeff'\""


def safe_cell(value: str) -> str:
    """`value` with an apostrophe before it where a spreadsheet would take it for a formula (OWASP CSV injection).

    Spaces and quotes before the sign do not hide it: spreadsheets drop them.
    """
    if value[:1].isalnum():
        # Nearly every cell: a letter or a digit begins no formula.
        return value
    rest = value.lstrip(_BEFORE)
    return "'" + value if rest[:1] in _STARTS and rest else value
