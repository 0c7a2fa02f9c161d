"""Comments, as the public API says them."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from alumusic.contract.message import Message, Moment, PlainLine, Request
from alumusic.contract.sentences import SENTENCES
from alumusic.domain.batches import Receipt
from alumusic.domain.comments import MAX_TAGS, MAX_TEXT_LENGTH, Category, Failure, Reject, Status
from alumusic.domain.search import CommentFilter, FoundComment, Order, PastOpinion
from alumusic.domain.tags import KNOWN_CODES, explanation_of, is_known
from alumusic.text.normalize import search_words

MAX_LIMIT: Final = 500
MAX_TAGS_ASKED: Final = 20
"""Tags that one filter may name."""
MAX_AT_ONCE: Final = 10_000
"""Comments that one request may carry as a list."""

_CATEGORIES: Final = {search_words(category): category for category in Category}
_STATUSES: Final = {search_words(status): status for status in Status}

FAILURE_SENTENCES: Final = {
    Failure.INPUT_REFUSED: "O modelo recusou este texto como entrada; corrija-o à mão ou reprocesse.",
    Failure.BLOCKED: "O filtro de segurança do provedor bloqueou este texto; classifique-o à mão.",
    Failure.UNUSABLE_ANSWER: "O modelo respondeu fora do formato todas as vezes; classifique à mão ou reprocesse.",
    Failure.POISON: "O processamento foi interrompido todas as vezes; classifique à mão ou avise quem administra.",
    Failure.TIMEOUT: "O modelo não respondeu a este texto em nenhuma tentativa; reprocesse mais tarde.",
}


def read_category(value: object) -> object:
    """The category that somebody names with or without accents, in any letter case."""
    return _CATEGORIES.get(search_words(value), value) if isinstance(value, str) else value


def _read_status(value: object) -> object:
    return _STATUSES.get(search_words(value), value) if isinstance(value, str) else value


def _known_codes(codes: tuple[str, ...]) -> tuple[str, ...]:
    if not all(map(is_known, codes)):
        raise ValueError("tag_desconhecida")
    # Named twice is meant once.
    return tuple(dict.fromkeys(codes))


CategoryName = Annotated[Category, BeforeValidator(read_category)]
StatusName = Annotated[Status, BeforeValidator(_read_status)]
TagCodes = Annotated[tuple[str, ...], AfterValidator(_known_codes), Field(max_length=MAX_TAGS)]
"""The tags of one comment, each of them once."""


class TagView(Message):
    """A tag of the taxonomy."""

    code: str = Field(alias="codigo")
    explanation: str = Field(alias="explicacao")

    @classmethod
    def of(cls, code: str) -> "TagView":
        """The tag with that code; one that the taxonomy no longer has explains itself."""
        return _tag_view(code)


@lru_cache(maxsize=4 * len(KNOWN_CODES))
def _tag_view(code: str) -> TagView:
    # The same few, over and over, and nobody can change them.
    return TagView(code=code, explanation=explanation_of(code) if is_known(code) else code)


class FailureView(Message):
    """Why a comment failed."""

    code: str = Field(alias="codigo")
    sentence: str = Field(alias="frase")


class CommentView(Message):
    """A comment as people read it."""

    id: UUID
    text: str = Field(alias="texto")
    status: Status
    category: Category | None = Field(alias="categoria")
    confidence: float | None = Field(alias="confianca")
    needs_review: bool = Field(alias="revisar")
    reviewed: bool = Field(alias="revisado")
    tags: tuple[TagView, ...]
    origin: str | None = Field(alias="origem")
    provisional: bool = Field(alias="provisorio")
    written_at: Moment = Field(alias="data")
    received_at: Moment = Field(alias="data_recebimento")
    author: str | None = Field(alias="autor")
    source: str | None = Field(alias="fonte")
    artist: str | None = Field(alias="artista")
    album: str | None
    song: str | None = Field(alias="musica")
    url: str | None
    external_id: str | None = Field(alias="id_externo")
    extra: dict[str, Any] = Field(alias="metadados")
    attempts: int = Field(alias="tentativas")
    failure: FailureView | None = Field(alias="erro")
    batch_id: UUID | None = Field(alias="task_id")

    @classmethod
    def of(cls, comment: FoundComment) -> "CommentView":
        """`comment`, in the contract's words."""
        return CommentView(
            id=comment.id,
            text=comment.text,
            status=comment.status,
            category=comment.category,
            confidence=None if comment.confidence is None else round(comment.confidence, 4),
            needs_review=comment.needs_review,
            reviewed=comment.reviewed,
            tags=tuple(TagView.of(code) for code in comment.tags),
            origin=comment.origin,
            provisional=comment.provisional,
            written_at=comment.written_at,
            received_at=comment.received_at,
            author=comment.author,
            source=comment.source,
            artist=comment.artist,
            album=comment.album,
            song=comment.song,
            url=comment.url,
            external_id=comment.external_id,
            extra=dict(comment.extra),
            attempts=comment.attempts,
            failure=failure_view(comment.failure),
            batch_id=comment.batch_id,
        )


def failure_view(failure: Failure | None) -> FailureView | None:
    """Why a comment failed, with what to do about it; None if it did not."""
    if failure is None:
        return None
    return FailureView(code=failure, sentence=FAILURE_SENTENCES[failure])


class OpinionView(Message):
    """An entry of a comment's history."""

    category: Category = Field(alias="categoria")
    confidence: float = Field(alias="confianca")
    tags: tuple[TagView, ...]
    origin: str = Field(alias="origem")
    model: str = Field(alias="modelo")
    prompt_version: str | None = Field(alias="versao_prompt")
    by: str | None = Field(alias="por")
    at: Moment = Field(alias="em")

    @classmethod
    def of(cls, opinion: PastOpinion) -> Self:
        """`opinion`, in the contract's words."""
        return cls(
            category=opinion.category,
            confidence=round(opinion.confidence, 4),
            tags=tuple(TagView.of(code) for code in opinion.tags),
            origin=opinion.origin,
            model=opinion.model,
            prompt_version=opinion.prompt_version,
            by=opinion.by,
            at=opinion.at,
        )


class CommentDetails(CommentView):
    """A comment with everything that was ever said of it."""

    history: tuple[OpinionView, ...] = Field(alias="historico")
    deferrals: int = Field(alias="adiamentos")
    next_try_at: Moment | None = Field(alias="proxima_tentativa_em")
    waiting_for: str | None = Field(alias="motivo_da_espera")

    @classmethod
    def with_history(cls, comment: FoundComment, history: Iterable[PastOpinion]) -> "CommentDetails":
        """`comment` with its `history`, in the contract's words."""
        base = dict(CommentView.of(comment))
        return CommentDetails(
            **base,
            history=tuple(OpinionView.of(opinion) for opinion in history),
            deferrals=comment.deferrals,
            next_try_at=comment.available_at,
            waiting_for=comment.waiting_for,
        )


class CommentPage(Message):
    """Some of the comments that were asked for."""

    comments: tuple[CommentView, ...] = Field(alias="comentarios")
    next_cursor: str | None = Field(alias="proximo_cursor")
    total: int
    exact: bool = Field(alias="total_exato")


class NewCommentBody(Request):
    """A comment as it is sent; fields that nobody knows are kept in `metadados`."""

    model_config = ConfigDict(extra="allow", str_max_length=100_000)

    text: str = Field(alias="texto", min_length=1, max_length=MAX_TEXT_LENGTH)
    id: UUID | None = None
    written_at: datetime | None = Field(None, alias="data")
    author: str | None = Field(None, alias="autor", max_length=200)
    source: str | None = Field(None, alias="fonte", max_length=100)
    artist: str | None = Field(None, alias="artista", max_length=200)
    album: str | None = Field(None, max_length=200)
    song: str | None = Field(None, alias="musica", max_length=200)
    url: str | None = Field(None, max_length=2_000)
    external_id: str | None = Field(None, alias="id_externo", max_length=200)


class RejectView(Message):
    """A row that was not kept."""

    line: int = Field(alias="linha")
    code: str = Field(alias="codigo")
    reason: str = Field(alias="motivo")

    @classmethod
    def of(cls, reject: Reject) -> Self:
        """`reject`, with a sentence."""
        detail = f" ({reject.detail})" if reject.detail else ""
        return cls(line=reject.line, code=reject.reason, reason=cls.sentence(reject.reason) + detail)

    @staticmethod
    def sentence(reason: str) -> str:
        """What is wrong with the row, and what to do about it."""
        return SENTENCES[reason]


class ReceiptView(Message):
    """What became of what was sent."""

    task_id: UUID
    total: int
    duplicates: int = Field(alias="duplicados")
    rejected_count: int = Field(alias="total_rejeitados")
    rejected: tuple[RejectView, ...] = Field(alias="rejeitados")
    accepted_ids: tuple[UUID, ...] = Field(alias="ids_enfileirados")
    message: str = Field(alias="mensagem")

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """`receipt`, in the contract's words."""
        return cls(
            task_id=receipt.batch_id,
            total=receipt.total,
            duplicates=receipt.duplicates,
            rejected_count=receipt.rejected,
            rejected=tuple(RejectView.of(reject) for reject in receipt.rejects),
            accepted_ids=receipt.accepted_ids,
            message=_message(receipt),
        )


def _message(receipt: Receipt) -> str:
    # Who repeats a key gets the answer of the first time, to the letter.
    if receipt.known_file:
        return "Este envio já tinha sido recebido; nada foi gravado de novo."
    parts = [_counted(receipt.total, "comentário recebido", "comentários recebidos")]
    if receipt.duplicates:
        parts.append(_counted(receipt.duplicates, "já existia", "já existiam"))
    if receipt.rejected:
        parts.append(_counted(receipt.rejected, "rejeitado", "rejeitados"))
    return "; ".join(parts) + f". Acompanhe em /api/tasks/{receipt.batch_id}."


def _counted(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}".replace(",", ".")


class CorrectionBody(Request):
    """A curator's opinion; what is left out stays as it is."""

    category: CategoryName | None = Field(None, alias="categoria")
    tags: TagCodes | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.category is None and self.tags is None:
            raise ValueError("correcao_vazia")
        return self


class FilterQuery(Request):
    """Which comments are wanted; several values of one field mean any of them."""

    search: PlainLine | None = Field(None, max_length=500)
    status: tuple[StatusName, ...] = Field((), max_length=10)
    category: tuple[CategoryName, ...] = Field((), max_length=10)
    tag: tuple[Literal[KNOWN_CODES], ...] = Field((), max_length=MAX_TAGS_ASKED)  # type: ignore[valid-type]
    artist: PlainLine | None = Field(None, alias="artista", max_length=255)
    album: PlainLine | None = Field(None, max_length=255)
    song: PlainLine | None = Field(None, alias="musica", max_length=255)
    source: PlainLine | None = Field(None, alias="fonte", max_length=255)
    author: PlainLine | None = Field(None, alias="autor", max_length=255)
    since: PlainLine | None = Field(None, alias="de", max_length=40)
    until: PlainLine | None = Field(None, alias="ate", max_length=40)
    confidence_min: float | None = Field(None, alias="confianca_min", ge=0, le=1, allow_inf_nan=False)
    confidence_max: float | None = Field(None, alias="confianca_max", ge=0, le=1, allow_inf_nan=False)
    task_id: UUID | None = None
    reviewed: bool | None = Field(None, alias="revisado")
    failure: tuple[Failure, ...] = Field((), alias="motivo_de_falha", max_length=10)


class ListQuery(FilterQuery):
    """Which comments are wanted, in which order, how many, and as what."""

    order: Order = Field(Order.NEWEST, alias="ordem")
    limit: int = Field(100, ge=1, le=MAX_LIMIT)
    cursor: PlainLine | None = Field(None, max_length=200)
    format: Literal["csv", "json", "ndjson"] | None = None
    excel: bool = False
    """Whether a CSV is to open with a double click in a Brazilian spreadsheet."""


class RerunBody(Request):
    """Which comments to send back to work: some ids, or a filter."""

    ids: tuple[UUID, ...] | None = Field(None, min_length=1, max_length=MAX_AT_ONCE)
    filters: FilterQuery | None = Field(None, alias="filtros")
    dry_run: bool = Field(default=False, alias="simular")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.ids is None) == (self.filters is None):
            raise ValueError("ids_ou_filtros")
        return self


class RerunView(Message):
    """What sending comments back to work did, or would do."""

    task_id: UUID | None
    total: int
    kept: int = Field(alias="mantidos")
    estimated_cost_usd: float = Field(alias="custo_estimado_usd")
    message: str = Field(alias="mensagem")


def rerun_message(total: int, kept: int, *, dry_run: bool) -> str:
    """What an order to work again did, or would do."""
    if dry_run:
        sentence = _counted(total, "comentário seria classificado de novo", "comentários seriam classificados de novo")
    else:
        sentence = _counted(total, "comentário voltou para a fila", "comentários voltaram para a fila")
    if kept:
        fixed = _counted(kept, "corrigido por curador fica como está", "corrigidos por curadores ficam como estão")
        sentence += f"; {fixed}"
    return sentence + "."


def filter_of(query: FilterQuery, *, since: datetime | None, until: datetime | None) -> CommentFilter:
    """`query` in the words of the house; its days have become moments by now."""
    return CommentFilter(
        words=query.search,
        statuses=query.status,
        categories=query.category,
        tags=query.tag,
        artist=query.artist,
        album=query.album,
        song=query.song,
        source=query.source,
        author=query.author,
        since=since,
        until=until,
        confidence_min=query.confidence_min,
        confidence_max=query.confidence_max,
        batch_id=query.task_id,
        reviewed=query.reviewed,
        failures=query.failure,
    )
