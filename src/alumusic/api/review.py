"""The queue of reviews over HTTP: look at what the model is unsure of, say what is right, and get the next one."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from flask import Blueprint
from sqlalchemy import Connection

from alumusic.api.comments import note_correction
from alumusic.api.guard import allows, current_user
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.contract.comments import TagView
from alumusic.contract.review import (
    AgreementList,
    AgreementQuery,
    AgreementView,
    ReviewAnswer,
    ReviewBody,
    ReviewQuery,
    ReviewQueue,
    ReviewView,
)
from alumusic.domain.comments import Category
from alumusic.domain.errors import ConflictError, NotFoundError
from alumusic.domain.review import ToReview
from alumusic.domain.users import CURATORS, READERS
from alumusic.query.agreement import agreement_between_curators, agreement_with_model
from alumusic.query.comments import one
from alumusic.query.review import review_queue, review_state, said_by_model, second_reading_queue
from alumusic.store.changes import correct
from alumusic.store.database import reading

blueprint: Final = Blueprint("review", __name__, url_prefix="/api/revisao")

_TAG: Final = "Revisão"
_SECOND: Final = "segunda"


@blueprint.get("")
@allows(CURATORS)
@documented(
    "fila_de_revisao",
    "Ver a fila de revisão",
    tag=_TAG,
    answers={200: ReviewQueue},
    description=(
        "Começa pelo que o modelo tem menos certeza. Com `leitura=segunda`, o que outra pessoa já revisou e você não, "
        "mostrado como o modelo classificou: serve para medir a concordância entre curadores."
    ),
)
def get_queue(query: ReviewQuery) -> ReviewQueue:
    """List what waits for the curator who asks."""
    with reading(services().engine) as db:
        if query.reading == _SECOND:
            found = second_reading_queue(db, user_id=current_user().id, limit=query.limit)
        else:
            found = review_queue(db, limit=query.limit, below=query.below)
        return ReviewQueue.of(found, review_state(db))


@blueprint.post("/<uuid:comment_id>")
@allows(CURATORS)
@documented(
    "revisar_comentario",
    "Confirmar ou corrigir um comentário e receber o próximo",
    tag=_TAG,
    answers={200: ReviewAnswer},
    problems=[404, 409],
    description=(
        "`{confirmar: true}` confirma o que o modelo disse; `{categoria?, tags?}` corrige, e o que falta fica como "
        "está. Com `leitura=segunda`, o que falta é o que o modelo disse."
    ),
)
def post_review(comment_id: UUID, json: ReviewBody) -> ReviewAnswer:
    """Note what a curator says of a comment, and hand out the next one."""
    with services().engine.begin() as db:
        category, tags = _meant(db, comment_id, json)
        said = correct(
            db,
            comment_id=comment_id,
            category=category,
            tags=tags,
            by_user_id=current_user().id,
            now=services().clock(),
        )
        if said is None:
            raise NotFoundError("comentario_nao_encontrado")
        note_correction(db, comment_id)
        following = _next(db, json, comment_id)
        state = review_state(db)
    return ReviewAnswer(
        id=comment_id,
        category=said.category,
        tags=tuple(map(TagView.of, said.tags)),
        confirmed=json.confirm,
        next=None if following is None else ReviewView.of(following),
        waiting=state.waiting,
    )


def _meant(db: Connection, comment_id: UUID, body: ReviewBody) -> tuple[Category | None, tuple[str, ...] | None]:
    """What the curator means; None for what stays as it is.

    Who confirms, or reads a second time, was shown what the model said, and means that where nothing else is said.
    Anybody else leaves what a colleague may have corrected meanwhile.

    Raises:
        NotFoundError: there is no such comment.
        ConflictError: nobody has classified it yet, so that there is nothing to confirm.
    """
    comment = one(db, comment_id, now=services().clock())
    is_models = body.confirm or body.reading == _SECOND or comment.category is None
    said = said_by_model(db, comment_id) if is_models else None
    if said is not None:
        return body.category or said.category, said.tags if body.tags is None else body.tags
    if body.category is None and comment.category is None:
        raise ConflictError("sem_classificacao")
    return body.category, body.tags


def _next(db: Connection, body: ReviewBody, done: UUID) -> ToReview | None:
    if body.reading == _SECOND:
        found = second_reading_queue(db, user_id=current_user().id, limit=1, skip={done})
    else:
        found = review_queue(db, limit=1, skip={done})
    return found[0] if found else None


@blueprint.get("/concordancia")
@allows(READERS)
@documented(
    "concordancia",
    "Ver a concordância entre curadoria e modelo, e entre curadores, por semana",
    tag=_TAG,
    answers={200: AgreementList},
    description=(
        "κ de Cohen; `null` onde não é definido. A fila começa pelo mais duvidoso: quem só revisa a fila concorda "
        "menos com o modelo do que concordaria numa amostra ao acaso."
    ),
)
def get_agreement(query: AgreementQuery) -> AgreementList:
    """Tell how far readers agree."""
    zone, since = services().settings.zone, services().clock() - timedelta(weeks=query.weeks)
    with reading(services().engine) as db:
        return AgreementList(
            with_model=tuple(map(AgreementView.of, agreement_with_model(db, zone=zone, since=since))),
            between_curators=tuple(map(AgreementView.of, agreement_between_curators(db, zone=zone, since=since))),
        )
