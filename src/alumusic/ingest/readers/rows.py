"""From the cells of a row, or the members of a JSON object, to a comment or the reason why not."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from math import isfinite
from typing import Final, TypeGuard
from zoneinfo import ZoneInfo

from alumusic.domain.comments import NewComment, Reject, RejectReason
from alumusic.ingest.readers.columns import Columns, Field, columns_of
from alumusic.ingest.readers.limits import MAX_EXTRA_DEPTH, MAX_EXTRA_FIELDS, MAX_EXTRA_SIZE
from alumusic.ingest.readers.values import RefusedValueError, clean, comment_text, moment, short_text, uuid

FIELD_LIMITS: Final = {
    Field.AUTHOR: ("author", 200),
    Field.SOURCE: ("source", 100),
    Field.ARTIST: ("artist", 200),
    Field.ALBUM: ("album", 200),
    Field.SONG: ("song", 200),
    Field.URL: ("url", 2_000),
    Field.EXTERNAL_ID: ("external_id", 200),
}
"""The attribute of each short field, and the characters it may have."""

_Reading = tuple[int, str, Callable[[object], object]]


class RowReader:
    """Reads rows of one shape: the same columns in the same places."""

    def __init__(self, columns: Columns, *, zone: ZoneInfo, ids_are_external: bool = False) -> None:
        self._width = len(columns.names)
        self._text = columns.text
        self._extra = columns.extra
        self._metadata = next((at for at, field in columns.fields if field is Field.METADATA), None)
        self._fields: list[_Reading] = []
        for at, field in columns.fields:
            if field is Field.DATE:
                self._fields.append((at, "written_at", partial(moment, zone=zone)))
            elif field is Field.ID and ids_are_external:
                limit = FIELD_LIMITS[Field.EXTERNAL_ID][1]
                self._fields.append((at, "external_id", partial(short_text, name=Field.ID.value, limit=limit)))
            elif field is Field.ID:
                self._fields.append((at, "id", uuid))
            elif field in FIELD_LIMITS:
                attribute, limit = FIELD_LIMITS[field]
                self._fields.append((at, attribute, partial(short_text, name=field.value, limit=limit)))

    def read(self, cells: Sequence[object], line: int) -> NewComment | Reject:
        """Read one row; missing cells at its end are empty, more cells than columns are a reason to refuse it.

        A surplus cell nearly always is a delimiter inside a text that nobody quoted: keeping the row would keep
        half a comment.
        """
        if len(cells) != self._width:
            if any(cells[self._width :]):
                return Reject(line, RejectReason.TOO_MANY_CELLS, f"{len(cells)} > {self._width}")
            cells = [*cells, *[None] * (self._width - len(cells))]
        try:
            text = comment_text(None if self._text is None else cells[self._text])
            known: dict[str, object] = {}
            for at, attribute, read in self._fields:
                value = cells[at]
                # Not merely falsy: 0 and False are values, and wrong ones.
                if value is not None and value != "":
                    known[attribute] = read(value)
            if self._extra or self._metadata is not None:
                known["extra"] = self._extras(cells)
            return NewComment(text, line=line, **known)  # type: ignore[arg-type]
        except RefusedValueError as refused:
            return Reject(line, refused.reason, refused.detail)

    def _extras(self, cells: Sequence[object]) -> dict[str, object]:
        found = {name: cells[at] for at, name in self._extra if cells[at] is not None and cells[at] != ""}
        metadata = None if self._metadata is None else cells[self._metadata]
        if isinstance(metadata, Mapping):
            found = {str(name): value for name, value in metadata.items()} | found
        elif metadata is not None and metadata != "":
            found[Field.METADATA.value] = metadata
        return _kept(found)


def read_row(mapping: Mapping[str, object], line: int, *, zone: ZoneInfo) -> NewComment | Reject:
    """Read one JSON object as it came, under the names that files may use too.

    Everything in `extra` comes out as JSON any database keeps: text cleaned, no NaN, no endless numbers.
    """
    return reader_of(tuple(mapping), zone=zone).read(list(mapping.values()), line)


def reader_of(
    names: tuple[str, ...], *, zone: ZoneInfo, text_column: str | None = None, ids_are_external: bool = False
) -> RowReader:
    """A reader for objects with the keys `names`; the usual shapes are remembered."""
    build = _remembered if sum(map(len, names)) <= _REMEMBERED_SIZE else _built
    return build(names, zone, text_column, ids_are_external)


_REMEMBERED_SIZE: Final = 1_000


def _built(names: tuple[str, ...], zone: ZoneInfo, text_column: str | None, external: bool) -> RowReader:  # noqa: FBT001
    return RowReader(columns_of(names, text_column=text_column), zone=zone, ids_are_external=external)


_remembered = lru_cache(maxsize=256)(_built)


# --- what nobody knows is kept, within reason ------------------------------------------------------------


def _kept(found: Mapping[str, object]) -> dict[str, object]:
    if len(found) > MAX_EXTRA_FIELDS:
        raise RefusedValueError(RejectReason.FIELD_TOO_LONG, Field.METADATA.value)
    kept: dict[str, object] = {}
    size = 0
    for name, value in found.items():
        # Quick for the usual cell; `_plain` for everything that JSON may hold.
        plain, weight = (value.strip(), len(value)) if _is_easy(value) else _plain(value, name, depth=0)
        kept[clean(name, Field.METADATA.value)] = plain
        size += len(name) + weight
        if size > MAX_EXTRA_SIZE:
            raise RefusedValueError(RejectReason.FIELD_TOO_LONG, Field.METADATA.value)
    return kept


def _is_easy(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value.isascii() and value.isprintable()


_DIGITS: Final = 20
_LARGEST_INTEGER: Final = 2**63 - 1
_LARGEST_BITS: Final = 256


def _plain(value: object, name: str, *, depth: int) -> tuple[object, int]:
    """The value as JSON any database keeps, and how many characters it takes, about."""
    if isinstance(value, str):
        text = clean(value, name)
        return text, len(text)
    if value is None or isinstance(value, bool):
        return value, 1
    if isinstance(value, int):
        return _plain_integer(value, name), _DIGITS
    if isinstance(value, float) and isfinite(value):
        return value, _DIGITS
    if depth == MAX_EXTRA_DEPTH:
        raise RefusedValueError(RejectReason.FIELD_TOO_LONG, name)
    if isinstance(value, Mapping):
        return _plain_members(value, name, depth=depth)
    if isinstance(value, list | tuple):
        items = [_plain(item, name, depth=depth + 1) for item in value[: MAX_EXTRA_SIZE + 1]]
        return [item for item, _ in items], sum(weight for _, weight in items) + len(value)
    raise RefusedValueError(RejectReason.NOT_A_TEXT, name)


def _plain_integer(value: int, name: str) -> int | str:
    if value.bit_length() > _LARGEST_BITS:
        raise RefusedValueError(RejectReason.FIELD_TOO_LONG, name)
    # An integer that no database counts to is kept by its digits.
    return value if abs(value) <= _LARGEST_INTEGER else str(value)


def _plain_members(value: Mapping[object, object], name: str, *, depth: int) -> tuple[object, int]:
    members: dict[str, object] = {}
    size = 2
    for key, member in value.items():
        label = clean(str(key), name)
        members[label], weight = _plain(member, name, depth=depth + 1)
        size += len(label) + weight
        if size > MAX_EXTRA_SIZE:
            raise RefusedValueError(RejectReason.FIELD_TOO_LONG, name)
    return members, size
