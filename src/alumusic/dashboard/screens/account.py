"""Minha conta: one's own time zone and password."""

from typing import Final
from zoneinfo import available_timezones

import streamlit as st

from alumusic.dashboard import say
from alumusic.dashboard.visit import HOUSE_ZONE, Visit, attempt, present
from alumusic.dashboard.words import ROLE_NAMES, moment

_ZONES: Final = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))
)


def show() -> None:
    """The page."""
    visit = present()
    say.title("Minha conta")
    left, right = st.columns(2, gap="large")
    with left:
        say.section("Quem você é aqui")
        say.quoted(visit.profile.email)
        say.note(f"{ROLE_NAMES[visit.role]} · conta criada em {moment(visit.profile.created_at, visit.zone)}")
        _zone(visit)
    with right:
        _password(visit)


def _zone(visit: Visit) -> None:
    with st.form("fuso", border=False):
        current = visit.profile.timezone or HOUSE_ZONE
        zones = _ZONES if current in _ZONES else [current, *_ZONES]
        zone = st.selectbox("Fuso horário das datas que você vê", zones, index=zones.index(current), key="fuso_escolha")
        if st.form_submit_button("Salvar fuso", key="fuso_salvar"):
            with attempt():
                visit.api.set_zone(zone)
                say.toast("Fuso salvo.")
                st.rerun()


def _password(visit: Visit) -> None:
    say.section("Trocar a senha", "As outras sessões desta conta são encerradas; esta continua.")
    with st.form("senha", border=True, clear_on_submit=True):
        old = st.text_input("Senha atual", type="password", autocomplete="current-password", key="senha_atual")
        new = st.text_input("Senha nova", type="password", autocomplete="new-password", key="senha_nova")
        again = st.text_input("Repita a senha nova", type="password", autocomplete="new-password", key="senha_repetida")
        sent = st.form_submit_button("Trocar a senha", key="senha_trocar")
    if not sent:
        return
    if not (old and new):
        say.mistakes(["Preencha a senha atual e a nova."])
    elif new != again:
        say.mistakes(["As duas senhas novas não são iguais; digite-as de novo."])
    else:
        with attempt():
            visit.api.change_password(old, new)
            say.done("Senha trocada.")
