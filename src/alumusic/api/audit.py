"""The log of security over HTTP, for admins."""

from typing import Final

from flask import Blueprint

from alumusic.api.guard import allows
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.contract.audit import AuditLineView, AuditPage, AuditQuery
from alumusic.domain.users import ADMINS
from alumusic.query.audit import audit_lines
from alumusic.store.database import reading

blueprint: Final = Blueprint("audit", __name__, url_prefix="/admin/auditoria")


@blueprint.get("")
@allows(ADMINS)
@documented(
    "listar_auditoria",
    "Ver quem fez o que importa para a segurança",
    tag="Administração",
    answers={200: AuditPage},
    description=(
        "As linhas mais novas primeiro; para as seguintes, repita com `antes` igual a `proximo_antes`. Nenhuma linha "
        "tem o conteúdo de um comentário, nem segredo."
    ),
)
def get_audit(query: AuditQuery) -> AuditPage:
    """List lines of the log."""
    with reading(services().engine) as db:
        found = audit_lines(db, limit=query.limit, before=query.before, event=query.event)
    lines = tuple(
        AuditLineView(
            id=line.id,
            at=line.entry.at,
            event=line.entry.event,
            by=line.by,
            subject=line.entry.subject,
            details=dict(line.entry.details),
        )
        for line in found
    )
    return AuditPage.of(lines, limit=query.limit)
