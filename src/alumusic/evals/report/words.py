"""Writes figures the way people in Brazil read them."""

from collections.abc import Mapping
from typing import Final

from alumusic.evals.answers import Effort

UNKNOWN: Final = "–"

_LEAST_P: Final = 0.001


def percent(value: float | None, digits: int = 1) -> str:
    """Return 0.942 as "94,2 %"."""
    return UNKNOWN if value is None else f"{value * 100:.{digits}f} %".replace(".", ",")


def decimal(value: float | None, digits: int = 3) -> str:
    """Return 0.05 as "0,050"."""
    return UNKNOWN if value is None else f"{value:.{digits}f}".replace(".", ",")


def points(difference: float) -> str:
    """Return 0.012 as "+1,2": percentage points, always with a sign."""
    return f"{difference * 100:+.1f}".replace(".", ",").replace("-", "−")


def interval(ends: tuple[float, float] | None) -> str:
    """Return an interval of shares as "92,3 a 95,9 %"."""
    return UNKNOWN if ends is None else f"{percent(ends[0]).removesuffix(' %')} a {percent(ends[1])}"


def whole(value: float) -> str:
    """Return 12345.6 as "12.346"."""
    return f"{value:,.0f}".replace(",", ".")


def p_value(value: float) -> str:
    """Return a p-value, very small ones as a bound."""
    return f"< {decimal(_LEAST_P)}" if value < _LEAST_P else decimal(value)


def speed(effort: Effort) -> str:
    """Return how fast the answers came, and by which clock."""
    how = "em um núcleo" if effort.own_time else "com a espera pelo provedor"
    return f"{whole(effort.comments_per_second)} comentários/s {how}"


def usage(used: Mapping[str, float] | None) -> str | None:
    """Return tokens and cost in a line; None where nobody counted."""
    if used is None:
        return None
    tokens = f"{whole(used.get('input_tokens', 0))} tokens de entrada, {whole(used.get('output_tokens', 0))} de saída"
    kept = used.get("cached_tokens", 0)
    return f"{tokens}{f' ({whole(kept)} do cache)' if kept else ''}, US$ {decimal(used.get('cost_usd', 0), 4)}"
