"""Summaries of weeks, as the public API says them."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field

from alumusic.contract.message import Message, Moment, Request
from alumusic.domain.comments import Category
from alumusic.domain.summaries import Citation, Highlight, Summary, WeekFacts
from alumusic.domain.weeks import Week


def _week(name: str) -> str:
    try:
        return str(Week.parse(name))
    except ValueError as error:
        raise ValueError("semana_invalida") from error


WeekName = Annotated[str, Field(max_length=8), AfterValidator(_week)]


class CitationView(Message):
    """A comment that bears out a sentence."""

    id: UUID
    quote: str = Field(alias="trecho")

    @classmethod
    def of(cls, citation: Citation) -> Self:
        """`citation`, in the contract's words."""
        return cls(id=citation.comment_id, quote=citation.quote)


class HighlightView(Message):
    """A sentence with the comments that bear it out."""

    sentence: str = Field(alias="frase")
    comments: tuple[CitationView, ...] = Field(alias="comentarios")

    @classmethod
    def of(cls, highlight: Highlight) -> Self:
        """`highlight`, in the contract's words."""
        return cls(sentence=highlight.sentence, comments=tuple(map(CitationView.of, highlight.citations)))


class TagFigures(Message):
    """How often a tag was given, and how often the week before."""

    code: str = Field(alias="codigo")
    total: int
    before: int = Field(alias="anterior")


class NewsworthyTagView(Message):
    """A tag of which a week has more than the four before let expect."""

    category: Category = Field(alias="categoria")
    code: str = Field(alias="codigo")
    total: int
    expected: float = Field(alias="esperado")
    new: bool = Field(alias="novo")


class Figures(Message):
    """The numbers of a week."""

    total: int
    total_before: int = Field(alias="total_anterior")
    average_of_four: float = Field(alias="media_4_semanas")
    by_category: dict[str, int] = Field(alias="por_categoria")
    shares: dict[str, float] = Field(alias="partes")
    change: dict[str, float | None] = Field(alias="variacao")
    change_of_four: dict[str, float | None] = Field(alias="variacao_4_semanas")
    tags: tuple[TagFigures, ...]
    rising: tuple[NewsworthyTagView, ...] = Field(alias="em_alta")

    @classmethod
    def of(cls, facts: WeekFacts) -> Self:
        """`facts`, in the contract's words."""
        return cls(
            total=facts.total,
            total_before=facts.total_before,
            average_of_four=facts.average_of_four,
            by_category={str(of.category): of.n for of in facts.categories},
            shares={str(of.category): of.share for of in facts.categories},
            change={str(of.category): of.change for of in facts.categories},
            change_of_four={str(of.category): of.change_of_four for of in facts.categories},
            tags=tuple(TagFigures(code=tag.code, total=tag.n, before=tag.before) for tag in facts.tags),
            rising=tuple(
                NewsworthyTagView(category=one.category, code=one.code, total=one.n, expected=one.expected, new=one.new)
                for one in facts.rising
            ),
        )


class Coverage(Message):
    """How many comments the week has, how many were read for the text, and how many still wait for a class."""

    comments: int = Field(alias="comentarios")
    considered: int = Field(alias="considerados")
    waiting: int = Field(alias="sem_classificacao")


class SummaryView(Message):
    """The summary of a week. Its text is generated: it is escaped, and leads nowhere."""

    week: str = Field(alias="semana")
    first: date = Field(alias="inicio")
    last: date = Field(alias="fim")
    partial: bool = Field(alias="parcial")
    text: str = Field(alias="resumo")
    highlights: tuple[HighlightView, ...] = Field(alias="destaques")
    figures: Figures = Field(alias="numeros")
    coverage: Coverage = Field(alias="cobertura")
    dropped: int = Field(alias="frases_descartadas")
    origin: str = Field(alias="origem")
    model: str = Field(alias="modelo")
    prompt_version: str | None = Field(alias="versao_prompt")
    trouble: str | None = Field(alias="motivo_do_modelo_de_texto")
    generated_at: Moment = Field(alias="gerado_em")

    @classmethod
    def of(cls, summary: Summary, text: str) -> Self:
        """`summary` with its `text` in Markdown, in the contract's words."""
        content = summary.content
        return cls(
            week=str(summary.week),
            first=summary.week.monday,
            last=summary.week.sunday,
            partial=content.partial,
            text=text,
            highlights=tuple(map(HighlightView.of, content.highlights)),
            figures=Figures.of(content.facts),
            coverage=Coverage(
                comments=content.facts.total, considered=content.considered, waiting=content.facts.waiting
            ),
            dropped=content.dropped,
            origin=summary.origin,
            model=summary.model,
            prompt_version=summary.prompt_version,
            trouble=summary.trouble,
            generated_at=summary.generated_at,
        )


class SummaryList(Message):
    """The summaries of the latest weeks, the latest first."""

    summaries: tuple[SummaryView, ...] = Field(alias="resumos")


class SummaryQuery(Request):
    """How many summaries are wanted."""

    limit: int = Field(12, ge=1, le=104)


class SummaryBody(Request):
    """Which week is to be summed up."""

    week: WeekName | None = Field(None, alias="semana")


class SummaryReceipt(Message):
    """Which week will be summed up."""

    week: str = Field(alias="semana")
    message: str = Field(alias="mensagem")
