"""Enviar: hand in a file or some text, see first what it would bring, and watch it being classified."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final
from uuid import uuid4

import pandas as pd
import streamlit as st

from alumusic.contract.comments import ReceiptView
from alumusic.contract.files import FilePreview
from alumusic.contract.tasks import TaskView
from alumusic.dashboard import say
from alumusic.dashboard.client import ApiError, SessionEndedError
from alumusic.dashboard.components import progress
from alumusic.dashboard.components.table import chosen_row
from alumusic.dashboard.visit import Visit, attempt, present
from alumusic.dashboard.words import counted, cut, listed, moment, number
from alumusic.domain.comments import MAX_TEXT_LENGTH, Status
from alumusic.domain.users import READERS

MOST_LINES: Final = 10_000
_TYPES: Final = ["csv", "tsv", "txt", "json", "jsonl", "ndjson", "xlsx"]
_FILE: Final = "Arquivo"
_TEXT: Final = "Colar texto"
_ABOUT: Final = {"artista": "Artista", "album": "Álbum", "musica": "Música", "fonte": "Fonte"}
_KNOWN: Final = {
    "texto": "texto", "data": "data", "autor": "autor(a)", "fonte": "fonte", "artista": "artista", "album": "álbum",
    "musica": "música", "url": "endereço", "id_externo": "id da origem", "id": "id", "metadados": "metadados",
}  # fmt: skip
_SAID: Final = {
    Status.PENDING: "Na fila",
    Status.PROCESSING: "Em andamento",
    Status.DONE: "Pronto",
    Status.FAILED: "Falhou",
}


def show() -> None:
    """The page."""
    visit = present()
    say.title(
        "Enviar comentários",
        "Um arquivo de até 300 mil linhas, ou alguns textos colados. Nada é gravado antes de você confirmar.",
    )
    task_id = st.query_params.get(progress.TASK)
    if task_id:
        progress.show(visit, task_id)
        return
    how = st.segmented_control(
        "Como enviar", [_FILE, _TEXT], default=_FILE, required=True, label_visibility="collapsed", key="como_enviar"
    )
    if how == _FILE:
        _file(visit)
    else:
        _text(visit)
    if visit.role in READERS:
        _recent(visit)


def _turn() -> int:
    """Counts what was sent, so that the controls of the next are new ones, and empty."""
    return int(st.session_state.setdefault("envios", 0))


def _key() -> str:
    """One for each thing that is sent, however often it takes."""
    return str(st.session_state.setdefault(f"chave_{_turn()}", str(uuid4())))


def _sent(receipt: ReceiptView) -> None:
    """Clear the controls, and go on to the progress, whose number is in the address."""
    st.session_state["envios"] = _turn() + 1
    st.session_state.pop("previa", None)
    st.session_state[progress.SAID] = receipt.message.split(". Acompanhe", maxsplit=1)[0].rstrip(".") + "."
    st.query_params[progress.TASK] = str(receipt.task_id)
    st.rerun()


# --- a file ---------------------------------------------------------------------------------------------------


def _file(visit: Visit) -> None:
    file = st.file_uploader(
        "Arquivo .csv, .json, .jsonl ou .xlsx", type=_TYPES, key=f"arquivo_{_turn()}",
        help="Basta uma coluna com o texto. Data, autor, fonte, artista, álbum e música também são reconhecidos.",
    )  # fmt: skip
    if file is None:
        _example()
        return
    # The key of an upload is the upload itself: another file, another key.
    if st.session_state.get("arquivo_visto") != file.file_id:
        st.session_state["arquivo_visto"] = file.file_id
        st.session_state[f"chave_{_turn()}"] = str(uuid4())
    found = _preview(visit, file.file_id, file.name, file, _column(file.file_id))
    if isinstance(found, ApiError):
        _unreadable(found, file.file_id)
    elif found is not None:
        _confirm(visit, file.name, file, found, file.file_id)


def _column(file_id: str) -> str | None:
    """The column with the text, where somebody chose another than the one that was recognised."""
    chosen = st.session_state.get(f"coluna_{file_id}")
    return None if chosen == st.session_state.get("coluna_achada") else chosen


def _example() -> None:
    with st.expander("Como o arquivo deve ser", icon=":material/help:"):
        st.code(
            'texto,artista,data\n"Amei o refrão, não sai da cabeça",Luna Reis,2026-11-20\n'
            '"O som do show estava muito baixo",Luna Reis,21/11/2026 22:15',
            language=None,
        )
        say.note(
            "A primeira linha dá nome às colunas, em português ou inglês. Ponto e vírgula e tabulação também servem."
        )


def _preview(
    visit: Visit, file_id: str, name: str, content: BytesIO, column: str | None
) -> FilePreview | ApiError | None:
    """What the file would bring; asked once for each file and column."""
    kept = st.session_state.get("previa")
    if kept is not None and kept[0] == (file_id, column):
        found: FilePreview | ApiError = kept[1]
        return found
    with attempt(), st.spinner("Lendo o arquivo…"):
        content.seek(0)
        answer: FilePreview | ApiError
        try:
            answer = visit.api.preview(name, content, form={"coluna_texto": column} if column else {})
        except SessionEndedError:
            raise
        except ApiError as error:
            answer = error
        st.session_state["previa"] = ((file_id, column), answer)
        if column is None:
            st.session_state["coluna_achada"] = None if isinstance(answer, ApiError) else _text_column(answer)
        return answer
    return None


def _unreadable(error: ApiError, file_id: str) -> None:
    say.trouble(error)
    if error.columns:
        st.selectbox(
            "Qual coluna tem o texto dos comentários?", list(error.columns), index=None, key=f"coluna_{file_id}",
            placeholder="Escolha a coluna",
        )  # fmt: skip


def _confirm(visit: Visit, name: str, content: BytesIO, found: FilePreview, file_id: str) -> None:
    _summary_of(found)
    if found.columns:
        _choose_column(found, file_id)
    _first_rows(visit, found)
    if found.rejected:
        _would_be_rejected(found)
    about = _about()
    again = st.checkbox(
        "Gravar mesmo que este arquivo já tenha sido enviado", key=f"de_novo_{file_id}",
        help="Sem isto, um arquivo igual a outro já enviado não grava nada de novo.",
    )  # fmt: skip
    label = f"Enviar {counted(found.total, 'comentário', 'comentários')}"
    if not st.button(label, type="primary", icon=":material/send:", disabled=not found.total, key="enviar_arquivo"):
        return
    column = _column(file_id)
    form = about | ({"coluna_texto": column} if column else {}) | ({"forcar": "1"} if again else {})
    with attempt(), st.spinner("Enviando…"):
        content.seek(0)
        receipt = visit.api.send_file(name, content, form=form, key=_key())
        _sent(receipt)


def _summary_of(found: FilePreview) -> None:
    many = counted(found.total, "comentário pronto para enviar", "comentários prontos para enviar")
    bad = f" · {counted(found.rejected, 'linha recusada', 'linhas recusadas')}" if found.rejected else ""
    say.section(f"{many}{bad}")
    known = [f"{_KNOWN.get(field, field)} ({column})" for column, field in found.recognised.items()]
    form = [found.kind, *([found.encoding] if found.encoding else [])]
    say.note(f"Formato: {', '.join(form)}" + (f" · Colunas reconhecidas: {listed(known)}" if known else ""))


def _text_column(found: FilePreview) -> str | None:
    return next((column for column, field in found.recognised.items() if field == "texto"), None)


def _choose_column(found: FilePreview, file_id: str) -> None:
    chosen = _text_column(found)
    columns = list(found.columns)
    st.selectbox(
        "Coluna com o texto", columns, index=columns.index(chosen) if chosen in columns else None,
        key=f"coluna_{file_id}", placeholder="Escolha a coluna", width=340,
        help="Se a coluna reconhecida não é a certa, escolha outra.",
    )  # fmt: skip


def _first_rows(visit: Visit, found: FilePreview) -> None:
    rows = [
        {
            "Comentário": cut(row.text, 300),
            "Data": "" if row.written_at is None else moment(row.written_at, visit.zone),
            "Artista": row.artist or "",
            "Álbum": row.album or "",
            "Música": row.song or "",
            "Fonte": row.source or "",
            "Autor(a)": row.author or "",
        }
        for row in found.rows
    ]
    if not rows:
        return
    frame = pd.DataFrame(rows)
    used = [name for name in frame.columns if name == "Comentário" or frame[name].any()]
    say.note("As primeiras linhas:")
    st.dataframe(
        frame[used], hide_index=True, height=min(320, 38 + 35 * len(frame)),
        column_config={"Comentário": st.column_config.TextColumn(width="large")}, alt="Primeiras linhas do arquivo",
    )  # fmt: skip


def _would_be_rejected(found: FilePreview) -> None:
    with st.expander(f"O que seria recusado ({number(found.rejected)})", icon=":material/block:"):
        for reason in found.reasons:
            say.line(f"{counted(reason.total, 'linha', 'linhas')}: {reason.reason}")
        if found.rejects:
            say.note("Exemplos, entre as primeiras linhas:")
            progress.show_rejects(found.rejects)


def _about() -> dict[str, str]:
    """What holds for all rows that do not say it themselves."""
    with st.expander("Sobre o que são estes comentários? (opcional)", icon=":material/label:"):
        say.note("Vale para as linhas que não dizem o seu.")
        places = st.columns(len(_ABOUT))
        given = {
            name: place.text_input(label, key=f"sobre_{name}_{_turn()}", max_chars=200)
            for place, (name, label) in zip(places, _ABOUT.items(), strict=True)
        }
    return {name: value.strip() for name, value in given.items() if value and value.strip()}


# --- some text ------------------------------------------------------------------------------------------------


def _text(visit: Visit) -> None:
    text = st.text_area(
        "Um comentário, ou vários: um em cada linha", height=180, key=f"texto_{_turn()}",
        placeholder="Amei o refrão, não sai da cabeça\nO som do show estava muito baixo",
    )  # fmt: skip
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    apart = len(lines) > 1 and st.toggle("Cada linha é um comentário", value=True, key=f"linhas_{_turn()}")
    rows = lines if apart else [(text or "").strip()] if lines else []
    about = _about()
    mistakes = list(_mistakes(rows))
    say.mistakes(mistakes)
    label = f"Enviar {counted(len(rows), 'comentário', 'comentários')}" if rows else "Enviar"
    if st.button(
        label, type="primary", icon=":material/send:", disabled=not rows or bool(mistakes), key="enviar_texto"
    ):
        comments: list[Mapping[str, Any]] = [{"texto": row, **about} for row in rows]
        with attempt(), st.spinner("Enviando…"):
            _sent(visit.api.send(comments, key=_key()))


def _mistakes(rows: list[str]) -> list[str]:
    found = []
    if len(rows) > MOST_LINES:
        found.append(f"São {number(len(rows))} linhas, e por aqui vão até {number(MOST_LINES)}; envie um arquivo.")
    long = [n for n, row in enumerate(rows, start=1) if len(row) > MAX_TEXT_LENGTH]
    if long:
        found.append(f"A linha {long[0]} passa de {number(MAX_TEXT_LENGTH)} caracteres; encurte-a.")
    return found


# --- what was sent lately -------------------------------------------------------------------------------------


def _recent(visit: Visit) -> None:
    with attempt():
        tasks = visit.api.tasks(limit=10).tasks
        if not tasks:
            return
        say.section("Últimos envios", "Clique em um para ver o andamento.")
        shown = st.dataframe(
            pd.DataFrame([_row(task, visit) for task in tasks]), hide_index=True, on_select="rerun",
            selection_mode="single-cell", key=f"envios_{_turn()}", alt="Últimos envios",
        )  # fmt: skip
        row = chosen_row(shown)
        if row is not None:
            st.query_params[progress.TASK] = str(tasks[row].task_id)
            st.session_state["envios"] = _turn() + 1
            st.rerun()


def _row(task: TaskView, visit: Visit) -> dict[str, str]:
    return {
        "Quando": moment(task.received_at, visit.zone),
        "O que": progress.label_of(task),
        "Comentários": number(task.total),
        "Prontos": number(task.done),
        "Falhas": number(task.failed),
        "Recusados": number(task.rejected),
        "Situação": _SAID[task.state],
    }
