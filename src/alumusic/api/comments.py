"""Comments over HTTP: send them, find them, correct them, send them back to work, erase them."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import MINYEAR, UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from alumusic.accounts.audit import Event, record
from alumusic.api.guard import allows, check_role, current_user
from alumusic.api.openapi import documented, schema_of
from alumusic.api.state import services
from alumusic.bootstrap import estimated_cost_usd
from alumusic.contract.comments import (
    MAX_AT_ONCE,
    CommentDetails,
    CommentPage,
    CommentView,
    CorrectionBody,
    FilterQuery,
    ListQuery,
    NewCommentBody,
    ReceiptView,
    RerunBody,
    RerunView,
    filter_of,
    rerun_message,
)
from alumusic.contract.export import MEDIA_TYPES, exported
from alumusic.domain.batches import BatchKind, Receipt
from alumusic.domain.comments import NewComment, Reject, RejectReason
from alumusic.domain.errors import FieldProblem, InvalidInputError, NotFoundError, TooLargeError
from alumusic.domain.search import CommentFilter
from alumusic.domain.users import ADMINS, CURATORS, READERS, SENDERS
from alumusic.ingest.readers import read_row
from alumusic.ingest.readers.columns import Field
from alumusic.ingest.receive import receive, single_comment
from alumusic.ingest.rerun import rehearse, rerun
from alumusic.query.comments import history, one, search, stream
from alumusic.store.batches import Delivery
from alumusic.store.changes import correct, erase
from alumusic.store.database import NO_LIMIT, reading

blueprint: Final = Blueprint("comments", __name__, url_prefix="/api/comentarios")

_TAG: Final = "Comentários"
_LARGEST_KEY: Final = 255
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


@blueprint.post("")
@allows(SENDERS, largest_body=None)
@documented(
    "enviar_comentarios",
    "Enviar um comentário ou uma lista",
    tag=_TAG,
    answers={202: ReceiptView},
    problems=[409, 422],
    description=(
        f"Um objeto ou uma lista de até {MAX_AT_ONCE} objetos (ou textos). Campos desconhecidos ficam em `metadados`. "
        "Com `id` (ou `fonte` e `id_externo`), reenviar não duplica. Também vale o cabeçalho `Idempotency-Key`."
    ),
    body={
        "application/json": {
            "schema": {
                "oneOf": [
                    schema_of(NewCommentBody),
                    {"type": "array", "maxItems": MAX_AT_ONCE, "items": schema_of(NewCommentBody)},
                ]
            }
        }
    },
)
def post_comments() -> tuple[ReceiptView, int, dict[str, str]]:
    """Accept one comment or a list, and keep them for classification."""
    body = request.get_json()
    rows = list(read_new_comments(body, zone=services().settings.zone))
    receipt = receive(
        rows,
        engine=services().engine,
        bell=services().bell,
        delivery=Delivery(current_user().id, idempotency_key(), hashlib.sha256(request.get_data()).digest()),
        kind=BatchKind.COMMENTS,
        zone=services().settings.zone,
        now=services().clock(),
    )
    return accepted(receipt if isinstance(body, list) else single_comment(receipt))


def read_new_comments(body: Any, *, zone: ZoneInfo) -> Iterator[NewComment | Reject]:
    """Read the comments of a JSON body; in a list a bad one is a reject, alone it is an error.

    Raises:
        InvalidInputError: the only comment is not one.
        TooLargeError: the list is too long.
    """
    if isinstance(body, list):
        if len(body) > MAX_AT_ONCE:
            raise TooLargeError("lista_longa", limit=MAX_AT_ONCE)
        return (_read(item, line, zone) for line, item in enumerate(body, start=1))
    row = _read(body, 1, zone)
    if isinstance(row, Reject):
        raise InvalidInputError(row.reason, fields=[_problem_of(row)])
    return iter([row])


_FIELDS: Final = {
    RejectReason.TEXT_TOO_LONG: Field.TEXT.value,
    RejectReason.BAD_DATE: Field.DATE.value,
    RejectReason.BAD_ID: Field.ID.value,
    RejectReason.NOT_A_COMMENT: "corpo",
}
"""Which field a reason is about, where a reject says the bad value instead."""


def _problem_of(reject: Reject) -> FieldProblem:
    """The reject of a lone comment as what is wrong with one of its fields."""
    field = _FIELDS.get(reject.reason) or reject.detail or Field.TEXT.value
    return FieldProblem(field, reject.reason)


def _read(item: Any, line: int, zone: ZoneInfo) -> NewComment | Reject:
    if isinstance(item, str):
        item = {"texto": item}
    if not isinstance(item, Mapping):
        return Reject(line, RejectReason.NOT_A_COMMENT)
    return read_row(item, line, zone=zone)


def idempotency_key() -> str | None:
    """The request's `Idempotency-Key`, if it has one.

    Raises:
        InvalidInputError: it is empty or too long.
    """
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key.strip()) <= _LARGEST_KEY:
        raise InvalidInputError(fields=[FieldProblem("Idempotency-Key", "chave_invalida")])
    return key.strip() if key is not None else None


def accepted(receipt: Receipt) -> tuple[ReceiptView, int, dict[str, str]]:
    """Say what was accepted, and where its progress is."""
    headers = {"Location": f"/api/tasks/{receipt.batch_id}"}
    if receipt.replayed:
        headers["Idempotent-Replayed"] = "true"
    return ReceiptView.of(receipt), 202, headers


@blueprint.get("")
@allows(READERS)
@documented(
    "listar_comentarios",
    "Buscar, filtrar e exportar comentários",
    tag=_TAG,
    answers={200: CommentPage},
    problems=[403],
    description=(
        "Os filtros se combinam; repetir `status`, `category`, `tag` ou `motivo_de_falha` quer dizer qualquer um. "
        "Com `format` vem o conjunto inteiro como arquivo (para curadores); numa planilha, nenhuma célula é fórmula."
    ),
    content={
        200: {
            "application/json": {
                "schema": {"anyOf": [schema_of(CommentPage), {"type": "array", "items": schema_of(CommentView)}]}
            },
            "text/csv": {},
            "application/x-ndjson": {},
        }
    },
)
def get_comments(query: ListQuery) -> CommentPage | Response:
    """Find comments, a page of them or all as a file."""
    wanted = wanted_comments(query)
    if query.format is not None:
        check_role(CURATORS)
        return _download(wanted, query)
    with reading(services().engine) as db:
        page = search(db, wanted, order=query.order, limit=query.limit, cursor=query.cursor, now=services().clock())
    return CommentPage.model_construct(
        comments=tuple(CommentView.of(comment) for comment in page.comments),
        next_cursor=page.next_cursor,
        total=page.total,
        exact=page.exact,
    )


def _download(wanted: CommentFilter, query: ListQuery) -> Response:
    form = query.format or "csv"
    now = services().clock()
    with services().engine.begin() as db:
        record(db, Event.EXPORTED, now=now, user_id=current_user().id, form=form)
    engine, order, excel = services().engine, query.order, query.excel

    def content() -> Iterator[bytes]:
        with reading(engine, at_most_seconds=NO_LIMIT) as db:
            yield from exported(stream(db, wanted, order=order, now=now), form=form, excel=excel)

    name = f"comentarios-{now:%Y-%m-%d}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Accel-Buffering": "no"}
    return Response(content(), headers=headers, content_type=MEDIA_TYPES[form])


def wanted_comments(query: FilterQuery) -> CommentFilter:
    """The filter that `query` stands for.

    Raises:
        InvalidInputError: a day is none.
    """
    zone = services().settings.zone
    return filter_of(
        query,
        since=_moment(query.since, "de", zone, ends=False),
        until=_moment(query.until, "ate", zone, ends=True),
    )


def _moment(value: str | None, field: str, zone: ZoneInfo, *, ends: bool) -> datetime | None:
    """The moment that `value` names; a day means its beginning in `zone`, or with `ends` the end of it."""
    if value is None:
        return None
    try:
        if len(value) == len("2026-11-24"):
            day = datetime.combine(date.fromisoformat(value), time(), zone)
            return _in_utc(day, later=timedelta(days=1 if ends else 0))
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise InvalidInputError(fields=[FieldProblem(field, "data_invalida")]) from error
    return _in_utc(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def _in_utc(moment: datetime, *, later: timedelta = timedelta()) -> datetime:
    """So much `later` than `moment`, in UTC; where the calendar does not reach so far, the end of it."""
    try:
        return (moment + later).astimezone(UTC)
    except OverflowError:
        # No comment is as early or as late as that: it bounds nothing.
        return _FIRST if moment.year == MINYEAR else _LAST


@blueprint.get("/<uuid:comment_id>")
@allows(READERS)
@documented(
    "ver_comentario", "Ver um comentário com o seu histórico", tag=_TAG, answers={200: CommentDetails}, problems=[404]
)
def get_comment(comment_id: UUID) -> CommentDetails:
    """Tell all about one comment."""
    return _details(comment_id)


def _details(comment_id: UUID) -> CommentDetails:
    with reading(services().engine) as db:
        comment = one(db, comment_id, now=services().clock())
        return CommentDetails.with_history(comment, history(db, comment_id))


@blueprint.patch("/<uuid:comment_id>")
@allows(CURATORS)
@documented(
    "corrigir_comentario",
    "Corrigir a categoria ou as tags",
    tag=_TAG,
    answers={200: CommentDetails},
    problems=[404],
    description="A correção entra no histórico e vale mais do que qualquer reprocessamento.",
)
def patch_comment(json: CorrectionBody, comment_id: UUID) -> CommentDetails:
    """Put a curator's opinion into effect."""
    with services().engine.begin() as db:
        said = correct(
            db,
            comment_id=comment_id,
            category=json.category,
            tags=json.tags,
            by_user_id=current_user().id,
            now=services().clock(),
        )
        if said is not None:
            note_correction(db, comment_id)
    if said is None:
        raise NotFoundError("comentario_nao_encontrado")
    return _details(comment_id)


def note_correction(db: Connection, comment_id: UUID) -> None:
    """Write down who has put their opinion over a model's; what it was is in the comment's own history."""
    record(db, Event.CORRECTED, now=services().clock(), user_id=current_user().id, subject=str(comment_id))


@blueprint.delete("/<uuid:comment_id>")
@allows(ADMINS)
@documented(
    "eliminar_comentario",
    "Eliminar um comentário e tudo o que se disse dele",
    tag=_TAG,
    answers={204: "Eliminado"},
    problems=[404],
)
def delete_comment(comment_id: UUID) -> tuple[str, int]:
    """Erase a comment for good."""
    now = services().clock()
    with services().engine.begin() as db:
        found = erase(db, comment_id=comment_id, now=now)
        if found:
            record(db, Event.DELETED, now=now, user_id=current_user().id, subject=str(comment_id))
    if not found:
        raise NotFoundError("comentario_nao_encontrado")
    return "", 204


@blueprint.post("/reprocessar")
@allows(CURATORS)
@documented(
    "reprocessar_comentarios",
    "Classificar de novo, por ids ou por filtro",
    tag=_TAG,
    answers={202: RerunView, 200: RerunView},
    description=(
        "Correções de curadores ficam como estão. Com `simular: true` nada muda: a resposta (200) diz quantos seriam e "
        "quanto custaria."
    ),
)
def post_rerun(json: RerunBody) -> tuple[RerunView, int]:
    """Send comments back to work, or say what that would do."""
    now = services().clock()
    wanted = CommentFilter(ids=json.ids) if json.ids is not None else wanted_comments(json.filters or FilterQuery())
    if json.dry_run:
        result = rehearse(wanted, engine=services().engine, now=now)
    else:
        result = rerun(wanted, engine=services().engine, bell=services().bell, user_id=current_user().id, now=now)
        with services().engine.begin() as db:
            record(
                db,
                Event.REPROCESSED,
                now=now,
                user_id=current_user().id,
                subject=str(result.batch_id),
                comments=result.count.total,
            )
    answer = RerunView(
        task_id=result.batch_id,
        total=result.count.total,
        kept=result.count.kept,
        estimated_cost_usd=round(
            estimated_cost_usd(services().settings, comments=result.count.total, characters=result.count.characters), 4
        ),
        message=rerun_message(result.count.total, result.count.kept, dry_run=json.dry_run),
    )
    return answer, 200 if json.dry_run else 202
