"""How the queue and its provider are, in one line for everybody."""

from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from alumusic.contract.overview import QueueLine
from alumusic.contract.queue import ProviderView
from alumusic.dashboard import say
from alumusic.dashboard.words import counted, duration, moment, number

_LATE_SECONDS: Final = 120.0


def line(queue: QueueLine, *, zone: ZoneInfo) -> None:
    """What waits, and what is wrong if something is."""
    trouble = _trouble(queue, zone)
    if trouble:
        say.warning(trouble)
    else:
        st.badge(_state(queue), icon=":material/check_circle:", color="gray")


def _state(queue: QueueLine) -> str:
    waiting = queue.pending + queue.processing
    busy = f"Classificando: {counted(waiting, 'comentário', 'comentários')} na fila" if waiting else ""
    failed = f", {counted(queue.failed, 'falha', 'falhas')}" if queue.failed else ""
    return (busy or "Classificação em dia: fila vazia") + failed


def _trouble(queue: QueueLine, zone: ZoneInfo) -> str | None:
    reason = reason_of(queue.provider)
    if reason:
        until = queue.provider.open_until
        again = f" Nova tentativa em {moment(until, zone)}." if until else ""
        return f"{reason} Na fila: {number(queue.pending)}.{again}"
    if queue.pending and queue.oldest_due_seconds > _LATE_SECONDS:
        late = f"A fila espera há {duration(queue.oldest_due_seconds)} ({number(queue.pending)} comentários)."
        return f"{late} Se ela não andar, peça a quem administra para ver se o trabalhador está no ar."
    return None


def reason_of(provider: ProviderView) -> str | None:
    """Why the provider is not asked; in the words of somebody who looks at a screen."""
    if provider.state == "pausado":
        return "A classificação foi pausada; quem administra pode retomá-la em Administração."
    return provider.reason.sentence if provider.reason else None
