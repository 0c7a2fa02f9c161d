"""Reads a model's answer as a stranger's: only what the contract allows comes out, item by item."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from alumusic.domain.comments import Category, Classification
from alumusic.domain.tags import mapped_codes
from alumusic.text.normalize import search_words

_MOST_TAGS: Final = 10
_TAG: Final = re.compile(r"[a-z0-9_]{2,40}")
# Items hold no braces: what lies between two of them is one item, whatever became of the rest.
_FLAT: Final = re.compile(r"\{[^{}]{1,2000}\}")
_CATEGORIES: Final = {search_words(category.value): category for category in Category}


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read out of one answer."""

    by_key: dict[str, Classification]
    """Only for keys that were asked about and were answered once, and well."""
    foreign: int = 0
    """Items with keys that nobody gave out: somebody's text speaks for others, or the model dreams."""
    repeated: int = 0
    """Keys that were answered more than once; none of those answers counts."""


def read_answers(text: str, keys: Sequence[str]) -> Reading:
    """Read the items of `text` that answer to `keys`; never raises, whatever the text."""
    given = set(keys)
    items = [item for item in _items(text) if isinstance(item, dict)]
    seen = Counter(item["k"] for item in items if isinstance(item.get("k"), str))
    by_key = {}
    for item in items:
        key = item.get("k")
        if isinstance(key, str) and key in given and seen[key] == 1:
            said = _classification(item)
            if said is not None:
                by_key[key] = said
    return Reading(
        by_key,
        foreign=sum(n for key, n in seen.items() if key not in given),
        repeated=sum(1 for key, n in seen.items() if key in given and n > 1),
    )


def _classification(item: dict[str, Any]) -> Classification | None:
    """The item as a classification; None where any part of it is not what was asked for."""
    said, sure, names = item.get("c"), item.get("p"), item.get("t", [])
    category = _CATEGORIES.get(search_words(said)) if isinstance(said, str) and len(said) <= 16 else None  # noqa: PLR2004
    if category is None or isinstance(sure, bool) or not isinstance(sure, int | float):
        return None
    # NaN, which Python's JSON accepts, is between no two numbers.
    if not 0 <= sure <= 1:
        return None
    if not isinstance(names, list) or len(names) > _MOST_TAGS:
        return None
    # A tag that does not exist takes nothing from the category.
    tags = [name for name in names if isinstance(name, str) and _TAG.fullmatch(name)]
    return Classification(category, float(sure), mapped_codes(tags))


def _items(text: str) -> Iterator[Any]:
    try:
        value = json.loads(_unfenced(text))
    except (ValueError, RecursionError):
        yield from _whole_items(text)
        return
    if isinstance(value, dict):
        value = value.get("r", [value])
    yield from value if isinstance(value, list) else ()


def _unfenced(text: str) -> str:
    """The JSON of an answer that wraps it in a Markdown fence or in chatter."""
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end and not text.lstrip().startswith("[") else text


def _whole_items(text: str) -> Iterator[Any]:
    """The items that are whole in a text that is not."""
    for match in _FLAT.finditer(text):
        try:
            yield json.loads(match[0])
        except (ValueError, RecursionError):
            continue
