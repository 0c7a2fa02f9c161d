"""What is rising, as the public API says it."""

from datetime import date
from typing import Final, Self

from pydantic import Field

from alumusic.contract.message import Message, Request
from alumusic.domain.comments import Category
from alumusic.domain.tags import explanation_of
from alumusic.domain.trends import BASELINE_DAYS, CLASS_THRESHOLD, FALSE_ALARMS_PER_WEEK, MIN_COUNT, TAG_THRESHOLD, Rise

METHOD: Final = (
    "Binomial negativa por dia: a média é a parte da tag nas 8 semanas anteriores vezes o volume do dia, com fator de "
    "dia da semana; limiar de Bonferroni sobre todas as séries e dias de uma semana."
)


class RiseView(Message):
    """Something of which a day has more than expected."""

    category: Category = Field(alias="categoria")
    code: str | None = Field(alias="codigo")
    explanation: str = Field(alias="explicacao")
    total: int
    expected: float = Field(alias="esperado")
    probability: float = Field(alias="probabilidade")

    @classmethod
    def of(cls, rise: Rise) -> Self:
        """`rise`, in the contract's words."""
        return cls(
            category=rise.category,
            code=rise.tag,
            explanation="a classe toda" if rise.tag is None else explanation_of(rise.tag),
            total=rise.n,
            expected=round(rise.expected, 1),
            probability=float(f"{rise.probability:.2g}"),
        )


class TrendsView(Message):
    """What rose on a day."""

    day: date = Field(alias="dia")
    partial: bool = Field(alias="parcial")
    volume: int = Field(alias="comentarios")
    days_of_history: int = Field(alias="dias_de_historico")
    can_tell: bool = Field(alias="historico_suficiente")
    baseline_days: int = Field(BASELINE_DAYS, alias="dias_de_referencia")
    min_count: int = Field(MIN_COUNT, alias="contagem_minima")
    false_alarms_per_week: float = Field(FALSE_ALARMS_PER_WEEK, alias="alarmes_falsos_por_semana")
    class_threshold: float = Field(float(f"{CLASS_THRESHOLD:.2g}"), alias="limiar_das_classes")
    tag_threshold: float = Field(float(f"{TAG_THRESHOLD:.2g}"), alias="limiar_das_tags")
    method: str = Field(METHOD, alias="metodo")
    rises: tuple[RiseView, ...] = Field(alias="tendencias")


class TrendsQuery(Request):
    """Of which day; today where nothing is said."""

    # The weeks before it and the day after it must be in the calendar as well.
    day: date | None = Field(None, alias="dia", ge=date(1970, 1, 1), le=date(9998, 12, 31))
