"""Takes personal data out of a text before it leaves the machine; names of artists stay.

E-mails, CPF and CNPJ (by their check digits), phones, cards (Luhn), CEP, keys of PIX, @handles and links become words
such as [EMAIL]. Masking twice changes nothing.
"""

import re
from collections.abc import Iterator, Sequence
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
_EMAIL: Final = re.compile(
    r"[\w.+%-]{1,64}(?:@|\s@\s)[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
    r"|[\w.+-]{1,64}@(?:gmail|hotmail|outlook|yahoo|icloud|uol|bol|terra|live)\b",
    re.IGNORECASE,
)
_SPELT_EMAIL: Final = re.compile(
    r"[\w.+-]{1,64}\s*[(\[]?\s*\b(?:arroba|at)\b\s*[)\]]?\s*[\w-]{1,63}\s*[(\[]?(?:\.|\s(?:ponto|dot)\s)[)\]]?\s*"
    r"(?:com|net|org|br)\b(?:(?:\.|\s?ponto\s)br\b)?",
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
_ALNUM_CNPJ: Final = re.compile(
    r"(?<![0-9A-Z])[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2}(?![0-9A-Z])", re.IGNORECASE
)

_DIGITS: Final = re.compile(r"\d+")
_RUN: Final = re.compile(r"\+?\(?\d(?:[\s.()/\u2010-\u2015\u200b-\u200f\u2060-]{0,3}\d){6,}")
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
_NATIONAL: Final = 11
_LOCAL_MOBILE: Final = 9
_LOCAL: Final = 8


def mask(text: str) -> str:
    """Return `text` without personal data of the kinds that can be told from their shape."""
    while (masked := _masked_once(text)) != text:
        # What is gone may have stood before something that only now looks like what it is.
        text = masked
    return text


def _masked_once(text: str) -> str:
    if "@" not in text and "." not in text and not _has_digits(text) and "arroba" not in text.lower():
        return text
    text = _UUID.sub(PIX, text)
    text = _EMAIL.sub(EMAIL, text)
    text = _SPELT_EMAIL.sub(EMAIL, text)
    text = _LINK.sub(_link, text)
    text = _HANDLE.sub(HANDLE, text)
    text = _ALNUM_CNPJ.sub(lambda match: CNPJ if cnpj.is_valid(match[0].upper()) else match[0], text)
    return _RUN.sub(lambda match: _masked_run(match[0]), text)


def _has_digits(text: str) -> bool:
    return any(character.isdigit() for character in text)


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
    if length == 11 and (cpf.is_valid(digits) or re.fullmatch(r"\d{3}\.\d{3}\.\d{3}-\d{2}", shown)):  # noqa: PLR2004
        yield CPF
    if length == 14 and (cnpj.is_valid(digits) or re.fullmatch(r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}", shown)):  # noqa: PLR2004
        yield CNPJ
    if 13 <= length <= 19 and luhn.is_valid(digits) and len(set(digits)) > 1:  # noqa: PLR2004
        yield CARD
    if _is_phone(digits, sizes, plus=plus):
        yield PHONE
    written_out = sizes in {(5, 3), (8,)} or (sizes == (2, 3, 3) and "-" in shown)
    if written_out and not _is_date(digits):
        yield POSTCODE


def _is_phone(digits: str, sizes: tuple[int, ...], *, plus: bool) -> bool:
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
    if len(digits) == _LOCAL_MOBILE:
        return digits[0] == "9"
    return sizes == (4, 4) and len(digits) == _LOCAL and not _is_years(digits)


def _is_years(digits: str) -> bool:
    return all(year[:2] in {"18", "19", "20", "21"} for year in (digits[:4], digits[4:]))


def _is_date(digits: str) -> bool:
    """Whether eight digits read as a day of this or the last century, in either order."""
    return any(
        1 <= int(day) <= 31 and 1 <= int(month) <= 12 and year[:2] in {"19", "20"}  # noqa: PLR2004
        for day, month, year in (
            (digits[:2], digits[2:4], digits[4:]),
            (digits[6:], digits[4:6], digits[:4]),
        )
    )
