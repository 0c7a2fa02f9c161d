"""The words that the index of a search keeps: as PostgreSQL and SQLite can both keep them."""

from typing import Final

LONGEST_WORD: Final = 500
"""Characters of a word that are kept: four bytes each at most, and PostgreSQL leaves out words of over 2,046 bytes."""


def indexed(words: str) -> str:
    """`words`, one space apart, each cut to what is kept of it; what is looked for must be cut in the same way."""
    if len(words) <= LONGEST_WORD:
        return words
    return " ".join(word[:LONGEST_WORD] for word in words.split(" "))
