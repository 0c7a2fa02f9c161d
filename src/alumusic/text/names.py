"""Folds names, so that filters find an artist however people spell her."""

from functools import lru_cache

from alumusic.text.normalize import search_words

_LONGEST = 255


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """The name without accents, letter case and punctuation; one of signs alone ("!!!") stays as it is."""
    return (search_words(name) or name.casefold().strip())[:_LONGEST]
