"""Turns a comment as listeners type it into tokens: spelling, laughter, emoji and links brought down to few."""

import html
import re
import unicodedata
from functools import lru_cache
from typing import Final

from alumusic.text.normalize import strip_accents
from alumusic.text.spelling import ABBREVIATIONS, EMOJI_TOKENS

URL: Final = "_url_"
EMAIL: Final = "_email_"
PHONE: Final = "_phone_"
PRICE: Final = "_price_"
MENTION: Final = "_at_"
HASHTAG: Final = "_hashtag_"
TIME: Final = "_time_"
NUMBER: Final = "_num_"
YEAR: Final = "_year_"
LAUGH: Final = "_laugh_"
BREAK: Final = ","
"""A comma, full stop or line end: ends a clause, and is no word of its own."""

_RAW: Final = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|[\w.+-]+@[\w-]+\.[\w.]+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|info|me|ly|gg|tv|io|link|site|online|app|shop|store|xyz|top|club|bet|br|"
    r"exemplo|example|test|invalid)\b(?:/\S*)?"
    r"|[@#]\w[\w.]*"
    r"|(?:r\$|us\$|[$€£])\s?\d[\d.,]*"
    r"|\d{1,2}:\d{2}(?::\d{2})?"
    r"|\(?\b\d{2}\)?[\s-]?9?[\s-]?\d{4}-?\d{4}\b|\b9?\d{4}-\d{4}\b"
    r"|\d+(?:[.,]\d+)*[^\W\d_]*%?"
    r"|d\+|<3|[:;=]-?[()dp/]+"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*"
    r"|[?!]+|\.{2,}|…|[.,;:\n]"
    r"|[^\w\s\ufe0f\u200d\U0001f3fb-\U0001f3ff]"
)
_KINDS: Final = (
    (re.compile(r"[\w.+-]+@"), EMAIL),
    (re.compile(r"(?:https?://|www\.)|.*[^\W\d]\.[^\W\d]"), URL),
    (re.compile(r"@"), MENTION),
    (re.compile(r"(?:r\$|us\$|[$€£])\s?\d"), PRICE),
    (re.compile(r"\d{1,2}:\d{2}"), TIME),
    (re.compile(r"[(\d][\d\s()-]{7,}$"), PHONE),
    (re.compile(r"(?:19[5-9]|20[0-3])\d$"), YEAR),
    (re.compile(r"(?:0|10|100|1000)$"), ""),
    (re.compile(r"\d"), NUMBER),
)
_LAUGH: Final = re.compile(
    r"(?:k{2,}\w{0,2}|(?:rs)+s?|(?:[hj]+[aeiu]+){2,}[hj]?|(?:[aeu]+[hs]+){3,}|(?:[ks]){4,}|lo+l|lmf?ao+|rofl)$"
)
_ELONGATED: Final = re.compile(r"(.)\1{2,}")
_NO_WORD: Final = re.compile(r"[.@$+/]")
_SMILE: Final = {"<3": "_pos_", "d+": "demais"}

MAX_CHARACTERS: Final = 1_200
"""Of a longer comment the model reads the beginning and the end: openings and last clauses decide."""


def clean(text: str) -> str:
    """Resolve HTML entities and compatibility forms, and cut the middle out of very long texts."""
    if len(text) > MAX_CHARACTERS:
        half = MAX_CHARACTERS // 2
        text = f"{text[:half]}\n{text[-half:]}"
    if "&" in text:
        text = html.unescape(text)
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def raw_tokens(cleaned: str) -> list[str]:
    """Split what `clean` returned into lower-case raw tokens, punctuation and emoji included."""
    return _RAW.findall(cleaned.lower())


@lru_cache(maxsize=65_536)
def folded_tokens(raw: str) -> tuple[str, ...]:
    """Return the tokens one raw token stands for: none for noise, two for "oq" ("o que")."""
    first = raw[0]
    if first.isalpha() and not _NO_WORD.search(raw):
        return _folded_word(raw)
    if first in "?!":
        return ("?",) if "?" in raw else ("!",)
    if raw in (".", ",", ";", ":", "\n"):
        return (BREAK,)
    if first in ".…":
        return ("...",) if set(raw) <= {".", "…"} else (URL,)
    if first == "#":
        return (HASHTAG, *_folded_word(raw[1:]))
    return _folded_symbol(raw)


def _folded_symbol(raw: str) -> tuple[str, ...]:
    for pattern, token in _KINDS:
        if pattern.match(raw):
            return (token or raw,)
    if raw in _SMILE:
        return (_SMILE[raw],)
    if raw[0] in ":;=" and len(raw) > 1:
        return ("_neg_",) if raw[-1] in "(/" else ("_pos_",)
    emoji = EMOJI_TOKENS.get(raw)
    if emoji is not None:
        return (emoji,)
    return ("_emo_",) if unicodedata.category(raw[0]) == "So" else ()


def _folded_word(raw: str) -> tuple[str, ...]:
    word = strip_accents(raw).replace("’", "'")
    if len(word) > 1 and _LAUGH.match(word):
        return (LAUGH,)
    word = _ELONGATED.sub(r"\1", word)
    expansion = ABBREVIATIONS.get(word)
    if expansion is not None:
        return expansion
    # A lone combining mark folds to nothing.
    return tuple(filter(None, [word.replace("'", "")]))


def tokens_of(text: str) -> list[str]:
    """Return the tokens of `text`, clause breaks included."""
    return [token for raw in raw_tokens(clean(text)) for token in folded_tokens(raw)]
