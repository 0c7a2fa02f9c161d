"""Finds words of a comment that may be repeated, and removes from texts what must not travel any further.

A comment is written by strangers: what it says may be quoted, where it wants to lead people may not.
"""

import re
import unicodedata
from typing import Final

from alumusic.text.attacks import looks_like_an_attack
from alumusic.text.mask import mask

LONGEST_QUOTE: Final = 160
"""Characters of a comment that a page repeats."""

REMOVED: Final = "(…)"
"""Stands where something was removed from what a model reads."""

_NUMBER_WORD: Final = (
    r"(?:zero|um|uma|dois|duas|tr[eê]s|quatro|cinco|seis|meia|sete|oito|nove|dez|onze|doze|treze|[a-z]+enta|vinte)"
)
_LEADS_AWAY: Final = re.compile(
    r"(?:h[tx]{2}ps?|ftp|javascript|data|mailto|tel)\s*:\s*/*\S*"
    r"|www\s*\.\s*\S+"
    r"|\S*\s?@\s*\S*|\S*\s?\b(?:arroba|\(at\)|\[at\])\s\S+"
    r"|\b[\w-]+(?:\s?(?:\.|\[\.\]|\(\.\)|\[?\(?\b(?:ponto|dot)\b\)?\]?)\s?)+(?:com|br|net|org|info|ly|me|io|gg|tv|app|site|online|xyz|link|shop|bet|top|club|live|store|ru|cn|tk|us|uk|eu|to|co)\b(?:/\S*)?"
    r"|\b[\w-]{2,}\.[a-zà-ú]{2,}(?:\.[a-z]{2,})*/\S*"
    r"|(?:\+?\d[\s().\-–/_]*){8,}"
    rf"|\b{_NUMBER_WORD}(?:[\s,.\-]+{_NUMBER_WORD}){{5,}}\b"
    r"|\b(?:whats?app?|whats|zap|telegram|wa\.me|t\.me|pix|cpf|cnpj)\b[\s:]*\S*",
    re.IGNORECASE,
)
"""Addresses, numbers to call and accounts, also the ways in which people spell them to get past filters."""

_HANDLE: Final = re.compile(r"(?<![\w@.])@\w[\w.]*(?!\w*@)")

_NOT_PLAIN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f<>`{}\[\]|\\\u2028\u2029]+")
"""Signs that mean something to a page, a terminal or a model's own language."""

_TO_THE_WRITER: Final = re.compile(
    r"\b(?:resum(?:o|os|ir|a|idor\w*|am)|sum[aá]ri\w*|relat[oó]ri\w*|boletim|redator\w*|summar\w+|digest|resumen)\b"
    r"|\b(?:escrev[ae]\w*|dig[ao]m?|inclu[aíi]\w*|mencion[ea]\w*|cit[ea]m?|copi[ea]\w*|reproduz\w*|repit\w*"
    r"|informe|destaque|acrescente|adicione|write|say|include|mention|quote|repeat|print|escrib[ae]\w*|incluya)\b"
    r"\s*(?:,|:|que\b|isto\b|isso\b|esta\b|este\b|o seguinte|a seguinte|apenas\b|somente\b|exatamente\b|that\b|this\b"
    r"|the following)"
    r"|\b(?:chave|frase|texto|categoria|classe|comentario_id|key|claim|json|afirma[cç]\w+)\s*[:=]"
    r"|\b(?:todos|todas|100\s*%|\d+\s*%|\d+\s+por\s+cento)\b.{0,30}\b(?:comentários?|comentarios?|comments?|ouvintes?|fãs?)\b"
    r"|\b(?:nota|aviso|aten[cç][aã]o|instru[cç]\w+|comando|mensagem|ordem|note|notice|attention)\b.{0,20}"
    r"\b(?:para|ao?s?|do|da|to|for)\b.{0,15}\b(?:modelo|sistema|ia|ai|llm|bot|assistente|curador\w*|equipe|model|system|editor\w*)\b",
    re.IGNORECASE | re.DOTALL,
)
"""Texts that speak to whoever sums up, instead of about music."""


def is_safe_line(text: str) -> bool:
    """Whether `text` leads nowhere and holds nothing but plain words and signs, also when look-alikes are resolved."""
    resolved = unicodedata.normalize("NFKC", text)
    return (
        _LEADS_AWAY.search(resolved) is None
        and _NOT_PLAIN.search(resolved) is None
        and not any(
            unicodedata.category(character) in {"Cf", "Co", "Cs", "Cn"} and character != "\u200d" for character in text
        )
    )


def leads_away(text: str) -> bool:
    """Whether `text` wants people to go, write, call or pay somewhere; naming an account ("@anitta") alone does not."""
    resolved = _HANDLE.sub(" ", unicodedata.normalize("NFKC", text))
    return _LEADS_AWAY.search(resolved) is not None or mask(resolved) != resolved


def speaks_to_the_writer(text: str) -> bool:
    """Whether `text` looks like an order to whoever classifies or sums up; such a comment is counted, and not read."""
    resolved = unicodedata.normalize("NFKC", text)
    return looks_like_an_attack(text) or _TO_THE_WRITER.search(resolved) is not None


def quotable(text: str) -> str | None:
    """The longest part of `text` (NFC) that may be repeated as it stands; None where no part may."""
    composed = unicodedata.normalize("NFC", text)
    pieces = [piece for part in _LEADS_AWAY.split(composed) for piece in _NOT_PLAIN.split(part)]
    whole = [_shortened(piece.strip(" \t,;:-–—\"“”'«»")) for piece in pieces]
    fitting = [piece for piece in whole if any(map(str.isalpha, piece)) and is_safe_line(piece)]
    return max(fitting, key=len, default=None)


def _shortened(piece: str) -> str:
    if len(piece) <= LONGEST_QUOTE:
        return piece
    cut = piece[:LONGEST_QUOTE].rpartition(" ")[0] or piece[:LONGEST_QUOTE]
    return cut.rstrip(" ,;:-–—")


def for_a_model(text: str, *, longest: int) -> str:
    """`text` on one line, without addresses and numbers, cut to `longest` characters: what a model may read of it."""
    masked = mask(unicodedata.normalize("NFC", text))
    plain = _NOT_PLAIN.sub(" ", _LEADS_AWAY.sub(f" {REMOVED} ", masked))
    return " ".join(plain.split())[:longest]
