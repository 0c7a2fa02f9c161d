"""What one person is told about what is kept of them, as the public API says it."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, Self
from uuid import UUID

import orjson
from pydantic import Field

from alumusic.contract.comments import CommentDetails
from alumusic.contract.message import Message, Moment
from alumusic.domain.search import FoundComment, PastOpinion
from alumusic.domain.subjects import OwnAccount, QuotedIn

_ROWS_AT_ONCE: Final = 500


class QuoteView(Message):
    """A summary that quotes a comment."""

    week: str = Field(alias="semana")
    comment_id: UUID = Field(alias="comentario")
    quote: str = Field(alias="trecho")

    @classmethod
    def of(cls, quoted: QuotedIn) -> Self:
        """`quoted`, in the contract's words."""
        return cls(week=quoted.week, comment_id=quoted.comment_id, quote=quoted.quote)


class OwnInvite(Message):
    """An invite that somebody got."""

    at: Moment = Field(alias="em")
    used_at: Moment | None = Field(alias="usado_em")


class OwnLine(Message):
    """A line of the log of security about somebody's own account."""

    at: Moment = Field(alias="em")
    event: str = Field(alias="evento")
    details: dict[str, Any] = Field(alias="detalhes")


class OwnAccountView(Message):
    """The account of somebody who has one."""

    id: int
    email: str
    role: str = Field(alias="papel")
    created_at: Moment = Field(alias="criado_em")
    disabled_at: Moment | None = Field(alias="desativada_em")
    timezone: str | None = Field(alias="fuso")
    invites: tuple[OwnInvite, ...] = Field(alias="convites")
    audit: tuple[OwnLine, ...] = Field(alias="auditoria")

    @classmethod
    def of(cls, account: OwnAccount) -> Self:
        """`account`, in the contract's words."""
        user = account.user
        return cls(
            id=user.id,
            email=user.email,
            role=user.role,
            created_at=user.created_at,
            disabled_at=user.disabled_at,
            timezone=user.timezone,
            invites=tuple(OwnInvite(at=at, used_at=used_at) for at, used_at in account.invites),
            audit=tuple(OwnLine(at=at, event=event, details=dict(details)) for at, event, details in account.audit),
        )


class SubjectView(Message):
    """All that is kept of one person; a long list of comments is written piece by piece."""

    request_id: UUID = Field(alias="protocolo")
    author: str = Field(alias="autor")
    made_at: Moment = Field(alias="gerado_em")
    account: OwnAccountView | None = Field(alias="conta")
    quotes: tuple[QuoteView, ...] = Field(alias="citacoes_em_resumos")
    total: int = Field(alias="total_de_comentarios")
    comments: tuple[CommentDetails, ...] = Field((), alias="comentarios")


def written(view: SubjectView, told: Iterable[tuple[FoundComment, Iterable[PastOpinion]]]) -> Iterator[bytes]:
    """`view` as JSON, with the comments that are `told`, a few hundred at a time."""
    head = view.model_dump(mode="json", by_alias=True, exclude={"comments"})
    yield orjson.dumps(head)[:-1] + b',"comentarios":['
    rows: list[bytes] = []
    between = b""
    for comment, history in told:
        rows.append(CommentDetails.with_history(comment, history).to_json().encode())
        if len(rows) == _ROWS_AT_ONCE:
            yield between + b",".join(rows)
            rows, between = [], b","
    yield (between + b",".join(rows) if rows else b"") + b"]}"


class ErasureView(Message):
    """What an order to forget somebody did."""

    request_id: UUID = Field(alias="protocolo")
    comments: int = Field(alias="comentarios_eliminados")
    done: bool = Field(alias="concluido")
    message: str = Field(alias="mensagem")

    @classmethod
    def of(cls, request_id: UUID, *, comments: int, done: bool) -> Self:
        """The answer to an order, with a sentence."""
        counted = f"{comments:,}".replace(",", ".") + (
            " comentário eliminado" if comments == 1 else " comentários eliminados"
        )
        rest = "não resta nenhum." if done else "ainda restam outros: repita o pedido para continuar."
        return cls(request_id=request_id, comments=comments, done=done, message=f"{counted}; {rest}")
