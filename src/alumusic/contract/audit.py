"""The log of security, as the public API says it."""

from typing import Any, Self

from pydantic import Field

from alumusic.contract.message import Message, Moment, PlainLine, Request


class AuditLineView(Message):
    """Something that matters for security: what happened, by whom, to whom or what. Never content, never a secret."""

    id: int
    at: Moment = Field(alias="em")
    event: str = Field(alias="evento")
    by: str | None = Field(alias="por")
    subject: str | None = Field(alias="sobre")
    details: dict[str, Any] = Field(alias="detalhes")


class AuditPage(Message):
    """Some lines of the log, the latest first."""

    lines: tuple[AuditLineView, ...] = Field(alias="eventos")
    next_before: int | None = Field(alias="proximo_antes")

    @classmethod
    def of(cls, lines: tuple[AuditLineView, ...], *, limit: int) -> Self:
        """The page that `lines` fill, if there are `limit` of them."""
        return cls(lines=lines, next_before=lines[-1].id if len(lines) == limit else None)


class AuditQuery(Request):
    """Which lines are wanted."""

    limit: int = Field(100, ge=1, le=500)
    before: int | None = Field(None, alias="antes", ge=1, le=2**63 - 1)
    event: PlainLine | None = Field(None, alias="evento", max_length=64)
