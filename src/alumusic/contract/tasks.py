"""How far a task has come, as the public API says it. A task is a batch of the house."""

from typing import Self
from uuid import UUID

from pydantic import Field

from alumusic.contract.comments import FAILURE_SENTENCES, RejectView
from alumusic.contract.message import Message, Moment, Request
from alumusic.domain.batches import BatchKind, Progress
from alumusic.domain.comments import Reject, Status

_KINDS = {BatchKind.COMMENTS: "comentarios", BatchKind.FILE: "arquivo", BatchKind.RERUN: "reprocessamento"}


class FailureCount(Message):
    """How many comments of the task failed for one reason."""

    code: str = Field(alias="codigo")
    sentence: str = Field(alias="frase")
    total: int


class TaskView(Message):
    """How far a task has come."""

    task_id: UUID
    state: Status = Field(alias="estado")
    kind: str = Field(alias="tipo")
    name: str | None = Field(alias="nome")
    total: int
    pending: int = Field(alias="pendentes")
    processing: int = Field(alias="processando")
    done: int = Field(alias="concluidos")
    failed: int = Field(alias="falhas")
    erased: int = Field(alias="eliminados")
    duplicates: int = Field(alias="duplicados")
    rejected: int = Field(alias="rejeitados")
    rejects: tuple[RejectView, ...] = Field(alias="linhas_rejeitadas")
    share: float = Field(alias="progresso")
    by_category: dict[str, int] = Field(alias="por_categoria")
    per_minute: float | None = Field(alias="ritmo_por_minuto")
    seconds_left: float | None = Field(alias="previsao_segundos")
    failures: tuple[FailureCount, ...] = Field(alias="motivos_de_falha")
    received_at: Moment = Field(alias="criado_em")
    finished_at: Moment | None = Field(alias="concluido_em")

    @classmethod
    def of(cls, progress: Progress, rejects: list[Reject]) -> Self:
        """`progress`, in the contract's words."""
        left = progress.seconds_left
        return cls(
            task_id=progress.batch_id,
            state=progress.status,
            kind=_KINDS[progress.kind],
            name=progress.name,
            total=progress.total,
            pending=progress.pending,
            processing=progress.processing,
            done=progress.done,
            failed=progress.failed,
            erased=progress.erased,
            duplicates=progress.duplicates,
            rejected=progress.rejected,
            rejects=tuple(RejectView.of(reject) for reject in rejects),
            share=round(progress.share, 4),
            by_category={str(category): n for category, n in progress.by_category.items()},
            per_minute=None if progress.per_minute is None else round(progress.per_minute, 1),
            seconds_left=None if left is None else round(left, 1),
            failures=tuple(
                FailureCount(code=failure, sentence=FAILURE_SENTENCES[failure], total=n)
                for failure, n in progress.failures.items()
            ),
            received_at=progress.received_at,
            finished_at=progress.finished_at,
        )


class TaskList(Message):
    """The latest tasks."""

    tasks: tuple[TaskView, ...]


class TaskListQuery(Request):
    """How many tasks are wanted."""

    limit: int = Field(20, ge=1, le=100)
