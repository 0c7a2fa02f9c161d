"""Some sixty measures of a comment that words alone do not give: polarity with negation, cues, shape."""

import math
import re
from collections.abc import Sequence
from typing import Final

from alumusic.classify.local.cues import CueFinder
from alumusic.classify.local.lexicons import CUES, NEGATIVE, NEGATOR, POSITIVE
from alumusic.classify.local.tag_words import TAG_WORDS
from alumusic.text.language import function_word_languages
from alumusic.text.tokens import BREAK, EMAIL, HASHTAG, LAUGH, MENTION, NUMBER, PHONE, PRICE, TIME, URL, YEAR

_POSITIVE, _NEGATIVE, _NEGATOR = 0, 1, 2
_FIRST_CUE: Final = 3
_FIRST_TAG: Final = _FIRST_CUE + len(CUES)
_CONTRAST: Final = _FIRST_CUE + tuple(CUES).index("contrast")
_FINDER: Final = CueFinder([POSITIVE, NEGATIVE, NEGATOR, *CUES.values(), *TAG_WORDS.values()])

_COUNTED_TOKENS: Final = (
    "?", "!", "...", "_pos_", "_neg_", "_cry_", "_promo_", "_think_", "_music_", "_wow_", LAUGH,
    URL, EMAIL, PHONE, PRICE, MENTION, HASHTAG, NUMBER, YEAR, TIME,
)  # fmt: skip
_CUES_AT_THE_START: Final = ("question_word", "asking", "suggesting", "promotion", "spectator", "personal", "address")
_START_LISTS: Final = tuple(_FIRST_CUE + tuple(CUES).index(name) for name in _CUES_AT_THE_START)

DENSE_NAMES: Final = (
    "positive", "negative", "polarity", "polarity_first", "polarity_last", "polarity_after_contrast",
    "negators", "negator_first",
    *(f"cue_{name}" for name in CUES),
    *(f"starts_{name}" for name in _CUES_AT_THE_START),
    *(f"token_{token.strip('_')}" for token in _COUNTED_TOKENS),
    "ends_question", "ends_laugh", "capitals", "starts_capital", "elongated", "quoted", "log_characters",
    "log_words", "word_length", "repeated", "vowels", "clauses", "english", "spanish", "portuguese",
    "about_music", "about_show", "about_platform", "about_spam", "about_nothing",
)  # fmt: skip
_ELONGATED: Final = re.compile(r"([^\W\d_])\1{2,}")
_QUOTED: Final = re.compile(r"[\"“”«»]|\*[^*\n]+\*")
TAG_CODES: Final = tuple(TAG_WORDS)
"""The tags the model knows, in the order of its columns."""
_TAG_COUNT: Final = len(TAG_CODES)
_GROUP_BOUNDS: Final = ((0, 27), (27, 47), (47, 57), (57, 61))
_NEGATION_REACH: Final = 3


_START: Final = 2
"""Tokens that count as the opening of a comment."""
_CLAUSE_ENDS: Final = frozenset({BREAK, "...", "?", "!"})


class Reading:
    """What one pass over the tokens of a comment sees; polarity is added clause by clause."""

    __slots__ = ("_clause_has_words", "_covered_until", "_negated_until", "after_contrast", "clauses",
                 "contrast", "counts", "negative", "positive", "starts")  # fmt: skip

    def __init__(self, tokens: Sequence[str]) -> None:
        self.positive = self.negative = self.after_contrast = 0.0
        self.clauses = [0.0]
        self.contrast = self._clause_has_words = False
        self.counts = [0] * (_FIRST_TAG + _TAG_COUNT)
        self.starts: set[int] = set()
        self._covered_until = 0
        self._negated_until = -1
        first_words = _FINDER.first_words
        for position, token in enumerate(tokens):
            found = _FINDER.lists_of_word(token)
            polarity = self._word(found, position) if found else 0.0
            if token in first_words:
                polarity = self._phrases(tokens, position, polarity)
            if polarity:
                self._add(polarity)
            if token in _CLAUSE_ENDS:
                self._negated_until = -1
                self._end_clause()
            elif token[0] != "_":
                self._clause_has_words = True
        if len(self.clauses) > 1 and not self._clause_has_words:
            self.clauses.pop()

    def _word(self, found: tuple[int, ...], position: int) -> float:
        counts, polarity = self.counts, 0.0
        for number in found:
            counts[number] += 1
        if position < _START:
            self.starts.update(found)
        if found[0] <= _NEGATIVE and position >= self._covered_until:
            negated = position <= self._negated_until
            polarity = _WORD_POLARITY[found[0], negated]
        if _NEGATOR in found:
            self._negated_until = position + _NEGATION_REACH
        if _CONTRAST in found:
            self._turn()
        return polarity

    def _phrases(self, tokens: Sequence[str], position: int, polarity: float) -> float:
        """Count the phrases that begin here; one with a polarity outweighs its words."""
        for number, length in _FINDER.phrases_at(tokens, position):
            self.counts[number] += 1
            if position < _START:
                self.starts.add(number)
            if number <= _NEGATIVE and position >= self._covered_until:
                polarity = _PHRASE_POLARITY[number]
                self._covered_until = position + length
            elif number == _CONTRAST:
                self._turn()
        return polarity

    def _turn(self) -> None:
        self.contrast, self.after_contrast = True, 0.0
        self._end_clause()

    def _end_clause(self) -> None:
        if self._clause_has_words:
            self.clauses.append(0.0)
            self._clause_has_words = False

    def _add(self, polarity: float) -> None:
        if polarity > 0:
            self.positive += polarity
        else:
            self.negative -= polarity
        self.clauses[-1] += polarity
        if self.contrast:
            self.after_contrast += polarity

    def tag_counts(self) -> list[int]:
        """Return how many keywords of each tag were seen, in the order of the taxonomy."""
        return self.counts[_FIRST_TAG:]


_WORD_POLARITY: Final = {
    (_POSITIVE, False): 1.0, (_POSITIVE, True): -0.8, (_NEGATIVE, False): -1.0, (_NEGATIVE, True): 0.5,
}  # fmt: skip
_PHRASE_POLARITY: Final = {_POSITIVE: 1.5, _NEGATIVE: -1.5}


def dense_features(cleaned: str, tokens: Sequence[str], seen: Reading) -> list[float]:
    """Return the measures of `DENSE_NAMES` for one comment; counts are dampened by a logarithm."""
    counts = seen.counts
    return [
        math.log1p(seen.positive),
        math.log1p(seen.negative),
        _squashed(seen.positive - seen.negative),
        _squashed(seen.clauses[0]),
        _squashed(seen.clauses[-1]),
        _squashed(seen.after_contrast),
        math.log1p(counts[_NEGATOR]),
        1.0 if _NEGATOR in seen.starts else 0.0,
        *(_LOG[min(count, _MOST)] for count in counts[_FIRST_CUE:_FIRST_TAG]),
        *(1.0 if number in seen.starts else 0.0 for number in _START_LISTS),
        *_token_counts(tokens),
        *_shape(cleaned, tokens, seen),
        *_languages(tokens),
        *_subjects(counts),
    ]


_MOST: Final = 15
_LOG: Final = tuple(math.log1p(count) for count in range(_MOST + 1))
_COUNTED_INDEX: Final = {token: index for index, token in enumerate(_COUNTED_TOKENS)}


def _squashed(polarity: float) -> float:
    return polarity / (1.0 + abs(polarity))


def _token_counts(tokens: Sequence[str]) -> list[float]:
    counts = [0] * len(_COUNTED_TOKENS)
    for token in tokens:
        index = _COUNTED_INDEX.get(token)
        if index is not None:
            counts[index] += 1
    return [_LOG[min(count, _MOST)] for count in counts]


def _shape(cleaned: str, tokens: Sequence[str], seen: Reading) -> list[float]:
    """Measure endings, capitals, length and repetition: shouting, gibberish and chain messages show here."""
    words = [token for token in tokens if token[0].isalpha()]
    letters = "".join(words)
    count, length = len(words), len(letters)
    capitals = sum(map(str.isupper, cleaned))
    last = tokens[-1] if tokens else ""
    return [
        1.0 if last == "?" else 0.0,
        1.0 if last == LAUGH else 0.0,
        capitals / (length + 5),
        1.0 if cleaned[:1].isupper() else 0.0,
        1.0 if _ELONGATED.search(cleaned) else 0.0,
        1.0 if _QUOTED.search(cleaned) else 0.0,
        math.log1p(len(cleaned)),
        math.log1p(count),
        length / count / 10 if count else 0.0,
        1 - len(set(words)) / count if count else 0.0,
        len(_VOWELS.findall(letters)) / length if length else 0.0,
        math.log1p(len(seen.clauses)),
    ]


_VOWELS: Final = re.compile("[aeiou]")


def _languages(tokens: Sequence[str]) -> list[float]:
    english = spanish = portuguese = 0.0
    for token in tokens:
        languages = function_word_languages(token)
        for language in languages:
            vote = 1 / len(languages)
            if language == "pt":
                portuguese += vote
            elif language == "en":
                english += vote
            else:
                spanish += vote
    total = english + spanish + portuguese + 1
    return [english / total, spanish / total, portuguese / total]


def _subjects(counts: list[int]) -> list[float]:
    """Return how much is about the work, a show, the platform, spam; and whether it is about nothing."""
    sums = [sum(counts[_FIRST_TAG + first : _FIRST_TAG + last]) for first, last in _GROUP_BOUNDS]
    return [*(_LOG[min(total, _MOST)] for total in sums), 0.0 if any(sums) else 1.0]
