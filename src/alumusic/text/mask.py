"""Takes personal data out of a text before it leaves the machine; names of artists stay.

E-mails, CPF and CNPJ (by their check digits), phones, cards (Luhn), CEP, keys of PIX, @handles and links become words
such as [EMAIL], also when they are spelt for people only: "a [at] b", other separators, other letters, invisible ones.
Masking twice changes nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from stdnum import luhn
from stdnum.br import cnpj, cpf

EMAIL: Final = "[EMAIL]"
LINK: Final = "[LINK]"
HANDLE: Final = "[USUARIO]"
PIX: Final = "[PIX]"
CPF: Final = "[CPF]"
CNPJ: Final = "[CNPJ]"
CARD: Final = "[CARTAO]"
PHONE: Final = "[FONE]"
POSTCODE: Final = "[CEP]"

_UUID: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}(?![0-9a-f])", re.IGNORECASE)
# Nobody else is called like these, so no ending is needed to know them.
_PROVIDER: Final = r"(?:gmail|hotmail|outlook|yahoo|ymail|icloud|protonmail|uol|bol)"
_ENDING: Final = r"(?:com|net|org|gov|edu|info|br|pt)"
_IN_BRACKETS: Final = r"[(\[{{<]\s{{0,2}}(?:{})\s{{0,2}}[)\]}}>]"
_AT: Final = rf"\s{{0,3}}(?:@|\b(?:arroba|at)\b|{_IN_BRACKETS.format('@|arroba|at')})\s{{0,3}}"
# A point at the end of a word ends a sentence ("em casa. com amigos"): space stands before it, or on neither side.
_DOT: Final = (
    r"(?:\.|\s{1,3}\.\s{0,3}|\s{1,3}(?:ponto|dot)\s{1,3}"
    rf"|\s{{0,3}}{_IN_BRACKETS.format('[.]|ponto|dot')}\s{{0,3}})"
)
_EMAIL: Final = re.compile(
    rf"[\w.+%-]{{1,64}}(?:@|\s@\s)[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,4}}"
    rf"|[\w.+%-]{{1,64}}@(?:{_PROVIDER}|terra|live)\b"
    rf"|[\w.+%-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,2}}{_DOT}{_ENDING}(?:{_DOT}br)?\b"
    rf"|[\w.+%-]{{1,64}}{_AT}{_PROVIDER}(?:\.?\s{{0,3}}{_ENDING}(?:{_DOT}br)?)?\b",
    re.IGNORECASE,
)
# Endings that are also words or parts of names (will.i.am, "gostei.me") count only with a path behind them.
_LINK: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+"
    r"|(?<![\w@.])(?:[\w-]{1,63}\.){1,4}(?:com|net|org|gov|edu|info|site|online|store|shop|xyz)(?:\.br)?(?![\w-])(?:[/:?][^\s<>\"]*)?"
    r"|(?<![\w@.])(?:[\w-]{1,63}\.){1,4}br(?![\w-])(?:[/:?][^\s<>\"]*)?"
    r"|(?<![\w@.])(?:[\w-]{1,63}\.){1,4}[a-z]{2,6}/[^\s<>\"]+",
    re.IGNORECASE,
)
_AFTER_LINK: Final = ".,;:!?)]}'"
_HANDLE: Final = re.compile(r"(?<![\w@])@(?:\w(?:[\w.]{0,28}\w)?)")
# "Te vejo @ casa" and "Panic! @ the Disco" say where, and an account follows no such word.
_SPACED_HANDLE: Final = re.compile(r"(?<![\w@])@\s{1,2}(\w(?:[\w.]{0,28}\w)?)")
_PLACES: Final = frozenset(
    "a o as os um uma ao à na no nas nos the an my your home work live casa show shows festival festa palco estádio "
    "estadio arena teatro bar clube praia rock lolla lollapalooza rio sp rj bh brasil brazil night lá aqui minha meu "
    "sua seu nossa nosso esse essa este esta todos todas tudo all every this that e ou de do da que é".split()
)
_LEADS_TO_HANDLE: Final = re.compile(
    r"(?:^|[.!?:,;(\n]|\b(?:segu\w+|sig\w+|insta\w*|ig|twitter|tiktok|tik tok|threads|face\w*|perfil|conta|user\w*"
    r"|cham\w+|mand\w+|fal\w+|com|direct|dm|arroba|meu|follow))\s{0,2}$",
    re.IGNORECASE,
)
_USERNAME: Final = re.compile(r"\w*[\d_.]\w")
_ALNUM_CNPJ: Final = re.compile(
    r"(?<![0-9A-Z])[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}[0-9A-Z]{4}-?\d{2}(?![0-9A-Z])"
    # With its slash it is found in the middle of a word, too.
    r"|[0-9A-Z]{2}[.,_*\s]?[0-9A-Z]{3}[.,_*\s]?[0-9A-Z]{3}\s?[/\\]\s?[0-9A-Z]{4}[\s.,_*\u2010-\u2015-]?\d{2}(?!\d)",
    re.IGNORECASE,
)
_NOT_OF_CNPJ: Final = re.compile(r"[^0-9A-Z]")

_HINT: Final = re.compile(r"[@.\d]|arroba|\bat\b", re.IGNORECASE)
"""Without one of these there is nothing to mask."""
_UNSEEN: Final = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
"""Invisible characters, and marks that belong to no letter of ours (Portuguese accents are composed by then)."""

_DIGITS: Final = re.compile(r"\d+")
_RARELY: Final = r",;:_*|~='\u2019\u00b7\u2022\u2219"
_RUN: Final = re.compile(rf"\+?\(?\d(?:[\s.()/{_RARELY}\u2010-\u2015\u200b-\u200f\u2060-]{{0,3}}\d){{6,}}")
_RARE_SEPARATOR: Final = re.compile(f"[{_RARELY}]")
"""Stands between the numbers of a list at least as often as in one number."""
_LISTED: Final = re.compile(r"[,;:|]\s")
_COUNT: Final = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+")
_CPF_GROUPS: Final = frozenset({(11,), (3, 3, 3, 2), (9, 2), (3, 3, 5), (1,) * 11})
_CNPJ_GROUPS: Final = frozenset({(14,), (2, 3, 3, 4, 2), (8, 4, 2), (12, 2)})
_CARD_GROUPS: Final = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 6, 4)})
_LONGEST_GROUPS: Final = 14
# Second digits of the area codes that exist, by their first.
_AREAS: Final = {
    "1": "123456789", "2": "12478", "3": "1234578", "4": "123456789", "5": "1345", "6": "123456789", "7": "134579",
    "8": "123456789", "9": "123456789",
}  # fmt: skip
# How people group the digits of a phone, from all in one to "55 11 9 8765-4321".
_PHONE_SHAPES: Final = (
    "13 12 11 10 9 2-9 2-8 3-9 3-8 4-9 4-8 2-2-9 2-2-8 2-11 2-10 2-5-4 2-4-4 3-5-4 3-4-4 2-1-4-4 3-1-4-4 2-3-3-3 "
    "2-5-2-2 2-4-2-2 2-2-5-4 2-2-4-4 2-2-1-4-4 2-2-3-3-3 4-5-4 4-4-4 7-4 6-4 9-4 8-4 5-4 4-4 1-4-4 3-3-3 4-3-4 4-7"
)
_PHONE_GROUPS: Final = frozenset(tuple(map(int, shape.split("-"))) for shape in _PHONE_SHAPES.split())
_SHORTEST_CARD: Final = 13
_LONGEST_CARD: Final = 19
_NATIONAL: Final = 11
_LOCAL_MOBILE: Final = 9
_LOCAL: Final = 8


def mask(text: str) -> str:
    """Return `text` without personal data of the kinds that can be told from their shape.

    Where nothing is masked, nothing changes; else look-alikes may be resolved, and what nobody sees may be gone.
    """
    # What is gone may have stood before something that only now looks like what it is.
    while (masked := _masked_in_some_way(text)) is not None:
        text = masked
    return text


def _masked_in_some_way(text: str) -> str | None:
    for way in _ways_to_read(text):
        masked = _masked_once(way)
        if masked != way:
            return masked
    return None


def _ways_to_read(text: str) -> Iterable[str]:
    """The text as people see it; the same with what they do not see as spaces; and as it is, letter by letter."""
    if text.isascii():
        return (text,)
    resolved = unicodedata.normalize("NFKC", text).replace("\u3002", ".")
    return dict.fromkeys((_UNSEEN.sub("", resolved), _UNSEEN.sub(" ", resolved), text))


def _masked_once(text: str) -> str:
    if _HINT.search(text) is None:
        return text
    text = _UUID.sub(PIX, text)
    text = _EMAIL.sub(EMAIL, text)
    text = _LINK.sub(_link, text)
    text = _HANDLE.sub(HANDLE, text)
    text = _SPACED_HANDLE.sub(_spaced_handle, text)
    text = _ALNUM_CNPJ.sub(_alnum_cnpj, text)
    return _RUN.sub(lambda match: _masked_run(match[0]), text)


def _spaced_handle(match: re.Match[str]) -> str:
    name = match[1]
    if name.lower() in _PLACES or name[0].isdigit():
        return match[0]
    led_to = _LEADS_TO_HANDLE.search(match.string[max(0, match.start() - 20) : match.start()])
    return HANDLE if name[0].islower() or led_to or _USERNAME.match(name) else match[0]


def _alnum_cnpj(match: re.Match[str]) -> str:
    return CNPJ if cnpj.is_valid(_NOT_OF_CNPJ.sub("", match[0].upper())) else match[0]


def _link(match: re.Match[str]) -> str:
    whole = match[0]
    kept = whole.rstrip(_AFTER_LINK)
    return LINK + whole[len(kept) :]


def _masked_run(run: str) -> str:
    """Mask the numbers of `run`, which may hold several with only a space between them."""
    groups = list(_DIGITS.finditer(run))
    out, position, first = [], 0, 0
    while first < len(groups):
        found = _number_from(run, groups, first)
        if found is None:
            first += 1
            continue
        word, last = found
        begin = groups[first].start()
        # What opens before a number closes behind it: "(11) 9…" and "+55…".
        while begin > position and run[begin - 1] in "(+":
            begin -= 1
        out += [run[position:begin], word]
        position, first = groups[last].end(), last + 1
    return "".join([*out, run[position:]])


def _number_from(run: str, groups: Sequence[re.Match[str]], first: int) -> tuple[str, int] | None:
    """The longest number that begins with group `first`: the word for it, and its last group."""
    for last in range(min(len(groups), first + _LONGEST_GROUPS) - 1, first - 1, -1):
        taken = groups[first : last + 1]
        digits = "".join(str(int(character)) for group in taken for character in group[0])
        sizes = tuple(len(group[0]) for group in taken)
        begin, end = taken[0].start(), taken[-1].end()
        for word in _kinds(digits, sizes, plus="+" in run[max(0, begin - 2) : begin], shown=run[begin:end]):
            return word, last
    return None


def _kinds(digits: str, sizes: tuple[int, ...], *, plus: bool, shown: str) -> Iterator[str]:
    length = len(digits)
    listed = _LISTED.search(shown) is not None
    if length == 11 and _is_cpf(digits, shown) and (not listed or sizes in _CPF_GROUPS):  # noqa: PLR2004
        yield CPF
    if length == 14 and _is_cnpj(digits, shown) and (not listed or sizes in _CNPJ_GROUPS):  # noqa: PLR2004
        yield CNPJ
    if _is_card(digits, sizes, shown):
        yield CARD
    if not listed and _is_phone(digits, sizes, plus=plus, shown=shown):
        yield PHONE
    written_out = sizes in {(5, 3), (8,)} or (sizes == (2, 3, 3) and "-" in shown)
    if written_out and not _is_date(digits) and "," not in shown and ":" not in shown:
        yield POSTCODE


def _is_cpf(digits: str, shown: str) -> bool:
    return cpf.is_valid(digits) or re.fullmatch(r"\d{3}\.\d{3}\.\d{3}-\d{2}", shown) is not None


def _is_cnpj(digits: str, shown: str) -> bool:
    return cnpj.is_valid(digits) or re.fullmatch(r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}", shown) is not None


def _is_card(digits: str, sizes: tuple[int, ...], shown: str) -> bool:
    if not _SHORTEST_CARD <= len(digits) <= _LONGEST_CARD or len(set(digits)) == 1 or not luhn.is_valid(digits):
        return False
    # One number in ten passes the check: between separators of lists it has to be grouped like a card, too.
    return _RARE_SEPARATOR.search(shown) is None or (sizes in _CARD_GROUPS and not _is_years(digits))


def _is_phone(digits: str, sizes: tuple[int, ...], *, plus: bool, shown: str) -> bool:
    if (plus or "," in shown) and _COUNT.fullmatch(shown):
        return False
    if plus and 8 <= len(digits) <= 15:  # noqa: PLR2004
        return True
    if sizes not in _PHONE_GROUPS:
        return False
    if digits.startswith("0800") and len(digits) == _NATIONAL:
        return True
    if digits.startswith("55") and len(digits) > _NATIONAL:
        digits = digits[2:]
    digits = digits.removeprefix("0")
    if len(digits) in {_NATIONAL, _NATIONAL - 1}:
        return digits[1] in _AREAS.get(digits[0], "") and (
            digits[2] == "9" if len(digits) == _NATIONAL else digits[2] in "2345"
        )
    return _is_local(digits, sizes, shown)


def _is_local(digits: str, sizes: tuple[int, ...], shown: str) -> bool:
    """Whether it is a number without its area; with a comma or a colon in it, it is rather a price or a time."""
    if "," in shown or ":" in shown:
        return False
    if len(digits) == _LOCAL_MOBILE:
        return digits[0] == "9"
    return sizes == (4, 4) and len(digits) == _LOCAL and not _is_years(digits)


def _is_years(digits: str) -> bool:
    return all(digits[first : first + 2] in {"18", "19", "20", "21"} for first in range(0, len(digits), 4))


def _is_date(digits: str) -> bool:
    """Whether eight digits read as a day of this or the last century, in either order."""
    return any(
        1 <= int(day) <= 31 and 1 <= int(month) <= 12 and year[:2] in {"19", "20"}  # noqa: PLR2004
        for day, month, year in (
            (digits[:2], digits[2:4], digits[4:]),
            (digits[6:], digits[4:6], digits[:4]),
        )
    )
