"""The first page in one answer, as the public API says it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Self

from pydantic import Field

from alumusic.contract.message import Message, Moment
from alumusic.contract.queue import ProviderView
from alumusic.domain.comments import Category
from alumusic.domain.tags import explanation_of, is_known
from alumusic.domain.trends import Rise


class PeriodView(Message):
    """Some days, beside as many before them."""

    first: date = Field(alias="de")
    last: date = Field(alias="ate")
    total: int
    before: int = Field(alias="anterior")
    counts: dict[Category, int] = Field(alias="por_categoria")
    counts_before: dict[Category, int] = Field(alias="por_categoria_anterior")

    @classmethod
    def of(cls, first: date, last: date, counts: Mapping[Category, int], before: Mapping[Category, int]) -> Self:
        """The days from `first` to `last`, in the contract's words."""
        return cls(
            first=first,
            last=last,
            total=sum(counts.values()),
            before=sum(before.values()),
            counts=dict(counts),
            counts_before=dict(before),
        )


class DayView(Message):
    """One day."""

    day: date = Field(alias="dia")
    counts: dict[Category, int] = Field(alias="por_categoria")


class TagFigureView(Message):
    """How often a tag was given in the last seven days, and in the seven before."""

    code: str = Field(alias="codigo")
    explanation: str = Field(alias="explicacao")
    total: int
    before: int = Field(alias="anterior")

    @classmethod
    def of(cls, code: str, n: int, before: int) -> Self:
        """The figures of that tag, in the contract's words."""
        return cls(code=code, explanation=_explained(code), total=n, before=before)


class RisingView(Message):
    """A class, or a tag within it, of which there is more than expected."""

    category: Category = Field(alias="categoria")
    code: str | None = Field(alias="codigo")
    """None for the class as a whole."""
    explanation: str | None = Field(alias="explicacao")
    day: date = Field(alias="dia")
    total: int
    expected: float = Field(alias="esperado")

    @classmethod
    def of(cls, rise: Rise) -> Self:
        """`rise`, in the contract's words."""
        return cls(
            category=rise.category,
            code=rise.tag,
            explanation=None if rise.tag is None else _explained(rise.tag),
            day=rise.day,
            total=rise.n,
            expected=round(rise.expected, 1),
        )


class ArtistFigureView(Message):
    """The comments about an artist in the last 28 days."""

    name: str = Field(alias="nome")
    total: int
    criticism: int = Field(alias="criticas")


class QueueLine(Message):
    """What is not done, and whether who classifies may be asked. `GET /api/fila` says more."""

    pending: int = Field(alias="pendentes")
    processing: int = Field(alias="processando")
    failed: int = Field(alias="falhas")
    oldest_due_seconds: float = Field(alias="mais_antigo_segundos")
    provider: ProviderView = Field(alias="provedor")


class OverviewView(Message):
    """What is going on."""

    updated_at: Moment = Field(alias="atualizado_em")
    zone: str = Field(alias="fuso")
    first_day: date | None = Field(alias="primeiro_dia")
    """None while there is no classified comment."""
    today: PeriodView = Field(alias="hoje")
    week: PeriodView = Field(alias="semana")
    """The last seven days."""
    days: tuple[DayView, ...] = Field(alias="dias")
    tags: tuple[TagFigureView, ...]
    rising: tuple[RisingView, ...] = Field(alias="em_alta")
    days_of_history: int = Field(alias="dias_de_historico")
    can_tell_rises: bool = Field(alias="historico_suficiente")
    queue: QueueLine = Field(alias="fila")
    artists: tuple[ArtistFigureView, ...] = Field(alias="artistas")


class ArtistNames(Message):
    """Artists to choose from."""

    names: tuple[str, ...] = Field(alias="artistas")


def _explained(code: str) -> str:
    return explanation_of(code) if is_known(code) else code


def overview_view(
    *,
    now: datetime,
    zone: str,
    today: PeriodView,
    week: PeriodView,
    days: Iterable[tuple[date, Mapping[Category, int]]],
    tags: Iterable[TagFigureView],
    rises: Iterable[Rise],
    artists: Iterable[ArtistFigureView],
    days_of_history: int,
    can_tell_rises: bool,
    first_day: date | None,
    queue: QueueLine,
) -> OverviewView:
    """All of it, in the contract's words."""
    return OverviewView(
        updated_at=now,
        zone=zone,
        first_day=first_day,
        today=today,
        week=week,
        days=tuple(DayView(day=day, counts=dict(counts)) for day, counts in days),
        tags=tuple(tags),
        rising=tuple(RisingView.of(rise) for rise in rises),
        days_of_history=days_of_history,
        can_tell_rises=can_tell_rises,
        artists=tuple(artists),
        queue=queue,
    )
