"""The tags that comments may carry, over HTTP."""

from typing import Final

from flask import Blueprint

from alumusic.api.guard import allows
from alumusic.api.openapi import documented
from alumusic.contract.taxonomy import TagInTaxonomy, Taxonomy
from alumusic.domain.taxonomy import TAXONOMY
from alumusic.domain.users import EVERYONE

blueprint: Final = Blueprint("taxonomy", __name__, url_prefix="/api/tags")


@blueprint.get("")
@allows(EVERYONE)
@documented("listar_tags", "Ver as tags e o que querem dizer", tag="Comentários", answers={200: Taxonomy})
def get_tags() -> Taxonomy:
    """List the taxonomy."""
    return Taxonomy(
        tags=tuple(TagInTaxonomy(code=tag.code, explanation=tag.explanation, group=tag.group) for tag in TAXONOMY)
    )
