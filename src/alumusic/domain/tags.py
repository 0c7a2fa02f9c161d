"""Keeps tags inside the taxonomy: which codes exist, what they mean, and what a free word is called here."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from alumusic.domain.comments import MAX_TAGS
from alumusic.domain.taxonomy import TAXONOMY, Group, Tag
from alumusic.text.normalize import search_words

TAGS_BY_CODE: Final[Mapping[str, Tag]] = MappingProxyType({tag.code: tag for tag in TAXONOMY})
"""Every tag under its code, in the order of the taxonomy."""

KNOWN_CODES: Final[tuple[str, ...]] = tuple(TAGS_BY_CODE)
"""The codes a comment may carry, in the order of the taxonomy."""

_CODE_OF_NAME: Final = {search_words(tag.code): tag.code for tag in TAXONOMY} | {
    alias: tag.code for tag in TAXONOMY for alias in tag.aliases
}
_LONGEST_NAME: Final = max(len(name.split()) for name in _CODE_OF_NAME)


def is_known(code: str) -> bool:
    """Say whether `code` is exactly a code of the taxonomy."""
    return code in TAGS_BY_CODE


def explanation_of(code: str) -> str:
    """Return what `code` means, for a person; KeyError where no such code exists."""
    return TAGS_BY_CODE[code].explanation


def group_of(code: str) -> Group:
    """Return the part of the business `code` belongs to; KeyError where no such code exists."""
    return TAGS_BY_CODE[code].group


def code_named(name: str) -> str | None:
    """Return the code that a free `name` ("Efeito na voz", "lyrics", "letra_confusa") stands for, if any.

    A whole name counts first; otherwise the longest known name inside it, the earliest of equals.
    """
    words = search_words(name).split()
    for length in range(min(len(words), _LONGEST_NAME), 0, -1):
        for start in range(len(words) - length + 1):
            code = _CODE_OF_NAME.get(" ".join(words[start : start + length]))
            if code is not None:
                return code
    return None


def mapped_codes(names: Iterable[str], *, limit: int = MAX_TAGS) -> tuple[str, ...]:
    """Map free `names` to at most `limit` codes of the taxonomy: in order, without repeats or strangers."""
    found: dict[str, None] = {}
    for name in names:
        code = code_named(name)
        if code is not None:
            found.setdefault(code)
        if len(found) == limit:
            break
    return tuple(found)
