"""Reads requests and writes answers by their declared messages, and describes both as OpenAPI 3.1.

spectree collects the messages; what it leaves out is added here: problems as `application/problem+json`, Portuguese
summaries, and who may call what, taken from the same declaration that the guard obeys.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Any, Final, get_args, get_origin

from flask import Flask, Response, make_response
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from spectree import Response as Described
from spectree import SecurityScheme, SpecTree
from spectree.config import ModeEnum
from spectree.models import SecureType, SecuritySchemeData
from spectree.plugins.base import Context
from spectree.plugins.flask_plugin import FlaskPlugin
from spectree.plugins.werkzeug_utils import flask_response_unpack
from werkzeug.datastructures import MultiDict

from alumusic.api.guard import access_to
from alumusic.contract.field_problems import problems_of
from alumusic.contract.message import Message
from alumusic.contract.problems import MEDIA_TYPE, TITLES, Problem
from alumusic.domain.errors import FieldProblem, InvalidInputError

View = Callable[..., ResponseReturnValue]

SCHEME: Final = "bearer"
_BODY_METHODS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class _StrictPlugin(FlaskPlugin):
    """spectree on Flask with our reading of requests, and without its own pages."""

    def register_route(self, app: Any) -> None:
        """Nothing: `/openapi.json` and `/docs` are ours."""

    def request_validation(  # noqa: PLR0917
        self, request: Any, query: Any, json: Any, form: Any, headers: Any, cookies: Any
    ) -> None:
        """Read the parts that the view declares."""
        del form, headers, cookies  # No view declares these to be read; `documented` only describes forms.
        request.context = Context(
            query.model_validate(_arguments(request.args, query)) if query else None,
            json.model_validate(_body(request, json)) if json else None,
            None,
            None,
            None,
        )

    def validate_response(
        self, resp: Any, resp_model: Any, skip_validation: Any, force_resp_serialize: Any
    ) -> tuple[Response, None]:
        """Write what a view returned: a message, or a message with a status and headers, or an answer ready made."""
        del resp_model, skip_validation, force_resp_serialize  # Messages are valid by construction.
        payload, status, headers = flask_response_unpack(resp)
        if isinstance(payload, Message):
            answer = Response(payload.to_json(), status=status, headers=headers, content_type="application/json")
            return answer, None
        return make_response(resp), None


def _refuse(_request: Any, _response: Any, error: Any, _instance: Any, _adapter: Any) -> None:
    """Say what is wrong with a request in our own words."""
    if error is not None:
        raise InvalidInputError(fields=problems_of(error))


def _keep(_request: Any, _response: Any, _error: Any, _instance: Any, _adapter: Any) -> None:
    """Leave the answer as it is."""


_optional: Final[set[object]] = set()
"""The messages of bodies that a request may leave out."""


def _body(request: Any, model: type[BaseModel]) -> Any:
    """The body, read as JSON; where there is none and none is required, one that says nothing."""
    return {} if model in _optional and not request.get_data() else request.get_json()


def _arguments(arguments: "MultiDict[str, str]", model: type[BaseModel]) -> dict[str, Any]:
    """The query as `model` wants it: a list where the field is one, and one value elsewhere."""
    lists = _list_names(model)
    twice = [name for name in arguments if name not in lists and len(arguments.getlist(name)) > 1]
    if twice:
        raise InvalidInputError(fields=[FieldProblem(name[:200], "repetido") for name in twice])
    return {name: arguments.getlist(name) if name in lists else arguments[name] for name in arguments}


@cache
def _list_names(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(info.alias or name for name, info in model.model_fields.items() if _is_list(info))


def _is_list(info: FieldInfo) -> bool:
    kinds = (list, tuple, set, frozenset)
    choices = [info.annotation, *get_args(info.annotation)]
    return any(choice in kinds or get_origin(choice) in kinds for choice in choices)


spec: Final = SpecTree(
    "flask",
    backend=_StrictPlugin,
    before=_refuse,
    after=_keep,
    title="AluMusic Insights",
    description=(
        "Recebe comentários de ouvintes, diz o que cada um é (elogio, crítica, sugestão, dúvida ou spam) e do que "
        "fala, e deixa buscar, filtrar e exportar tudo. Comece por `POST /auth/register` e `POST /auth/login`; envie o "
        "`access_token` em `Authorization: Bearer …`. Todo erro é `application/problem+json` com uma frase em `erro`."
    ),
    version=version("alumusic-insights"),
    openapi_version="3.1.0",
    mode=ModeEnum.strict,
    validation_error_status=400,
    validation_error_model=Problem,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
    security_schemes=[
        SecurityScheme(
            name=SCHEME,
            data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer", bearer_format="JWT"),
        )
    ],
    security={SCHEME: []},
)


@dataclass(frozen=True, slots=True)
class _Note:
    """What spectree has no place for, about one operation."""

    summary: str
    description: str
    answers: Mapping[int, str]
    """What each success means, where it has no message."""
    content: Mapping[int, Mapping[str, Any]]
    """Media types of answers that are not JSON messages."""
    body: Mapping[str, Any] | None
    """Media types of a body that the view reads by itself."""
    body_required: bool
    problems: frozenset[int] = field(default_factory=frozenset)


_notes: Final[dict[str, _Note]] = {}


def documented(
    operation: str,
    summary: str,
    *,
    tag: str,
    answers: Mapping[int, type[Message] | str],
    problems: Sequence[int] = (),
    description: str = "",
    content: Mapping[int, Mapping[str, Any]] | None = None,
    body: Mapping[str, Any] | None = None,
    body_required: bool = True,
) -> Callable[[Callable[..., object]], View]:
    """Describe a view, and have its `json` and `query` arguments read by the messages that annotate them.

    The view returns a message, `(message, status)`, `(message, status, headers)` or anything that Flask takes.
    `operation` names it for machines, `summary` in Portuguese for people. `answers` gives the message of each success,
    or a Portuguese sentence where there is none. `problems` are statuses besides those that every such route may answer
    (400, 401, 403, 413, 415, 429, 500, 503). `content` adds media types to an answer, `body` describes a body that the
    view reads by itself: `{"multipart/form-data": {"schema": …}}`; for a message, see `schema_of`. Where no body is
    required, a `json` message that is left out says nothing.
    """
    models: dict[str, Any] = {f"HTTP_{status}": what for status, what in answers.items() if not isinstance(what, str)}
    sentences = {status: what for status, what in answers.items() if isinstance(what, str)}
    _notes[operation] = _Note(summary, description, sentences, content or {}, body, body_required, frozenset(problems))
    resp = Described(**models, **{f"HTTP_{status}": None for status in sentences})

    def declare(view: Callable[..., object]) -> View:
        if not body_required and "json" in view.__annotations__:
            _optional.add(view.__annotations__["json"])
        validated: View = spec.validate(resp=resp, tags=[tag], operation_id=operation)(view)
        return validated

    return declare


def schema_of(model: type[BaseModel]) -> dict[str, str]:
    """A reference to the schema of `model`, for a `body` or `content` of `documented`."""
    # spectree has no public way to name a schema outside of an annotation.
    return {"$ref": f"#/components/schemas/{spec._add_model(model)}"}  # noqa: SLF001


def openapi_document(app: Flask) -> dict[str, Any]:
    """The OpenAPI 3.1 document of `app`."""
    spec.app = app
    with app.app_context():
        document: dict[str, Any] = spec.spec
    callers = _callers(app)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method.upper(), public=callers[path, method.upper()])
    for schema in document["components"]["schemas"].values():
        # What a class is for is said in English, to who reads the code.
        schema.pop("description", None)
    return document


def _callers(app: Flask) -> dict[tuple[str, str], bool]:
    """Whether a route is public, by path as OpenAPI writes it and method."""
    found = {}
    for rule in app.url_map.iter_rules():
        path, _ = spec.backend.parse_path(rule, None)
        for method in rule.methods or ():
            found[path, method] = access_to(app, rule).roles is None
    return found


def _complete(operation: dict[str, Any], method: str, *, public: bool) -> None:
    note = _notes[operation["operationId"]]
    operation["summary"], operation["description"] = note.summary, note.description
    operation["security"] = [] if public else [{SCHEME: []}]
    if note.body is not None:
        operation["requestBody"] = {"content": dict(note.body)}
    if "requestBody" in operation:
        operation["requestBody"]["required"] = note.body_required
    responses = operation["responses"]
    for status, sentence in note.answers.items():
        responses[str(status)]["description"] = sentence
    for status, content in note.content.items():
        responses[str(status)].setdefault("content", {}).update(content)
    for status in sorted(note.problems | _usual_problems(method, public=public, has_body="requestBody" in operation)):
        responses[str(status)] = _problem_answer(status)


def _usual_problems(method: str, *, public: bool, has_body: bool) -> frozenset[int]:
    usual = {400, 429, 500, 503}
    if not public:
        usual |= {401, 403}
    if has_body and method in _BODY_METHODS:
        usual |= {413, 415}
    return frozenset(usual)


def _problem_answer(status: int) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": TITLES[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in {429, 503}:
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}}
    return answer
