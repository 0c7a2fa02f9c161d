"""Comments that carry their own right answer, so that every classification can be checked against its text."""

import string
import zlib
from typing import Any

from alumusic.domain.comments import Category

_TAGS = ("melodia", "refrao", "letra", "arranjo", "instrumental")


def text_of(number: int, *, prefix: str = "comentário") -> str:
    """A text that no other number has, without a digit that masking could touch."""
    letters, rest = "", number
    for _ in range(6):
        rest, digit = divmod(rest, 26)
        letters = string.ascii_lowercase[digit] + letters
    return f"{prefix} {letters} da turnê"


def right_category(text: str) -> Category:
    """What the stub says of `text`, and nobody else would guess."""
    return tuple(Category)[zlib.crc32(text.encode()) % len(Category)]


def judge(text: str) -> dict[str, Any]:
    """The stub provider's opinion."""
    return {"c": right_category(text).value, "p": 0.9, "t": [_TAGS[zlib.crc32(text.encode()) % len(_TAGS)]]}
