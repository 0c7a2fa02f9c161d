"""Brings the many spellings of listeners down to one: words for searching, tokens for the local model."""

import re
import unicodedata
from typing import Final

_USUAL_MARKS: Final = re.compile("[\u0300-\u036f]+")
"""The block of combining marks that nearly every accent decomposes to: removing it at once is ten times quicker."""

_LATIN: Final = re.compile("[\0-\x7f\u0300-\u0344\u0346-\u036f]*")
"""Letters without accents, and those marks but for the one that is a letter to whoever folds case (U+0345)."""

_WORD: Final = re.compile(r"[^\W_]+")

_LETTERS_AND_SPACES: Final = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}


def strip_accents(text: str) -> str:
    """Return `text` with compatibility forms resolved and without combining marks ("ação" → "acao")."""
    decomposed = _USUAL_MARKS.sub("", unicodedata.normalize("NFKD", text))
    if decomposed.isascii():
        return decomposed
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def search_words(text: str) -> str:
    """Return the words of `text` without accents or letter case, one space apart.

    A stored column and the queries on it both come from here, so a change needs that column rewritten.
    Folding twice changes nothing.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    if _LATIN.fullmatch(decomposed):
        # Nearly all of Portuguese takes this way.
        plain = decomposed.encode("ascii", "ignore").decode("ascii")
        return " ".join(plain.translate(_LETTERS_AND_SPACES).split())
    # casefold sits between the two: "İ" folds to a letter and a mark, and "℃" to a capital.
    folded = decomposed.casefold()
    return " ".join(_WORD.findall(strip_accents(folded)))
