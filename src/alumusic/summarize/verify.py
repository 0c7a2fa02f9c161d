"""Throws away every sentence of a language model that the evidence does not bear out.

A sentence must name comments that were shown to it; what it quotes must be, letter for letter, in one of them; each
number must be one of the facts; and it must lead nobody anywhere. What is left may be dull, but it is not invented.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from alumusic.domain.summaries import Citation, Highlight, WeekFacts
from alumusic.domain.weeks import Week
from alumusic.summarize.grounding import grounded
from alumusic.summarize.sample import Sampled
from alumusic.text.normalize import search_words
from alumusic.text.repeating import is_safe_line, speaks_to_the_writer

LONGEST_SENTENCE: Final = 320
SHORTEST_QUOTE: Final = 3
MOST_CITATIONS: Final = 4

_COPIED_WORDS: Final = 6
"""So many words in a row out of a comment, without quotation marks, are the comment speaking and not the writer."""

_COPIED_SHARE: Final = 0.7
_SHORTEST_COPY: Final = 3

_QUOTED: Final = re.compile(r"[\"“”«»„‟‹›]([^\"“”«»„‟‹›]*)[\"“”«»„‟‹›]")
_QUOTE_SIGNS: Final = re.compile(r"[\"“”«»„‟‹›]")
_NUMBER: Final = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*)\s*(?P<unit>%|por\s+cento\b|percent\w*|pontos?\b|p\.\s?p\.?|pp\b)?", re.IGNORECASE
)
# From two on: "um" and "uma" are articles far more often than they are numbers.
_NUMBER_WORDS: Final = {
    word: value
    for value, words in enumerate(
        (
            "dois duas", "três tres", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "treze",
            "catorze quatorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove", "vinte",
        ),
        start=2,
    )
    for word in words.split()
}  # fmt: skip
_VAGUE_NUMBER: Final = re.compile(
    r"\b(?:trinta|quarenta|cinquenta|sessenta|setenta|oitenta|noventa|cem|cento|duzent\w+|trezent\w+|quatrocent\w+"
    r"|quinhent\w+|seiscent\w+|setecent\w+|oitocent\w+|novecent\w+|mil|milh[aãõ]\w*|bilh\w+|dezenas?|d[uú]zias?"
    r"|centenas?|milhar\w*|dobr\w+|duplic\w+|tripl\w+|qu[aá]drupl\w+|metade|ter[cç]os?|um\s+quarto|quartos?\s+d[aoe]s?"
    r"|maioria|minoria|quase\s+tod\w+|unanim\w+|un[aâ]nim\w+|percent\w*|por\s+cento|ningu[eé]m|hundred\w*|thousand\w*|million\w*)\b",
    re.IGNORECASE,
)
_APOLOGY: Final = re.compile(
    r"\b(?:desculp\w+|lamento|sinto muito|n[aã]o (?:posso|consigo|sou capaz)|infelizmente n[aã]o"
    r"|como (?:um|uma) (?:ia|modelo|assistente|intelig)"
    r"|modelo de linguagem|as an ai|language model|i'?m sorry|i cannot|i can'?t)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Which numbers may be said, by what they count."""

    counts: frozenset[float]
    percents: frozenset[float]
    points: frozenset[float]
    names: tuple[str, ...] = ()
    """Names of weeks and days, whose digits count nothing."""

    @classmethod
    def of(cls, facts: WeekFacts) -> "Numbers":
        """The numbers of one week's facts."""
        counts: set[float] = {facts.total, facts.total_before, facts.average_of_four, facts.waiting}
        percents: set[float] = set()
        points: set[float] = set()
        for of in facts.categories:
            counts.add(of.n)
            percents.add(of.share)
            points |= {abs(change) for change in (of.change, of.change_of_four) if change is not None}
            counts |= {n for tag in of.tags for n in (tag.n, tag.before)}
        counts |= {n for tag in facts.tags for n in (tag.n, tag.before)}
        counts |= {n for rising in facts.rising for n in (rising.n, rising.expected)}
        counts |= {n for artist in facts.artists for n in (artist.n, artist.criticism)}
        return cls(frozenset(counts), frozenset(percents), frozenset(points), names_of(Week.parse(facts.week)))

    @classmethod
    def none(cls) -> "Numbers":
        """No numbers at all."""
        return cls(frozenset(), frozenset(), frozenset())

    def merged(self, others: Iterable["Numbers"]) -> "Numbers":
        """These numbers and those of `others`."""
        every = (self, *others)
        return Numbers(
            frozenset().union(*(one.counts for one in every)),
            frozenset().union(*(one.percents for one in every)),
            frozenset().union(*(one.points for one in every)),
            tuple(name for one in every for name in one.names),
        )

    def has(self, value: float, unit: str) -> bool:
        """Whether `value` with that unit (as a sentence says it) is one of them, exactly or rounded to a whole."""
        if unit.startswith(("%", "por", "percent")):
            return _among(value, self.percents)
        if unit.startswith("p"):
            return _among(value, self.points)
        return value in self.counts


def _among(value: float, known: frozenset[float]) -> bool:
    # Half of a whole number away at most: "12 %" is a fair way to say 12.4 %, and no way to say 13.1 %.
    return value in known or (value == int(value) and any(abs(one - value) <= 0.5 for one in known))  # noqa: PLR2004


_MONTHS: Final = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
    "dezembro",
)  # fmt: skip


def names_of(week: Week) -> tuple[str, ...]:
    """How people write that week and its first and last day."""
    names = [str(week), f"semana {week.number}", f"semana {week.number} de {week.year}"]
    for day in (week.monday, week.sunday):
        month = _MONTHS[day.month - 1]
        names += [
            day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d/%m}", f"{day.day} de {month} de {day.year}",
            f"{day.day} de {month}",
        ]  # fmt: skip
    return tuple(sorted(names, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Verified:
    """What is left of a model's answer."""

    highlights: tuple[Highlight, ...]
    dropped: int


def verify_claims(claims: object, sample: Sequence[Sampled], numbers: Numbers, *, most: int, longest: int) -> Verified:
    """Keep the sentences of `claims` that the evidence bears out: at most `most`, and `longest` characters in all.

    Each claim is `{"frase", "comentarios": [key], "citacoes": [{"comentario": key, "trecho"}]}`; anything else is
    dropped, as is what says the same again.
    """
    given = claims if isinstance(claims, list) else []
    by_key = {sampled.key: sampled for sampled in sample}
    kept: list[Highlight] = []
    said: set[str] = set()
    room = longest
    for claim in given:
        highlight = verified(claim, by_key, numbers)
        if highlight is None or search_words(highlight.sentence) in said:
            continue
        length = len(highlight.sentence) + sum(len(citation.quote) for citation in highlight.citations)
        if len(kept) == most or length > room:
            continue
        room -= length
        said.add(search_words(highlight.sentence))
        kept.append(highlight)
    return Verified(tuple(kept), len(given) - len(kept))


def verified(claim: object, by_key: Mapping[str, Sampled], numbers: Numbers) -> Highlight | None:
    """The sentence of one claim with its evidence; None if the evidence does not bear it out."""
    if not isinstance(claim, dict) or not isinstance(claim.get("frase"), str):
        return None
    sentence = " ".join(unicodedata.normalize("NFC", claim["frase"]).split())
    cited = _cited(claim, by_key)
    citations = _citations(claim, by_key) if cited is not None else None
    if not sentence or cited is None or citations is None:
        return None
    bearing = grounded(_QUOTED.sub(" ", sentence), cited)
    if not bearing or not is_sound(sentence, bearing, numbers) or _is_copied(sentence, by_key.values()):
        return None
    quoted = {citation.comment_id for citation in citations}
    # A comment that was named without words of it still gets some to show: ones that we chose.
    more = tuple(Citation(one.id, one.quote) for one in bearing if one.id not in quoted)
    return Highlight(sentence, (citations + more)[:MOST_CITATIONS])


def _cited(claim: dict[str, Any], by_key: Mapping[str, Sampled]) -> list[Sampled] | None:
    keys = claim.get("comentarios")
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) and key in by_key for key in keys):
        return None
    return [by_key[key] for key in dict.fromkeys(keys)]


def _citations(claim: dict[str, Any], by_key: Mapping[str, Sampled]) -> tuple[Citation, ...] | None:
    """The quotes of a claim; None if a single one is not in its comment, or may not be repeated."""
    given = claim.get("citacoes") or []
    found = []
    for quote in given if isinstance(given, list) else [None]:
        if not isinstance(quote, dict) or quote.get("comentario") not in by_key:
            return None
        sampled = by_key[quote["comentario"]]
        words = quote.get("trecho")
        if not isinstance(words, str) or not may_be_quoted(words, sampled.text):
            return None
        found.append(Citation(sampled.id, unicodedata.normalize("NFC", words).strip()))
    return tuple(found)


def may_be_quoted(words: str, text: str) -> bool:
    """Whether `words` are an exact part of `text` (after NFC) that may be repeated."""
    words = unicodedata.normalize("NFC", words).strip()
    return (
        len(words) >= SHORTEST_QUOTE
        and words in unicodedata.normalize("NFC", text)
        and is_safe_line(words)
        and not speaks_to_the_writer(words)
    )


def is_sound(sentence: str, cited: Sequence[Sampled], numbers: Numbers) -> bool:
    """Whether a sentence may be said on the strength of the `cited` comments and of `numbers`."""
    if len(sentence) > LONGEST_SENTENCE or not is_safe_line(sentence) or _APOLOGY.search(sentence):
        return False
    if any(not may_be_quoted(words, "\n".join(one.text for one in cited)) for words in _QUOTED.findall(sentence)):
        return False
    own = _QUOTED.sub(" ", sentence)
    return _QUOTE_SIGNS.search(own) is None and not speaks_to_the_writer(own) and numbers_are_known(own, numbers)


def numbers_are_known(sentence: str, numbers: Numbers) -> bool:
    """Whether every number of `sentence`, in digits or words, is one of `numbers`."""
    plain = unicodedata.normalize("NFKC", sentence)
    for name in numbers.names:
        plain = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", plain, flags=re.IGNORECASE)
    for match in _NUMBER.finditer(plain):
        if not match["number"].isascii() or not numbers.has(_value(match["number"]), (match["unit"] or "").lower()):
            return False
    without = _NUMBER.sub(" ", plain)
    if any(unicodedata.category(character).startswith("N") for character in without) or _VAGUE_NUMBER.search(without):
        return False
    words = re.findall(r"\w+", without.lower())
    return all(numbers.has(float(_NUMBER_WORDS[word]), "") for word in words if word in _NUMBER_WORDS)


def _value(number: str) -> float:
    """A number as people write it here: "1.234" is a thousand and more, "12,5" and "12.5" are twelve and a half."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", number):
        return float(number.replace(".", "").replace(",", "."))
    try:
        return float(number.replace(",", "."))
    except ValueError:
        return float("nan")


def _is_copied(sentence: str, sample: Iterable[Sampled]) -> bool:
    """Whether a sentence is a comment's own words, whichever comments it names."""
    words = search_words(_QUOTED.sub(" ", sentence)).split()
    # All but a word or two of a short sentence is as much a copy as six words of a long one.
    length = max(_SHORTEST_COPY, min(_COPIED_WORDS, math.ceil(len(words) * _COPIED_SHARE)))
    runs = {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}
    for one in sample:
        theirs = search_words(one.text).split()
        if any(tuple(theirs[start : start + length]) in runs for start in range(len(theirs) - length + 1)):
            return True
    return False
