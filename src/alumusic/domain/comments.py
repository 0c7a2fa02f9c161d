"""What a comment is, what states it passes through, and what may be said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

MAX_TEXT_LENGTH: Final = 5_000
"""Characters a comment may have."""

MAX_TAGS: Final = 3
"""Tags one comment may carry; more say nothing to a curator."""

REVIEW_BELOW: Final = 0.6
"""Confidence under which a person should look: about one comment in four of a real stream."""

MAX_ATTEMPTS: Final = 8
"""Tries after which a comment has FAILED: with 20 % unusable answers, 0.03 false failures in 10,000."""


class Status(StrEnum):
    """Where a comment is on its way to a label."""

    PENDING = "PENDENTE"
    PROCESSING = "PROCESSANDO"
    DONE = "CONCLUIDO"
    FAILED = "FALHOU"


FINAL_STATUSES: Final = frozenset({Status.DONE, Status.FAILED})


class Category(StrEnum):
    """What a comment is, for a curator."""

    PRAISE = "ELOGIO"
    CRITICISM = "CRÍTICA"
    SUGGESTION = "SUGESTÃO"
    QUESTION = "DÚVIDA"
    SPAM = "SPAM"


class Origin(StrEnum):
    """Who said it: the model of the house, a language model, or a person."""

    LOCAL = "local"
    LLM = "llm"
    CURATOR = "curador"


class Failure(StrEnum):
    """Why a comment ended as FAILED: always a fault of its own, never the provider's."""

    INPUT_REFUSED = "ENTRADA_REJEITADA"
    BLOCKED = "BLOQUEADO"
    UNUSABLE_ANSWER = "SAIDA_INVALIDA"
    POISON = "VENENO"
    TIMEOUT = "SEM_RESPOSTA"


@dataclass(frozen=True, slots=True)
class Classification:
    """One opinion about one text: its category, how sure, and up to `MAX_TAGS` codes of the taxonomy."""

    category: Category
    confidence: float
    """From 0 to 1; low for what fits no category."""
    tags: tuple[str, ...] = ()
    provisional: bool = False
    """Given while the preferred classifier was away: to be asked again when it is back."""
    origin: Origin | None = None
    """Who said it, where it differs from the classifier that was asked (a cascade asks several)."""
    model: str | None = None
    """Which model said it, where it differs from the classifier that was asked."""

    @property
    def needs_review(self) -> bool:
        """Whether a person should look before trusting this."""
        return self.confidence < REVIEW_BELOW


_NO_MORE: Final[Mapping[str, object]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment as somebody hands it in, already checked."""

    text: str
    id: UUID | None = None
    written_at: datetime | None = None
    """When the listener wrote it (aware); the time of arrival where nobody knows."""
    author: str | None = None
    source: str | None = None
    """Where it was written: "youtube", "app", "show"…"""
    artist: str | None = None
    album: str | None = None
    song: str | None = None
    url: str | None = None
    external_id: str | None = None
    """The id it has at its source; with `source` it makes handing it in idempotent."""
    extra: Mapping[str, object] = field(default_factory=lambda: _NO_MORE)
    """Fields nobody here knows, kept as they came."""
    line: int = field(default=0, compare=False)
    """Where it stood, as in `Reject`; 0 where nobody counts."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be kept, and why."""

    line: int
    """Line of the file, or position in the list, counted from 1."""
    reason: "RejectReason"
    detail: str = ""
    """What the reason is about: a field's name, a bad value (shortened)."""


class RejectReason(StrEnum):
    """Why a row was not kept."""

    EMPTY_TEXT = "texto_vazio"
    TEXT_TOO_LONG = "texto_longo"
    BAD_DATE = "data_invalida"
    BAD_ID = "id_invalido"
    FIELD_TOO_LONG = "campo_longo"
    BAD_CHARACTERS = "caracteres_invalidos"
    NOT_A_COMMENT = "formato_da_linha"
    NOT_A_TEXT = "tipo_do_campo"
    TOO_MANY_CELLS = "celulas_demais"
    CONFLICT = "conflito"
    ERASED = "eliminado"
