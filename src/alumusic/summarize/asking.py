"""Asks a language model for sentences with evidence, and makes sure that what comes back has that shape."""

import secrets
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

import orjson

from alumusic.domain.errors import UnusableAnswerError
from alumusic.llm.model import LanguageModel, Question
from alumusic.summarize.sample import Sampled, shuffled

_TEXT: Final[Mapping[str, object]] = {"type": "string"}


def _array(items: Mapping[str, object]) -> dict[str, object]:
    return {"type": "array", "items": items}


def _object(**properties: Mapping[str, object]) -> dict[str, object]:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


_CLAIM: Final[dict[str, Mapping[str, object]]] = {
    "frase": _TEXT,
    "comentarios": _array(_TEXT),
    "citacoes": _array(_object(comentario=_TEXT, trecho=_TEXT)),
}
CLAIMS_SCHEMA: Final = _object(afirmacoes=_array(_object(**_CLAIM)))
ANSWER_SCHEMA: Final = _object(
    responde={"type": "boolean"}, afirmacoes=_array(_object(**_CLAIM, semanas=_array(_TEXT)))
)


def prompt(name: str) -> str:
    """The instructions kept as `prompts/<name>.md`."""
    return files("alumusic.summarize").joinpath("prompts", f"{name}.md").read_text(encoding="utf-8")


def ask_for_claims(
    model: LanguageModel,
    *,
    instructions: str,
    data: Mapping[str, object],
    schema: Mapping[str, object],
    name: str,
    max_output_tokens: int,
) -> dict[str, Any]:
    """Ask, and return the object that came back; its sentences still have to be verified.

    Raises:
        ProviderTroubleError: nobody answered.
        UnusableAnswerError: what came back is no such object.
    """
    # The fence is new in each call: a comment cannot close what it cannot guess.
    fence = secrets.token_hex(8)
    content = f"<dados {fence}>\n{orjson.dumps(data).decode()}\n</dados {fence}>"
    answer = model.ask(
        Question(
            instructions=instructions,
            content=content,
            schema=schema,
            schema_name=name,
            max_output_tokens=max_output_tokens,
        )
    )
    try:
        found = orjson.loads(answer.text)
    except orjson.JSONDecodeError as error:
        raise UnusableAnswerError("the answer is not JSON", answer.text) from error
    if not isinstance(found, dict) or not isinstance(found.get("afirmacoes"), list):
        raise UnusableAnswerError("the answer has another shape", answer.text)
    return found


def comments_for_model(sample: Sequence[Sampled]) -> list[dict[str, object]]:
    """What a model is shown of the comments: no id, no author, nothing that leads anywhere."""
    return [
        {"chave": one.key, "classe": one.category, "assuntos": one.tags, "texto": one.for_model}
        for one in shuffled(sample)
    ]
