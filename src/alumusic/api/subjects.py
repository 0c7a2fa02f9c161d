"""For admins: tell people what is kept of them, and forget them when they ask for it."""

import time
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response

from alumusic.accounts.emails import folded_email
from alumusic.accounts.subjects import check_author, forget_author, note_export
from alumusic.api.guard import allows, current_user
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.contract.subjects import ErasureView, OwnAccountView, QuoteView, SubjectView, written
from alumusic.domain.users import ADMINS
from alumusic.query.subjects import account_of, quoted_of_author, told_of_author
from alumusic.store.database import NO_LIMIT, reading
from alumusic.summarize.digest import forget_erased

blueprint: Final = Blueprint("subjects", __name__, url_prefix="/admin/titulares")

_TAG: Final = "Privacidade"
_LONGEST_SECONDS: Final = 20.0
"""How long one order may go on; servers cut off what takes half a minute."""


@blueprint.get("/<path:author>")
@allows(ADMINS)
@documented(
    "exportar_titular",
    "Entregar a uma pessoa tudo o que se guarda dela",
    tag=_TAG,
    answers={200: SubjectView},
    problems=[404],
    description=(
        "Todos os comentários com este `autor`, em qualquer grafia, com o histórico; os resumos que os citam; e a "
        "conta, se `autor` é o e-mail de uma. O registro de segurança guarda o `protocolo`, e não o nome."
    ),
)
def get_subject(author: str) -> Response:
    """Tell all that is kept of one person."""
    engine, now = services().engine, services().clock()
    with reading(engine) as db:
        account = account_of(db, folded_email(author))
        quotes = quoted_of_author(db, author)
    total = check_author(engine, author, may_be_none=account is not None)
    view = SubjectView(
        request_id=note_export(engine, by_user_id=current_user().id, comments_told=total, now=now),
        author=author,
        made_at=now,
        account=OwnAccountView.of(account) if account else None,
        quotes=tuple(QuoteView.of(quote) for quote in quotes),
        total=total,
    )

    def content() -> Iterator[bytes]:
        with reading(engine, at_most_seconds=NO_LIMIT) as db:
            yield from written(view, ((one.comment, one.history) for one in told_of_author(db, author, now=now)))

    headers = {"Content-Disposition": f'attachment; filename="titular-{view.request_id}.json"'}
    return Response(content(), headers=headers, content_type="application/json")


@blueprint.delete("/<path:author>")
@allows(ADMINS)
@documented(
    "eliminar_titular",
    "Eliminar tudo o que uma pessoa escreveu",
    tag=_TAG,
    answers={200: ErasureView},
    problems=[404],
    description=(
        "Elimina em partes pequenas e não volta atrás; o que foi eliminado é recusado se vier de novo. Com muitos "
        "milhares de comentários, `concluido` pode vir falso: repita o pedido."
    ),
)
def delete_subject(author: str) -> ErasureView:
    """Erase all that one person wrote."""
    engine = services().engine
    check_author(engine, author)
    end = time.monotonic() + _LONGEST_SECONDS
    done = forget_author(
        author,
        engine=engine,
        forget_quotes=forget_erased,
        by_user_id=current_user().id,
        now=services().clock(),
        stopping=lambda: time.monotonic() >= end,
    )
    return ErasureView.of(done.request_id, comments=done.comments, done=done.done)
