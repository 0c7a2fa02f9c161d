"""Questions about the comments, and what they are answered with, as the public API says it."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints

from alumusic.contract.message import Message, PlainLine, Request
from alumusic.contract.summaries import CitationView
from alumusic.domain.questions import QuestionAnswer


class QuestionBody(Request):
    """A question in somebody's own words."""

    question: Annotated[PlainLine, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)] = Field(
        alias="pergunta"
    )


class AnswerView(Message):
    """An answer of at most 150 words, with what it rests on."""

    text: str = Field(alias="texto_gerado")
    weeks: tuple[str, ...] = Field(alias="semanas_citadas")
    comments: tuple[CitationView, ...] = Field(alias="comentarios_citados")
    answered: bool = Field(alias="respondida")
    origin: str = Field(alias="origem")

    @classmethod
    def of(cls, answer: QuestionAnswer) -> Self:
        """`answer`, in the contract's words."""
        return cls(
            text=answer.text,
            weeks=tuple(map(str, answer.weeks)),
            comments=tuple(map(CitationView.of, answer.citations)),
            answered=answer.answered,
            origin=answer.origin,
        )
