"""One value at a time: clean letters, dates as people write them, ids; the same for files and for the JSON API.

The rules for letters hold on every database alike:

* NUL and lone surrogates are refused: PostgreSQL cannot keep the one, no database the other.
* Other control characters (C0, DEL, C1) are removed; tab and newline stay, CRLF and CR become LF.
* Letters are composed (NFC), so that a name typed on a Macintosh equals the same name typed elsewhere.
* Spaces around are cut; what has nothing visible left (spaces, zero-width marks) is empty.
* Everything else stays: emoji and their joiners, marks of direction, any script.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from alumusic.domain.comments import MAX_TEXT_LENGTH, RejectReason


class RefusedValueError(ValueError):
    """A value that cannot be kept: why, and what about."""

    def __init__(self, reason: RejectReason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


_REFUSED: Final = re.compile("[\0\ud800-\udfff]")
_REMOVED: Final = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NEWLINE: Final = re.compile("\r\n?")
_SPACE: Final = re.compile(r"\s+")
_AROUND: Final = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace()) + "\ufeff"
"""All that Unicode calls white space, and the mark that a text may begin with: cut in any order from both ends."""
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_SHOWN: Final = 60
"""Characters of a bad value that a report repeats."""


def clean(text: str, name: str) -> str:
    """Apply this module's rules for letters to `text`, the value of the field `name`.

    Raises:
        RefusedValueError: a NUL or a lone surrogate.
    """
    # Most values take this way: no control character, mark or newline is printable.
    if text.isprintable():
        text = text.strip()
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    return _clean_slowly(text, name)


def _clean_slowly(text: str, name: str) -> str:
    if _REFUSED.search(text):
        raise RefusedValueError(RejectReason.BAD_CHARACTERS, name)
    text = _REMOVED.sub("", _NEWLINE.sub("\n", text))
    text = unicodedata.normalize("NFC", text).strip(_AROUND)
    if all(unicodedata.category(letter) in _INVISIBLE for letter in text):
        return ""
    return text


def comment_text(value: object) -> str:
    """The text of a comment: 1 to `MAX_TEXT_LENGTH` characters once cleaned."""
    if value is None:
        raise RefusedValueError(RejectReason.EMPTY_TEXT, "texto")
    if not isinstance(value, str):
        raise RefusedValueError(RejectReason.NOT_A_TEXT, "texto")
    text = clean(value, "texto")
    if not text:
        raise RefusedValueError(RejectReason.EMPTY_TEXT, "texto")
    if len(text) > MAX_TEXT_LENGTH:
        raise RefusedValueError(RejectReason.TEXT_TOO_LONG, str(len(text)))
    return text


def short_text(value: object, name: str, limit: int) -> str | None:
    """One line of at most `limit` characters; numbers are taken as written, None where nothing is left."""
    if isinstance(value, str):
        # Most names take this way.
        if len(value) <= limit and value.isascii() and value.isprintable():
            return value.strip() or None
    elif isinstance(value, int | float) and not isinstance(value, bool):
        value = _written(value, name)
    else:
        raise RefusedValueError(RejectReason.NOT_A_TEXT, name)
    text = clean(value, name)
    if not text.isprintable():
        text = _SPACE.sub(" ", text)
    if len(text) > limit:
        raise RefusedValueError(RejectReason.FIELD_TOO_LONG, name)
    return text or None


def _written(number: float, name: str) -> str:
    try:
        return str(number)
    except ValueError as too_long:
        # Thousands of digits: Python refuses to write them, with good reason.
        raise RefusedValueError(RejectReason.FIELD_TOO_LONG, name) from too_long


_UUID: Final = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def is_uuid(value: object) -> bool:
    """Whether `value` is a UUID in hexadecimal, with or without hyphens (and in no other spelling)."""
    return isinstance(value, str) and _UUID.fullmatch(value.strip()) is not None


def uuid(value: object) -> UUID | None:
    """The id a client gives to its comment; None where there are only spaces."""
    if not is_uuid(value):
        if isinstance(value, str) and value.isspace():
            return None
        raise RefusedValueError(RejectReason.BAD_ID, shown(value))
    return UUID(str(value).strip())


def shown(value: object) -> str:
    """A bad value as a report may repeat it: short, on one line, with nothing a database refuses."""
    text = value if isinstance(value, str) else type(value).__name__
    if isinstance(value, float) or (isinstance(value, int) and value.bit_length() <= _SHOWN):
        text = str(value)
    text = "".join(letter if letter.isprintable() else "�" for letter in text[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


# --- dates -------------------------------------------------------------------------------------------------

_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2101, 1, 1, tzinfo=UTC)
_BY_HAND: Final = re.compile(
    r"(?:(?P<day>\d{1,2})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})"
    r"|(?P<year_first>\d{4})/(?P<month_next>\d{1,2})/(?P<day_last>\d{1,2}))"
    r"(?:(?:\s*,\s*|\s+(?:às\s+|as\s+)?|T)"
    r"(?P<hour>\d{1,2})[:h](?P<minute>\d{2})?(?::(?P<second>\d{2})(?:[.,]\d+)?)?h?\s*(?P<half>[ap]m)?"
    r"(?:\s*(?:UTC|GMT)?(?P<zone>[+-]\d{1,2}(?::?\d{2})?))?)?",
    re.IGNORECASE | re.ASCII,
)
"""31/12/2026 23:59, 31.12.26, 31/12/2026 às 20h, and what Google Forms writes: 2026/12/31 11:59:00 PM GMT-3."""
_UNIVERSAL: Final = re.compile(r"\s*(?:UTC|GMT|Z)$", re.IGNORECASE)
_ISO_START: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}", re.ASCII)
_SECONDS_DIGITS: Final = 10
_MILLISECONDS_DIGITS: Final = 13
_NOON: Final = 12


def moment(value: object, zone: ZoneInfo) -> datetime | None:
    """When something was written, in UTC; a time without a zone is meant in `zone`, a date is its first minute.

    Reads ISO 8601, day/month/year with or without a time (never month first: 12/31/2026 is refused, since guessing
    would turn other dates of the same file around), and Unix time in seconds (10 digits) or milliseconds (13).
    Only spaces are no date.
    """
    if isinstance(value, str):
        found = _from_text(value, zone)
        if found is None and value.isspace():
            return None
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found = _from_unix(value)
    else:
        found = None
    if found is None:
        raise RefusedValueError(RejectReason.BAD_DATE, shown(value))
    return found


@lru_cache(maxsize=4_096)
def _parsed(text: str, zone: ZoneInfo) -> datetime | None:
    text = text.strip()
    try:
        if text.isascii() and text.isdigit() and len(text) in {_SECONDS_DIGITS, _MILLISECONDS_DIGITS}:
            return _from_unix(int(text))
        found = _iso(text) if _ISO_START.match(text) else _by_hand(text)
        if found is None:
            return None
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone)
        return _within(found.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def _from_text(text: str, zone: ZoneInfo) -> datetime | None:
    # Nobody's date is longer, and nothing longer shall fill the cache.
    return _parsed(text, zone) if len(text) <= _SHOWN else None


def _iso(text: str) -> datetime:
    universal = _UNIVERSAL.sub("", text)
    found = datetime.fromisoformat(universal)
    if universal == text:
        return found
    if found.tzinfo is not None:
        raise ValueError("two zones")
    return found.replace(tzinfo=UTC)


def _by_hand(text: str) -> datetime | None:
    match = _BY_HAND.fullmatch(text)
    if match is None:
        return None
    day, _, month, year, year_first, month_next, day_last, hour, minute, second, half, zone = match.groups()
    hours = int(hour or 0)
    if half and not 1 <= hours <= _NOON:
        return None
    if half:
        hours = hours % _NOON + (_NOON if half.lower() == "pm" else 0)
    if year_first:
        day, month, year = day_last, month_next, year_first
    years = int(year) + (2_000 if len(year) == 2 else 0)  # noqa: PLR2004
    return datetime(years, int(month), int(day), hours, int(minute or 0), int(second or 0), tzinfo=_offset(zone))


def _offset(zone: str | None) -> timezone | None:
    """The zone of "-3", "-03", "-0330" and "-03:30"."""
    if zone is None:
        return None
    digits = zone[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")  # noqa: PLR2004
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if zone[0] == "-" else offset)


def _from_unix(value: float) -> datetime | None:
    for digits, unit in (
        (_SECONDS_DIGITS, timedelta(seconds=1)),
        (_MILLISECONDS_DIGITS, timedelta(milliseconds=1)),
    ):
        if 10 ** (digits - 1) <= value < 10**digits:
            return _within(_EARLIEST + value * unit)
    return None


def _within(when: datetime) -> datetime | None:
    """None for years that only a mistake of typing makes."""
    return when if _EARLIEST <= when < _LATEST else None
