"""What a file of comments would bring, as the public API says it."""

from pydantic import Field

from alumusic.contract.comments import RejectView
from alumusic.contract.message import Message, Moment, Request
from alumusic.domain.comments import NewComment, Reject


class TextBody(Request):
    """One comment by its text alone."""

    text: str


class PreviewRow(Message):
    """A row of a file, as it would be kept."""

    text: str = Field(alias="texto")
    written_at: Moment | None = Field(alias="data")
    author: str | None = Field(alias="autor")
    source: str | None = Field(alias="fonte")
    artist: str | None = Field(alias="artista")
    album: str | None
    song: str | None = Field(alias="musica")

    @classmethod
    def of(cls, comment: NewComment) -> "PreviewRow":
        """`comment`, in the contract's words."""
        return cls(
            text=comment.text,
            written_at=comment.written_at,
            author=comment.author,
            source=comment.source,
            artist=comment.artist,
            album=comment.album,
            song=comment.song,
        )


class RejectCount(Message):
    """How many rows would be refused for one reason."""

    code: str = Field(alias="codigo")
    reason: str = Field(alias="motivo")
    total: int


class FilePreview(Message):
    """What sending a file would bring."""

    kind: str = Field(alias="formato")
    encoding: str | None = Field(alias="codificacao")
    delimiter: str | None = Field(alias="separador")
    columns: tuple[str, ...] = Field(alias="colunas")
    recognised: dict[str, str] = Field(alias="reconhecidas")
    """What each known column is, by the name it has in the file."""
    rows: tuple[PreviewRow, ...] = Field(alias="linhas")
    total: int
    rejected: int = Field(alias="rejeitados")
    rejects: tuple[RejectView, ...] = Field(alias="exemplos_rejeitados")
    reasons: tuple[RejectCount, ...] = Field(alias="motivos")


def reject_counts(reasons: dict[str, int]) -> tuple[RejectCount, ...]:
    """How many rows would be refused, by reason, the most frequent first."""
    ordered = sorted(reasons.items(), key=lambda item: -item[1])
    return tuple(RejectCount(code=code, reason=RejectView.sentence(code), total=n) for code, n in ordered)


def rows_of(first: list[NewComment | Reject]) -> tuple[PreviewRow, ...]:
    """Those of the first rows that would be kept."""
    return tuple(PreviewRow.of(row) for row in first if isinstance(row, NewComment))


def rejects_of(first: list[NewComment | Reject]) -> tuple[RejectView, ...]:
    """Those of the first rows that would be refused."""
    return tuple(RejectView.of(row) for row in first if isinstance(row, Reject))
