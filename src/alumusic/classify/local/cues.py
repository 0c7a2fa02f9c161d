"""Finds the entries of hand-written word lists in a comment: words, stems and phrases, in one pass."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from alumusic.text.normalize import strip_accents

_SHORTEST_STEM: Final = 3


class CueFinder:
    """Looks words, stems and phrases up; what is found is the number of its list."""

    def __init__(self, lists: Sequence[str]) -> None:
        self._words: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        phrases: dict[str, dict[tuple[str, ...], set[int]]] = {}
        for number, entries in enumerate(lists):
            for entry in _entries(entries):
                parts = tuple(entry.split())
                if len(parts) > 1:
                    phrases.setdefault(parts[0], {}).setdefault(parts, set()).add(number)
                elif entry.endswith("*"):
                    self._stems.setdefault(entry[:-1], set()).add(number)
                else:
                    self._words.setdefault(entry, set()).add(number)
        self._phrases = {
            first: sorted((parts, tuple(sorted(numbers))) for parts, numbers in found.items())
            for first, found in phrases.items()
        }
        self.first_words = frozenset(self._phrases)
        """The words some phrase begins with; asking here first is cheaper than `phrases_at`."""
        # Per finder, not per class: a cache on a method would keep every finder alive.
        self.lists_of_word = lru_cache(maxsize=65_536)(self._look_up)

    def _look_up(self, word: str) -> tuple[int, ...]:
        """Return the lists that hold `word`, by itself or by a stem."""
        found = set(self._words.get(word, ()))
        for length in range(_SHORTEST_STEM, len(word) + 1):
            found |= self._stems.get(word[:length], set())
        return tuple(sorted(found))

    def phrases_at(self, tokens: Sequence[str], position: int) -> Iterable[tuple[int, int]]:
        """Yield (list, number of words) for each phrase that begins at `position`."""
        for parts, lists in self._phrases.get(tokens[position], ()):
            if _matches(parts, tokens, position):
                for number in lists:
                    yield number, len(parts)


def _matches(parts: tuple[str, ...], tokens: Sequence[str], position: int) -> bool:
    if position + len(parts) > len(tokens):
        return False
    for offset in range(1, len(parts)):
        part, token = parts[offset], tokens[position + offset]
        if token != part and not (part[-1] == "*" and token.startswith(part[:-1])):
            return False
    return True


def _entries(entries: str) -> Iterable[str]:
    for entry in entries.split(","):
        folded = strip_accents(entry.strip().casefold())
        if folded:
            # Hyphens and abbreviations are folded by the tokenizer, so lists are too.
            yield " ".join(_TOKENIZED.get(word, word) for word in folded.replace("-", " ").split())


_TOKENIZED: Final = {"pra": "para", "vc": "voce", "ta": "esta", "ft.": "ft"}
