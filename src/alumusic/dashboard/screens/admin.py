"""Administração: people, the provider, failures, releases, the settings in force."""

from datetime import date
from typing import Final

import pandas as pd
import streamlit as st

from alumusic.contract.auth import UserView
from alumusic.contract.comments import FAILURE_SENTENCES
from alumusic.dashboard import say
from alumusic.dashboard.components import go, queue_state, releases
from alumusic.dashboard.visit import Visit, attempt, present
from alumusic.dashboard.words import ORIGIN_NAMES, ROLE_NAMES, STATUS_NAMES, counted, day, duration, moment, number
from alumusic.domain.comments import Failure, Origin, Status
from alumusic.domain.users import Role

_TABS: Final = ("Pessoas", "Classificação", "Falhas", "Lançamentos", "Configuração")
_ROLES: Final[list[Role]] = list(Role)
_STATES: Final = {"fechado": "Em ordem", "aberto": "Em espera", "pausado": "Pausada"}


def show() -> None:
    """The page."""
    visit = present()
    say.title("Administração")
    tab = st.segmented_control(
        "Parte", _TABS, default=_TABS[0], required=True, label_visibility="collapsed", key="administracao_parte"
    )
    with attempt():
        {
            "Pessoas": _people,
            "Classificação": _provider,
            "Falhas": _failures,
            "Lançamentos": releases.show,
            "Configuração": _settings,
        }[tab](visit)


# --- people -----------------------------------------------------------------------------------------------------


def _people(visit: Visit) -> None:
    _invite(visit)
    say.section("Quem tem conta", "Mudar o papel ou desativar vale na hora: a sessão aberta da pessoa termina.")
    for user in visit.api.users().users:
        _person(visit, user)


def _invite(visit: Visit) -> None:
    say.section("Convidar alguém", "O convite vale uma vez, por 72 horas. Copie-o agora: ele não aparece de novo.")
    with st.form("convite", clear_on_submit=True, border=True):
        places = st.columns([3, 2, 1], vertical_alignment="bottom")
        email = places[0].text_input("E-mail (opcional: só essa pessoa poderá usá-lo)", key="convite_email")
        role = places[1].selectbox("Papel", _ROLES, index=1, format_func=ROLE_NAMES.__getitem__, key="convite_papel")
        sent = places[2].form_submit_button("Convidar", type="primary", width="stretch", key="convite_botao")
    if sent:
        with attempt():
            invite = visit.api.invite(role, email=(email or "").strip() or None)
            say.done(f"Convite para {ROLE_NAMES[role]}, válido até {moment(invite.expires_at, visit.zone)}:")
            st.code(invite.token, language=None)
            say.note("Envie-o à pessoa. Na entrada do painel, ela escolhe “Criar conta” e cola o convite.")


def _person(visit: Visit, user: UserView) -> None:
    myself = user.id == visit.profile.id
    with st.container(border=True):
        places = st.columns([4, 3, 2], vertical_alignment="center")
        state = " (desativada)" if user.disabled else " (você)" if myself else ""
        places[0].text(user.email + state)
        role = places[1].selectbox(
            "Papel", _ROLES, index=_ROLES.index(user.role), format_func=ROLE_NAMES.__getitem__,
            label_visibility="collapsed", disabled=myself or user.disabled, key=f"papel_{user.id}_{user.role}",
        )  # fmt: skip
        if role is not user.role:
            _change(visit, user, papel=role.value)
        label = "Reativar" if user.disabled else "Desativar"
        if places[2].button(label, disabled=myself, width="stretch", key=f"desativar_{user.id}"):
            _change(visit, user, desativado=not user.disabled)


def _change(visit: Visit, user: UserView, **changes: object) -> None:
    with attempt():
        visit.api.change_user(user.id, **changes)
        say.toast("Conta atualizada.")
        st.rerun()


# --- the provider -----------------------------------------------------------------------------------------------


def _provider(visit: Visit) -> None:
    queue = visit.api.queue()
    provider = queue.provider
    places = st.columns(4)
    places[0].metric("Classificação", _STATES[provider.state])
    waiting = queue.by_status.get(Status.PENDING, 0)
    places[1].metric("Na fila", number(waiting))
    places[2].metric("Espera do mais antigo", duration(queue.oldest_due_seconds) if waiting else "nenhuma")
    places[3].metric("Gasto de hoje", f"US$ {number(provider.spend.cost_usd, decimals=2)}")
    name = ORIGIN_NAMES[Origin.LOCAL] if provider.name == Origin.LOCAL else provider.name
    say.note(f"Quem classifica: {name}" + (f", modelo {provider.model}" if provider.model else ""))
    reason = queue_state.reason_of(provider)
    if reason:
        until = f" Nova tentativa em {moment(provider.open_until, visit.zone)}." if provider.open_until else ""
        say.warning(reason + until)
    if provider.away_since and provider.state != "pausado":
        say.note(f"Sem resposta desde {moment(provider.away_since, visit.zone)}.")
    _budget(provider.spend.tokens, provider.spend.limit, provider.spend.day)
    _pause(visit, is_paused=provider.state == "pausado")
    st.dataframe(
        pd.DataFrame(
            [{"Situação": STATUS_NAMES[status], "Comentários": number(n)} for status, n in queue.by_status.items()]
        ),
        hide_index=True, width=360, alt="Comentários por situação",
    )  # fmt: skip


def _budget(tokens: int, limit: int | None, today: date) -> None:
    if limit:
        used = tokens / limit
        st.progress(min(1.0, used), text=f"{number(tokens)} de {number(limit)} tokens em {day(today)}")
    elif tokens:
        say.note(f"{number(tokens)} tokens em {day(today)}, sem limite. Para pôr um: ALUMUSIC_DAILY_BUDGET_TOKENS.")


def _pause(visit: Visit, *, is_paused: bool) -> None:
    if is_paused:
        if st.button("Retomar a classificação", type="primary", icon=":material/play_arrow:", key="retomar"):
            with attempt():
                visit.api.resume()
                say.toast("Classificação retomada.")
                st.rerun()
        return
    if st.button("Pausar a classificação", icon=":material/pause:", key="pausar"):
        with attempt():
            visit.api.pause()
            say.toast("Classificação pausada. O que chegar espera na fila, sem se perder.")
            st.rerun()


# --- failures ---------------------------------------------------------------------------------------------------


def _failures(visit: Visit) -> None:
    say.section("Comentários que falharam", "Só falha o que nem várias tentativas resolveram; nada se perde.")
    found = False
    for failure in Failure:
        params: dict[str, str | list[str]] = {"motivo_de_falha": [failure.value]}
        page = visit.api.comments(params, limit=1)
        if page.total:
            found = True
            _failure(visit, failure, params, page.total)
    if not found:
        say.done("Nenhum comentário falhou.")


def _failure(visit: Visit, failure: Failure, params: dict[str, str | list[str]], total: int) -> None:
    with st.container(border=True):
        st.markdown(f"**{counted(total, 'comentário', 'comentários')}**")
        say.line(FAILURE_SENTENCES[failure])
        with st.container(horizontal=True, gap="small"):
            go.link(go.HISTORY, "Ver", icon=":material/manage_search:", params=params)
            if st.button("Tentar de novo", icon=":material/replay:", key=f"repetir_{failure.value}"):
                with attempt():
                    say.toast(visit.api.rerun(filters=params).message)
                    st.rerun()


# --- settings ---------------------------------------------------------------------------------------------------


def _settings(visit: Visit) -> None:
    say.section(
        "Configuração em vigor",
        "Muda-se pelo ambiente ou pelo arquivo .env, e vale ao reiniciar. De segredos, só se vê se estão definidos.",
    )
    st.dataframe(
        pd.DataFrame(
            [
                {"Nome": one.name, "Valor": one.value, "Padrão": "sim" if one.is_default else "não"}
                for one in visit.api.settings().settings
            ]
        ),
        hide_index=True,
        height=620,
        column_config={
            "Nome": st.column_config.TextColumn(width=320),
            "Valor": st.column_config.TextColumn(width="large"),
            "Padrão": st.column_config.TextColumn(width=70),
        },
        alt="Configuração em vigor",
    )
