"""Releases, as the public API says them."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from alumusic.contract.message import Message, Moment, PlainLine, Request
from alumusic.domain.releases import Release

_Name = Annotated[PlainLine, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ReleaseBody(Request):
    """What an artist brought out, and when."""

    artist: _Name = Field(alias="artista")
    title: _Name = Field(alias="titulo")
    day: date = Field(alias="data")


class ReleaseView(Message):
    """A release."""

    id: int
    artist: str = Field(alias="artista")
    title: str = Field(alias="titulo")
    day: date = Field(alias="data")
    created_at: Moment = Field(alias="criado_em")

    @classmethod
    def of(cls, release: Release) -> Self:
        """`release`, in the contract's words."""
        return cls(
            id=release.id,
            artist=release.artist,
            title=release.title,
            day=release.day,
            created_at=release.created_at,
        )


class ReleaseList(Message):
    """The latest releases."""

    releases: tuple[ReleaseView, ...] = Field(alias="lancamentos")
