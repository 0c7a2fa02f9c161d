"""Ids for new rows, and ids that follow from what a row is."""

from datetime import datetime
from os import urandom
from typing import Final
from uuid import UUID, uuid5

_EXTERNAL: Final = UUID("6f0a7c52-8d0b-5b0e-9a53-3f2a8c4de901")


_RANDOM_BYTES: Final = 10


def time_ordered_id(now: datetime) -> UUID:
    """A new UUID version 7 (RFC 9562 § 5.7): random, but rows made together lie together in an index."""
    return time_ordered_ids(now, 1)[0]


def time_ordered_ids(now: datetime, count: int) -> list[UUID]:
    """So many new ids, as `time_ordered_id` makes one: the system is asked for chance once, not once for each."""
    head = (int(now.timestamp() * 1000) & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | 0b10 << 62
    drawn = urandom(_RANDOM_BYTES * count)
    made = []
    for start in range(0, len(drawn), _RANDOM_BYTES):
        random = int.from_bytes(drawn[start : start + _RANDOM_BYTES]) >> 6
        made.append(UUID(int=head | (random >> 62) << 64 | random & 0x3FFF_FFFF_FFFF_FFFF))
    return made


def id_of_external(source: str, external_id: str) -> UUID:
    """The id of what is called `external_id` at `source`: handed in twice, it is the same comment."""
    return uuid5(_EXTERNAL, f"{source}\n{external_id}")
