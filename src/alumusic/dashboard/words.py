"""Says numbers, moments and the house's words as a Brazilian reader expects them, and keeps strangers' text as text."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from alumusic.domain.comments import Category, Origin, Status
from alumusic.domain.users import Role

CATEGORY_NAMES: Final = {
    Category.PRAISE: "Elogio",
    Category.CRITICISM: "Crítica",
    Category.SUGGESTION: "Sugestão",
    Category.QUESTION: "Dúvida",
    Category.SPAM: "Spam",
}
CATEGORY_PLURALS: Final = {
    Category.PRAISE: "Elogios",
    Category.CRITICISM: "Críticas",
    Category.SUGGESTION: "Sugestões",
    Category.QUESTION: "Dúvidas",
    Category.SPAM: "Spam",
}
STATUS_NAMES: Final = {
    Status.PENDING: "Na fila",
    Status.PROCESSING: "Em análise",
    Status.DONE: "Classificado",
    Status.FAILED: "Falhou",
}
ORIGIN_NAMES: Final = {
    Origin.LOCAL: "modelo local",
    Origin.LLM: "modelo de linguagem",
    Origin.CURATOR: "curadoria",
}
ROLE_NAMES: Final = {
    Role.READER: "Leitor(a)",
    Role.CURATOR: "Curador(a)",
    Role.ADMIN: "Administrador(a)",
    Role.INGESTOR: "Integração (só envia)",
}

_ACTIVE: Final = re.compile(r"([!-/:-@\[-`{-~])")
"""Every ASCII punctuation mark: CommonMark allows a backslash before each, and each may begin some markup."""
_BREAKS: Final = re.compile(r"\s+")
_LINKED: Final = re.compile(r"(?i)https?:|ftp:|mailto:|xmpp:|www|[^\s@](?=@)")
"""What makes GitHub's Markdown see an address in plain text, escaped or not."""
_JOINER: Final = "\u2060"
"""Invisible, and part of no address (WORD JOINER)."""

Count = int | float


def plain(text: object) -> str:
    """`text` so that Markdown shows it letter by letter: no link, no image, no formula, no line of its own."""
    line = _BREAKS.sub(" ", str(text)).strip()
    return _ACTIVE.sub(r"\\\1", _LINKED.sub(lambda found: found[0] + _JOINER, line))


def number(value: Count, *, decimals: int = 0) -> str:
    """`value` with a point between thousands and a comma before decimals: 1.234,5."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def counted(n: int, one: str, many: str) -> str:
    """So many of something: "1 comentário", "1.234 comentários"."""
    return f"{number(n)} {one if n == 1 else many}"


def percent(share: float, *, decimals: int = 0) -> str:
    """`share` (0 to 1) as "37%"."""
    return f"{number(share * 100, decimals=decimals)}%"


def change(now: int, before: int) -> str | None:
    """How much more or less than before: "+12%"; None where nothing was before."""
    if not before:
        return None
    return (
        f"{number((now - before) / before * 100):s}%" if now < before else f"+{number((now - before) / before * 100)}%"
    )


def points(now: float, before: float) -> str:
    """The difference of two shares (0 to 1) in percentage points: "+1,5 p.p."."""
    return f"{'+' if now >= before else '-'}{number(abs(now - before) * 100, decimals=1)} p.p."


def share(part: int, whole: int) -> float:
    """`part` of `whole`, from 0 to 1; 0 of nothing."""
    return part / whole if whole else 0.0


def day(value: date) -> str:
    """23/11/2026."""
    return f"{value:%d/%m/%Y}"


def short_day(value: date) -> str:
    """23/11."""
    return f"{value:%d/%m}"


def moment(value: datetime, zone: ZoneInfo) -> str:
    """23/11/2026 às 14:05, in `zone`."""
    return f"{value.astimezone(zone):%d/%m/%Y às %H:%M}"


def duration(seconds: float) -> str:
    """About how long: "menos de 1 s", "40 s", "3 min", "2 h 5 min"."""
    whole = round(seconds)
    if whole < 1:
        return "menos de 1 s"
    if whole < 100:  # noqa: PLR2004 - people say ninety seconds, and two minutes
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 100:  # noqa: PLR2004 - likewise
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def listed(parts: Iterable[str]) -> str:
    """a, b e c."""
    items = list(parts)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} e {items[-1]}" if items else ""


def cut(text: str, length: int) -> str:
    """`text` in one line of at most `length` characters."""
    line = _BREAKS.sub(" ", text).strip()
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
