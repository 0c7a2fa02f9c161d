"""The settings in force, over HTTP."""

from typing import Final

from flask import Blueprint

from alumusic.api.guard import allows
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.contract.configuration import SettingsView
from alumusic.domain.users import ADMINS

blueprint: Final = Blueprint("configuration", __name__, url_prefix="/admin/configuracao")


@blueprint.get("")
@allows(ADMINS)
@documented(
    "ver_configuracao",
    "Ver as configurações em vigor",
    tag="Administração",
    answers={200: SettingsView},
    description="De um segredo diz só se está definido; de um endereço, só o tipo e a máquina.",
)
def get_configuration() -> SettingsView:
    """Tell how the house is set up."""
    return SettingsView.of(services().settings)
