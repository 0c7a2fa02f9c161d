"""Reviewing comments, and how far readers agree, as the public API says it."""

from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from alumusic.contract.comments import CategoryName, TagCodes, TagView
from alumusic.contract.message import Message, Request
from alumusic.domain.agreement import Agreement
from alumusic.domain.comments import REVIEW_BELOW, Category
from alumusic.domain.review import ReviewState, ToReview


class ReviewView(Message):
    """A comment that waits for a curator, with what the model said of it."""

    id: UUID
    text: str = Field(alias="texto")
    artist: str | None = Field(alias="artista")
    category: Category = Field(alias="categoria")
    confidence: float = Field(alias="confianca")
    tags: tuple[TagView, ...]

    @classmethod
    def of(cls, comment: ToReview) -> Self:
        """`comment`, in the contract's words."""
        return cls(
            id=comment.id,
            text=comment.text,
            artist=comment.artist,
            category=comment.category,
            confidence=round(comment.confidence, 4),
            tags=tuple(map(TagView.of, comment.tags)),
        )


class ReviewQueue(Message):
    """What waits for a curator, the least sure first."""

    comments: tuple[ReviewView, ...] = Field(alias="comentarios")
    waiting: int = Field(alias="a_revisar")
    reviewed: int = Field(alias="revisados")
    below: float = Field(REVIEW_BELOW, alias="confianca_abaixo_de")

    @classmethod
    def of(cls, comments: list[ToReview], state: ReviewState) -> Self:
        """The queue, in the contract's words."""
        return cls(comments=tuple(map(ReviewView.of, comments)), waiting=state.waiting, reviewed=state.reviewed)


class ReviewQuery(Request):
    """Which part of the queue is wanted."""

    limit: int = Field(20, ge=1, le=200)
    reading: Literal["primeira", "segunda"] = Field("primeira", alias="leitura")
    below: float | None = Field(None, alias="confianca_max", ge=0, le=1, allow_inf_nan=False)


class ReviewBody(Request):
    """What a curator says of a comment: that the model is right, or what is right instead."""

    confirm: bool = Field(default=False, alias="confirmar")
    category: CategoryName | None = Field(None, alias="categoria")
    tags: TagCodes | None = None
    reading: Literal["primeira", "segunda"] = Field("primeira", alias="leitura")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.confirm == (self.category is not None or self.tags is not None):
            raise ValueError("confirmar_ou_corrigir")
        return self


class ReviewAnswer(Message):
    """What was noted, and what to look at next."""

    id: UUID
    category: Category = Field(alias="categoria")
    tags: tuple[TagView, ...]
    confirmed: bool = Field(alias="confirmado")
    next: ReviewView | None = Field(alias="proximo")
    waiting: int = Field(alias="a_revisar")


class AgreementView(Message):
    """How two readers agreed in one week."""

    week: str = Field(alias="semana")
    readers: tuple[str, str] = Field(alias="leitores")
    n: int = Field(alias="comentarios")
    agreed: int = Field(alias="concordam")
    kappa: float | None

    @classmethod
    def of(cls, agreement: Agreement) -> Self:
        """`agreement`, in the contract's words."""
        kappa = None if agreement.kappa is None else round(agreement.kappa, 4)
        return cls(
            week=str(agreement.week), readers=agreement.readers, n=agreement.n, agreed=agreement.agreed, kappa=kappa
        )


class AgreementList(Message):
    """Cohen's κ week by week, the latest first."""

    with_model: tuple[AgreementView, ...] = Field(alias="curadoria_e_modelo")
    between_curators: tuple[AgreementView, ...] = Field(alias="entre_curadores")


class AgreementQuery(Request):
    """How many weeks back."""

    weeks: int = Field(12, alias="semanas", ge=1, le=260)
