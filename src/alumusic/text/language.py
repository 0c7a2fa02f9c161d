"""Guesses whether a comment is Portuguese, English or Spanish from its function words."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal

from alumusic.text.normalize import search_words

Language = Literal["pt", "en", "es"]

_FUNCTION_WORDS: Final[dict[Language, str]] = {
    "pt": """
        a o as os um uma uns umas de do da dos das em no na nos nas por pelo pela com sem para pra
        que e ou mas se nao eu voce voces ele ela eles elas meu minha seu sua essa esse isso esta
        este isto aquela aquele aqui ali la foi era sao ser estar estou estao tem ter tinha vai vou
        fez faz muito muita mais menos ja so tambem quando como onde quem qual porque ainda sempre
        nunca tudo nada cada ate depois antes agora hoje bem mal entao assim ne ai gente cara musica
        dessa desse nessa nesse dele dela num numa pro vc q ta to mt tb
    """,
    "en": """
        the a an of to in on for with without at by from and or but if not i you he she it we they
        my your his her our their this that these those is are was were be been am do does did have
        has had will would can could should what who when where how why which there here so very
        just like about all more most than then now never always no yes out up down get got make one
        song music u im its dont me him them please know as
    """,
    "es": """
        el la los las un una unos unas de del en por para con sin que y o pero si no yo tu usted
        ustedes ella ellos nosotros mi su esta este esto esa ese eso aqui alli es son fue era ser
        estar estoy hay tiene tener muy mas menos ya solo tambien cuando como donde quien cual
        porque siempre nunca todo nada cada hasta despues antes ahora hoy bien mal entonces asi me
        te lo le les cancion musica al desde cuanto gracias
    """,
}
_WORDS: Final[dict[Language, frozenset[str]]] = {
    language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()
}


@lru_cache(maxsize=65_536)
def function_word_languages(word: str) -> tuple[Language, ...]:
    """Return the languages in which the folded `word` is a function word."""
    return tuple(language for language, words in _WORDS.items() if word in words)


def language_shares(words: Iterable[str]) -> dict[Language, float]:
    """Return how much of the function words speak for each language; all zero where there are none.

    A word of several languages counts for each in part.
    """
    votes: dict[Language, float] = dict.fromkeys(_WORDS, 0.0)
    for word in words:
        languages = function_word_languages(word)
        for language in languages:
            votes[language] += 1 / len(languages)
    total = sum(votes.values())
    return {language: vote / total for language, vote in votes.items()} if total else votes


def guess_language(text: str) -> Language | None:
    """Return the likeliest language of `text`, or None where its words do not tell.

    Portuguese wins a tie: most comments here are Portuguese.
    """
    shares = language_shares(search_words(text).split())
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] > 0 else None
