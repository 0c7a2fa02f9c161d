"""Releases over HTTP: the days that the live report looks at critiques around."""

from typing import Final

from flask import Blueprint

from alumusic.api.guard import allows, current_user
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.contract.releases import ReleaseBody, ReleaseList, ReleaseView
from alumusic.domain.errors import NotFoundError
from alumusic.domain.users import CURATORS, READERS
from alumusic.store.database import reading
from alumusic.store.releases import add_release, latest_releases, remove_release

blueprint: Final = Blueprint("releases", __name__, url_prefix="/api/lancamentos")

_TAG: Final = "Relatório"
_MOST_LISTED: Final = 200


@blueprint.post("")
@allows(CURATORS)
@documented("criar_lancamento", "Cadastrar um lançamento", tag=_TAG, answers={201: ReleaseView}, problems=[409])
def post_release(json: ReleaseBody) -> tuple[ReleaseView, int]:
    """Keep a release."""
    with services().engine.begin() as db:
        release = add_release(
            db,
            artist=json.artist,
            title=json.title,
            day=json.day,
            by_user_id=current_user().id,
            now=services().clock(),
        )
    return ReleaseView.of(release), 201


@blueprint.get("")
@allows(READERS)
@documented("listar_lancamentos", "Ver os lançamentos", tag=_TAG, answers={200: ReleaseList})
def get_releases() -> ReleaseList:
    """List the releases, the latest first."""
    with reading(services().engine) as db:
        return ReleaseList(releases=tuple(map(ReleaseView.of, latest_releases(db, limit=_MOST_LISTED))))


@blueprint.delete("/<int(max=9223372036854775807):release_id>")
@allows(CURATORS)
@documented("apagar_lancamento", "Apagar um lançamento", tag=_TAG, answers={204: "Apagado."}, problems=[404])
def delete_release(release_id: int) -> tuple[str, int]:
    """Forget a release."""
    with services().engine.begin() as db:
        if not remove_release(db, release_id):
            raise NotFoundError("lancamento_nao_encontrado")
    return "", 204
