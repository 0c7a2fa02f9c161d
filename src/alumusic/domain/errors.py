"""Errors whose base class says what to do, and whose attributes help to do it."""

from collections.abc import Sequence
from dataclasses import dataclass

from alumusic.domain.comments import Failure


class AluMusicError(Exception):
    """Anything this product itself says is wrong."""


# --- somebody asked for something that cannot be: tell them -------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field; `code` names the reason, `detail` what it is about."""

    field: str
    code: str
    detail: str = ""


class RequestError(AluMusicError):
    """The asker's to mend; `code` names the reply in the contract, `details` fill its sentence."""

    code = "pedido_invalido"

    def __init__(self, code: str | None = None, /, **details: object) -> None:
        self.code = code or type(self).code
        self.details = details
        super().__init__(f"{self.code} {details}" if details else self.code)


class InvalidInputError(RequestError):
    """The input has a shape or a value we cannot take."""

    code = "entrada_invalida"

    def __init__(self, code: str | None = None, /, *, fields: Sequence[FieldProblem] = (), **details: object) -> None:
        super().__init__(code, **details)
        self.fields = tuple(fields)


class UnreadableFileError(InvalidInputError):
    """A file that cannot be read as a whole: nothing of it is kept. `line` says where, if anybody knows."""

    code = "arquivo_ilegivel"


class UnsupportedFileError(RequestError):
    """The content is of a format we do not read."""

    code = "formato_nao_suportado"


class TooLargeError(RequestError):
    """More bytes or rows than we take at once."""

    code = "grande_demais"


class NotAuthenticatedError(RequestError):
    """Nobody we know; sign in."""

    code = "nao_autenticado"


class NotAllowedError(RequestError):
    """Somebody we know, who may not do this."""

    code = "nao_permitido"


class NotFoundError(RequestError):
    """No such thing, or not for this person: the two look the same."""

    code = "nao_encontrado"


class ConflictError(RequestError):
    """What was asked contradicts what is kept."""

    code = "conflito"


class IdempotencyMismatchError(RequestError):
    """The same idempotency key with another body."""

    code = "chave_reutilizada"


class TooManyRequestsError(RequestError):
    """Later: `retry_after_seconds` says when."""

    code = "muitas_tentativas"

    def __init__(self, code: str | None = None, /, *, retry_after_seconds: float, **details: object) -> None:
        super().__init__(code, **details)
        self.retry_after_seconds = retry_after_seconds


class UnavailableError(RequestError):
    """Not the asker's fault and not for long; `retry_after_seconds` says when to come back."""

    code = "indisponivel"

    def __init__(self, code: str | None = None, /, *, retry_after_seconds: float = 5, **details: object) -> None:
        super().__init__(code, **details)
        self.retry_after_seconds = retry_after_seconds


# --- a model did not answer, or not usefully ------------------------------------------------------------


class ProviderTroubleError(AluMusicError):
    """The provider's fault: try again later, and never count it against the comment."""

    def __init__(self, reason: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds


class UnusableAnswerError(AluMusicError):
    """The model answered, but not in the shape we asked for: the comment's fault, after enough tries."""

    failure = Failure.UNUSABLE_ANSWER

    def __init__(self, reason: str, answer: str = "") -> None:
        super().__init__(f"{reason}: {answer[:200]!r}" if answer else reason)
        self.reason = reason
        self.answer = answer


# --- the operator has to act -----------------------------------------------------------------------------


class ConfigurationError(AluMusicError):
    """The settings cannot work; `code` names the reason and the message says what to change."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def missing_extra(extra: str, *, wanted_by: str) -> ConfigurationError:
    """What `wanted_by` asks for is not installed: say how to install it."""
    return ConfigurationError(
        "extra_missing",
        f"{wanted_by} pede o extra `{extra}`, que não está instalado. `make up` traz todos; com o wheel: "
        f'pip install "dist/<arquivo>.whl[{extra}]"',
    )
