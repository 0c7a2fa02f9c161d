"""How far a task has come, as long as it takes: the address holds its number, so a reload finds it again."""

from typing import Final

import pandas as pd
import streamlit as st

from alumusic.contract.comments import RejectView
from alumusic.contract.tasks import TaskView
from alumusic.dashboard import say
from alumusic.dashboard.client import ApiError, SessionEndedError
from alumusic.dashboard.components import figures, go, queue_state
from alumusic.dashboard.visit import Visit
from alumusic.dashboard.words import counted, duration, number, percent
from alumusic.domain.comments import Category
from alumusic.domain.users import READERS

EVERY_SECONDS: Final = 1.0
TASK: Final = "tarefa"
SAID: Final = "recibo"
"""What the API said of what was just sent, to be shown once."""
_MOST_REJECTS: Final = 200


def show(visit: Visit, task_id: str) -> None:
    """The task, live until it is done."""
    try:
        task = visit.api.task(task_id)
    except SessionEndedError:
        raise
    except ApiError as error:
        say.trouble(error)
        st.button("Voltar ao envio", icon=":material/arrow_back:", on_click=_leave, key="voltar_ao_envio")
        return
    said = st.session_state.pop(SAID, None)
    if said:
        say.toast(said)
    if task.finished_at is not None:
        _finished(task)
    else:
        _live(visit, task_id)
    _rejects(task.rejects, task.rejected)


def _leave() -> None:
    st.query_params.pop(TASK, None)


@st.fragment(run_every=EVERY_SECONDS)
def _live(visit: Visit, task_id: str) -> None:
    try:
        task = visit.api.task(task_id)
    except SessionEndedError:
        st.rerun()
    except ApiError as error:
        # The next turn asks again.
        say.trouble(error)
        return
    if task.finished_at is not None:
        st.rerun()
    ready = task.done + task.failed + task.erased
    st.progress(min(1.0, task.share), text=f"**{number(ready)}** de {number(task.total)} ({percent(task.share)})")
    pace = [] if task.per_minute is None else [f"{number(task.per_minute)} por minuto"]
    left = [] if task.seconds_left is None else [f"faltam cerca de {duration(task.seconds_left)}"]
    reason = None if ready else _reason(visit)
    if reason:
        say.warning(reason)
    waiting = [] if ready else ["na fila" if reason else "na fila; a classificação começa em instantes"]
    say.note(" · ".join([*pace, *left, *waiting, "pode fechar esta página: o trabalho continua"]))
    _by_category(task)


def _reason(visit: Visit) -> str | None:
    """Why nobody classifies just now, for who may know it."""
    if visit.role not in READERS:
        return None
    try:
        return queue_state.reason_of(visit.api.queue().provider)
    except ApiError:
        return None


def _finished(task: TaskView) -> None:
    if task.total == 0:
        say.info(_nothing_new(task))
    elif task.done == 0:
        say.warning("Nenhum destes comentários pôde ser classificado. Veja os motivos abaixo.")
    else:
        took = (
            "" if task.finished_at is None else f" em {duration((task.finished_at - task.received_at).total_seconds())}"
        )
        many = counted(task.done, "comentário classificado", "comentários classificados")
        say.done(f"Pronto: {many}{took}." + _besides(task))
    _failures(task)
    if task.done:
        _by_category(task)
    with st.container(horizontal=True, gap="small"):
        if task.total:
            go.link(
                go.HISTORY, "Ver no histórico", icon=":material/manage_search:", params={"task_id": str(task.task_id)}
            )
        if st.button("Enviar mais", icon=":material/add:", key="enviar_mais"):
            st.query_params.pop(TASK, None)
            st.rerun()


def _nothing_new(task: TaskView) -> str:
    if task.duplicates:
        return f"Nada de novo: {counted(task.duplicates, 'comentário já existia', 'comentários já existiam')}."
    return "Este envio não trouxe nenhum comentário; veja abaixo o que foi recusado."


def _besides(task: TaskView) -> str:
    parts = [
        counted(task.duplicates, "já existia", "já existiam") if task.duplicates else "",
        counted(task.rejected, "linha recusada", "linhas recusadas") if task.rejected else "",
        counted(task.failed, "falhou", "falharam") if task.failed else "",
    ]
    said = "; ".join(filter(None, parts))
    return f" Além disso: {said}." if said else ""


def _by_category(task: TaskView) -> None:
    counts = {category: task.by_category.get(category.value, 0) for category in Category}
    figures.classes(counts, key="tarefa_classes", clickable=False)


def _failures(task: TaskView) -> None:
    for failure in task.failures:
        say.warning(f"{counted(failure.total, 'comentário', 'comentários')}: {failure.sentence}")


def _rejects(rejects: tuple[RejectView, ...], total: int) -> None:
    if not rejects:
        return
    with st.expander(f"Linhas recusadas ({number(total)})", icon=":material/block:"):
        show_rejects(rejects)
        if total > _MOST_REJECTS:
            say.note(f"Aparecem as primeiras {_MOST_REJECTS}.")


def show_rejects(rejects: tuple[RejectView, ...]) -> None:
    """Rows that were not kept, with their reasons."""
    st.dataframe(
        pd.DataFrame([{"Linha": number(reject.line), "Motivo": reject.reason} for reject in rejects[:_MOST_REJECTS]]),
        hide_index=True,
        column_config={"Linha": st.column_config.TextColumn(width=80)},
        alt="Linhas recusadas",
    )


def label_of(task: TaskView) -> str:
    """What a task is called."""
    kinds = {"comentarios": "Texto colado ou API", "reprocessamento": "Reprocessamento"}
    return task.name or kinds.get(task.kind, "Arquivo")
