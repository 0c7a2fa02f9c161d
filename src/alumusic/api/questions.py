"""Questions about the comments, over HTTP."""

from typing import Final

from flask import Blueprint

from alumusic.api.guard import allows
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.contract.questions import AnswerView, QuestionBody
from alumusic.domain.users import READERS
from alumusic.summarize.questions import answer_question

blueprint: Final = Blueprint("questions", __name__, url_prefix="/api/insights")


@blueprint.post("/perguntar")
@allows(READERS)
@documented(
    "perguntar",
    "Perguntar algo sobre os comentários das últimas 8 semanas",
    tag="Resumos",
    answers={200: AnswerView},
    description=(
        "Responde em no máximo 150 palavras, com as semanas e os comentários em que se apoia, e diz quando os dados "
        "não respondem. Sem modelo de linguagem, responde com os números e os comentários mais próximos."
    ),
)
def post_question(json: QuestionBody) -> AnswerView:
    """Answer a question."""
    kept = services()
    return AnswerView.of(
        answer_question(kept.engine, kept.language_model, json.question, zone=kept.settings.zone, now=kept.clock())
    )
