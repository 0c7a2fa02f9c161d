"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """Microseconds from 1970 to the aware `moment`: how SQLite keeps an instant."""
    return (moment - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=4_096)
def from_microseconds(microseconds: int) -> datetime:
    """The aware moment, in UTC, that SQLite keeps as `microseconds`."""
    return _EPOCH + timedelta(microseconds=microseconds)


class Instant(TypeDecorator[datetime]):
    """An aware moment: `timestamptz` on PostgreSQL, whole microseconds on SQLite, so that both sort and compare."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Pick the column's type for `dialect`."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Turn an aware moment into what `dialect` keeps; a naive one is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        return to_microseconds(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Turn what `dialect` keeps into an aware moment in UTC."""
        if value is None:
            return None
        return from_microseconds(value) if dialect.name == "sqlite" else value.astimezone(UTC)


class SharedUuid(Uuid[UUID]):
    """An id that many rows of one answer share: its text is made an object once, not once a row."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """Remember what the processor of `Uuid` gave, where the database needs one."""
        convert = super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]
        return convert and lru_cache(maxsize=1_024)(convert)
