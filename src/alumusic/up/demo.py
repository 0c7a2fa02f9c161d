"""Invented comments on four invented artists, so that a new house has something to show."""

import csv
import hashlib
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from importlib import resources
from io import StringIO
from typing import Final
from zoneinfo import ZoneInfo

from alumusic.bootstrap import Services
from alumusic.domain.batches import BatchKind
from alumusic.domain.comments import NewComment
from alumusic.domain.weeks import Week, day_of
from alumusic.ingest.receive import receive
from alumusic.store.batches import Delivery

_FILE: Final = "demo_comments.csv"
_NAME: Final = "demonstração"
_MINUTES_APART: Final = 17
"""Has no factor in common with 60, so that the comments of an hour do not share a minute."""


def load_demo(services: Services) -> str:
    """Keep the invented comments, written over the eight weeks until now, and say so; the second time adds nothing."""
    zone, now = services.settings.zone, services.clock()
    data = resources.files("alumusic.up").joinpath(_FILE).read_bytes()
    # The hash spares the list of imports an empty one at each start; the ids hold even when the file has changed.
    delivery = Delivery(user_id=None, content_hash=hashlib.sha256(_NAME.encode() + data).digest())
    receipt = receive(
        demo_comments(data.decode("utf-8"), zone=zone, now=now),
        engine=services.engine,
        bell=services.bell,
        delivery=delivery,
        kind=BatchKind.FILE,
        zone=zone,
        now=now,
        name=_NAME,
    )
    if receipt.replayed or not receipt.total:
        return "Os comentários de demonstração já estavam carregados."
    return f"{receipt.total} comentários de demonstração carregados; a classificação começa em seguida."


def demo_comments(text: str, *, zone: ZoneInfo, now: datetime) -> Iterator[NewComment]:
    """The comments of `text`, a CSV whose rows say how many weeks ago, on which day (Monday is 0) and at which hour.

    What would lie in the future moves one week back.
    """
    week = Week.of(day_of(now, zone))
    for number, row in enumerate(csv.DictReader(StringIO(text, newline="")), start=1):
        day = week.back(int(row["semanas_atras"])).monday + timedelta(days=int(row["dia"]))
        at = time(int(row["hora"]), number * _MINUTES_APART % 60)
        written_at = datetime.combine(day, at, zone)
        if written_at > now:
            written_at = datetime.combine(day - timedelta(weeks=1), at, zone)
        yield NewComment(
            row["texto"],
            written_at=written_at,
            author=row["autor"] or None,
            source=row["fonte"],
            artist=row["artista"] or None,
            album=row["album"] or None,
            song=row["musica"] or None,
            external_id=f"demo-{number}",
        )
