"""Makes noisy copies of comments, so that the model meets typos and missing punctuation before listeners do."""

import random
from typing import Final

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_TYPO_SHARE: Final = 0.04
_SHORTEST: Final = 4
_UNPUNCTUATED, _MISTYPED, _SHORTENED = 0.5, 0.8, 0.3
"""Shares of the copies that lose their punctuation, get typos, lose a word."""
_DROPPED, _SWAPPED, _REPEATED = 0.35, 0.65, 0.85
"""Kinds of typos: each up to its share, the rest is a wrong letter."""
_SHOUTED, _WHISPERED = 0.15, 0.5
"""All capitals, no capitals; the rest stays."""


def noisy(text: str, rng: random.Random) -> str:
    """Return `text` as a hurried listener might have typed it; never empty."""
    characters = list(text)
    if rng.random() < _UNPUNCTUATED:
        # A question without "?" must look like a question too.
        characters = [character for character in characters if character not in "?!.,"]
    if rng.random() < _MISTYPED:
        for _ in range(max(1, int(len(characters) * _TYPO_SHARE))):
            _mistype(characters, rng)
    words = "".join(characters).split()
    if len(words) > _SHORTEST and rng.random() < _SHORTENED:
        del words[rng.randrange(len(words))]
    return _recased(" ".join(words), rng) or text


def _mistype(characters: list[str], rng: random.Random) -> None:
    """Drop, swap, repeat or replace one letter; leave anything else alone."""
    if len(characters) < _SHORTEST:
        return
    place = rng.randrange(len(characters) - 1)
    if not characters[place].isalpha():
        return
    kind = rng.random()
    if kind < _DROPPED:
        del characters[place]
    elif kind < _SWAPPED:
        characters[place], characters[place + 1] = characters[place + 1], characters[place]
    elif kind < _REPEATED:
        characters[place] *= rng.choice((2, 3))
    else:
        characters[place] = rng.choice(_LETTERS)


def _recased(text: str, rng: random.Random) -> str:
    kind = rng.random()
    if kind < _SHOUTED:
        return text.upper()
    return text.lower() if kind < _WHISPERED else text
