"""Reads when a provider wants to be asked again: `Retry-After`, its milliseconds, or Gemini's `RetryInfo`."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

LONGEST: Final = 86_400.0
"""No provider makes us wait longer than a day."""

_SECONDS: Final = re.compile(r"\s*(\d{1,12}(?:\.\d{1,12})?)\s*s?\s*")


def retry_after_seconds(headers: Mapping[str, str], body: Any, *, now: datetime | None = None) -> float | None:
    """The longest wait that the reply asks for, from 0 to `LONGEST` seconds; None when it does not say."""
    header = headers.get("retry-after")
    asked = [
        _milliseconds(headers.get("retry-after-ms")),
        _seconds(header),
        _until(header, now or datetime.now(UTC)),
        *(_seconds(detail.get("retryDelay")) for detail in _details(body)),
    ]
    known = [min(LONGEST, max(0.0, wait)) for wait in asked if wait is not None and math.isfinite(wait)]
    return max(known) if known else None


def _seconds(said: object) -> float | None:
    match = _SECONDS.fullmatch(said) if isinstance(said, str) else None
    return float(match[1]) if match else None


def _milliseconds(said: object) -> float | None:
    wait = _seconds(said)
    return None if wait is None else wait / 1000


def _until(said: object, now: datetime) -> float | None:
    """Seconds until an HTTP date (RFC 9110 § 10.2.3)."""
    if not isinstance(said, str):
        return None
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()


def _details(body: Any) -> list[dict[str, Any]]:
    """The google.rpc details of an error, however it is wrapped."""
    error = body[0] if isinstance(body, list) and body else body
    error = error.get("error", error) if isinstance(error, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    return [detail for detail in details if isinstance(detail, dict)] if isinstance(details, list) else []
