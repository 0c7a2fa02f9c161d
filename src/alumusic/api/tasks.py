"""How far tasks have come, over HTTP. A task is a batch of the house."""

from typing import Final
from uuid import UUID

from flask import Blueprint

from alumusic.api.guard import allows, current_user
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.contract.tasks import TaskList, TaskListQuery, TaskView
from alumusic.domain.errors import NotFoundError
from alumusic.domain.users import EVERYONE, READERS
from alumusic.query.progress import progress, recent_batches, rejects_of, was_sent_by
from alumusic.store.database import reading

blueprint: Final = Blueprint("tasks", __name__, url_prefix="/api/tasks")

_TAG: Final = "Tarefas"


@blueprint.get("/<uuid:task_id>")
@allows(EVERYONE)
@documented("ver_tarefa", "Ver o andamento de um envio", tag=_TAG, answers={200: TaskView}, problems=[404])
def get_task(task_id: UUID) -> TaskView:
    """Tell how far a task has come."""
    user = current_user()
    with reading(services().engine) as db:
        # Machines may not read, and rejects quote what somebody else has sent: to them those tasks do not exist.
        if user.role not in READERS and not was_sent_by(db, task_id, user.id):
            raise NotFoundError("tarefa_nao_encontrada")
        return TaskView.of(progress(db, task_id, now=services().clock()), rejects_of(db, task_id))


@blueprint.get("")
@allows(READERS)
@documented("listar_tarefas", "Ver os últimos envios", tag=_TAG, answers={200: TaskList})
def get_tasks(query: TaskListQuery) -> TaskList:
    """List the latest tasks."""
    now = services().clock()
    with reading(services().engine) as db:
        ids = recent_batches(db, limit=query.limit)
        return TaskList(tasks=tuple(TaskView.of(progress(db, id_, now=now), []) for id_ in ids))
