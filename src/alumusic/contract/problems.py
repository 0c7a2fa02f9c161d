"""Every way in which the API says no: RFC 9457 problems with a sentence that tells a person what to do."""

import math
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from pydantic import Field

from alumusic.contract.field_problems import sentence_for_field
from alumusic.contract.message import Message
from alumusic.contract.sentences import SENTENCES
from alumusic.domain.errors import (
    ConflictError,
    IdempotencyMismatchError,
    InvalidInputError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    RequestError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
    UnsupportedFileError,
)

MEDIA_TYPE: Final = "application/problem+json"

STATUSES: Final[Mapping[type[RequestError], int]] = {
    RequestError: 400,
    InvalidInputError: 400,
    NotAuthenticatedError: 401,
    NotAllowedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    TooLargeError: 413,
    UnsupportedFileError: 415,
    IdempotencyMismatchError: 422,
    TooManyRequestsError: 429,
    UnavailableError: 503,
}
"""The answer to each kind of error; a kind below one of these answers as that one does."""

TITLES: Final[Mapping[int, str]] = {
    400: "Pedido inválido",
    401: "É preciso entrar",
    403: "Não permitido",
    404: "Não encontrado",
    405: "Método não permitido",
    406: "Formato de resposta não disponível",
    408: "O pedido demorou demais",
    409: "Conflito",
    411: "Falta o tamanho do pedido",
    413: "Grande demais",
    414: "Endereço longo demais",
    415: "Formato não suportado",
    422: "Pedido que não combina com o anterior",
    429: "Pedidos demais",
    431: "Cabeçalhos longos demais",
    500: "Erro interno",
    501: "Método desconhecido",
    503: "Indisponível no momento",
}


_MOST_TOLD: Final = 3
"""Fields that the sentence itself tells about; all of them are listed beside it."""


class FieldTrouble(Message):
    """One field, and what is wrong with it."""

    field: str = Field(alias="campo")
    reason: str = Field(alias="motivo")


class Problem(Message):
    """The body of every answer that is not a success (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(alias="codigo")
    sentence: str = Field(alias="erro")
    fields: tuple[FieldTrouble, ...] | None = Field(None, alias="campos")
    line: int | None = Field(None, alias="linha")
    columns: tuple[str, ...] | None = Field(None, alias="colunas")

    def to_json(self) -> str:
        """The problem as JSON, without the members that do not apply."""
        return self.model_dump_json(by_alias=True, exclude_none=True)


def status_of(error: RequestError) -> int:
    """The HTTP status for `error`."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def sentence_of(error: RequestError) -> str:
    """What `error` is, and what to do about it, in Portuguese."""
    pattern = SENTENCES.get(error.code) or SENTENCES[type(error).code]
    details = _Told({name: _shown(value) for name, value in error.details.items()})
    if isinstance(error, InvalidInputError):
        details["fields"] = "; ".join(f"“{one.field}” {sentence_for_field(one)}" for one in error.fields[:_MOST_TOLD])
    if isinstance(error, TooManyRequestsError | UnavailableError):
        details["seconds"] = str(whole_seconds(error.retry_after_seconds))
    return pattern.format_map(details) + _place(pattern, details)


class _Told(dict[str, str]):
    """Details for a sentence; one that nobody gave leaves a gap rather than breaking the answer."""

    def __missing__(self, key: str) -> str:
        return {"limit": "", "found": "desconhecido"}.get(key, "?")


def _shown(value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(f"“{item}”" for item in list(value)[:30])
    return str(value)[:200]


def _place(pattern: str, details: Mapping[str, str]) -> str:
    """Where it happened, when that is known and the sentence does not say so itself."""
    line = details.get("line", "None")
    return f" (linha {line})" if line != "None" and "{line}" not in pattern else ""


def problem_of(error: RequestError, *, request_id: UUID) -> Problem:
    """The answer to `error`; `request_id` finds it again in the logs."""
    fields = error.fields if isinstance(error, InvalidInputError) else ()
    line, columns = error.details.get("line"), error.details.get("columns")
    return problem(
        status_of(error),
        code=error.code,
        sentence=sentence_of(error),
        request_id=request_id,
        fields=tuple(FieldTrouble(field=field.field, reason=sentence_for_field(field)) for field in fields),
        line=line if isinstance(line, int) else None,
        columns=tuple(str(name)[:200] for name in columns) if isinstance(columns, list | tuple) else None,
    )


def problem(
    status: int,
    *,
    code: str,
    sentence: str,
    request_id: UUID,
    fields: tuple[FieldTrouble, ...] = (),
    line: int | None = None,
    columns: tuple[str, ...] | None = None,
) -> Problem:
    """A problem from its parts."""
    return Problem(
        type=f"urn:alumusic:problema:{code}",
        title=TITLES.get(status, "Erro"),
        status=status,
        detail=sentence,
        instance=f"urn:uuid:{request_id}",
        code=code,
        sentence=sentence,
        fields=fields or None,
        line=line,
        columns=columns,
    )


def whole_seconds(seconds: float) -> int:
    """`seconds` as `Retry-After` wants them: whole, and never too early."""
    return max(1, math.ceil(seconds))
