"""Which column is what: names in Portuguese and English, in any order, letter case and spelling."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from alumusic.domain.errors import UnreadableFileError
from alumusic.ingest.readers.limits import MAX_COLUMNS
from alumusic.ingest.readers.values import shown


class Field(StrEnum):
    """What a column may mean; the values are the names of the public contract."""

    TEXT = "texto"
    DATE = "data"
    AUTHOR = "autor"
    SOURCE = "fonte"
    ARTIST = "artista"
    ALBUM = "album"
    SONG = "musica"
    URL = "url"
    EXTERNAL_ID = "id_externo"
    ID = "id"
    METADATA = "metadados"


# Best first: of two columns that could be the text, the earlier name here wins and the other is kept as it came.
_NAMES: Final = {
    Field.TEXT: "texto comentario comment text mensagem message review conteudo content body comentarios comments"
    " texto_do_comentario texto_comentario comment_text review_text text_original text_display tweet post caption"
    " depoimento relato opiniao seu_comentario deixe_seu_comentario feedback descricao description avaliacao",
    Field.DATE: "data data_hora data_e_hora date datetime date_time timestamp published_at created_at written_at"
    " publicado_em criado_em enviado_em escrito_em data_do_comentario data_comentario data_publicacao"
    " data_de_publicacao data_criacao data_de_criacao comment_date review_date carimbo_de_data_hora"
    " submitted_at posted_at",
    Field.AUTHOR: "autor autora author usuario user username user_name nome_de_usuario nome_do_usuario nome_usuario"
    " author_name author_display_name ouvinte perfil cliente nome name",
    Field.SOURCE: "fonte source plataforma platform canal channel rede rede_social origem",
    Field.ARTIST: "artista artist nome_do_artista artist_name banda band cantor cantora interprete",
    Field.ALBUM: "album nome_do_album album_name disco",
    Field.SONG: "musica song track faixa cancao nome_da_musica titulo_da_musica song_name track_name song_title"
    " track_title",
    Field.URL: "url link permalink comment_url",
    Field.EXTERNAL_ID: "id_externo external_id comment_id id_do_comentario id_comentario id_origem source_id"
    " review_id message_id tweet_id post_id",
    Field.ID: "id uuid",
    Field.METADATA: "metadados",
}


def _key(name: str) -> str:
    """A name without letter case, accents and punctuation: "Data e Hora *" is "dataehora"."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[^a-z0-9]", "", plain)


_MEANING: Final = {
    _key(name): (field, rank) for field, names in _NAMES.items() for rank, name in enumerate(names.split())
}
_LONGEST_NAME: Final = 64
_SHOWN_COLUMNS: Final = 30


@lru_cache(maxsize=1_024)
def _meaning_of_short(name: str) -> tuple[Field, int] | None:
    return _MEANING.get(_key(name))


def _meaning(name: str) -> tuple[Field, int] | None:
    # A header is short; a paragraph in its place shall not fill the cache.
    return _meaning_of_short(name) if len(name) <= _LONGEST_NAME else None


def meaning(name: str) -> Field | None:
    """What a column or key called `name` is to us, if anything."""
    found = _meaning(name)
    return found[0] if found else None


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same to a person, letter case, accents and punctuation apart."""
    return one.strip() == other.strip() or (_key(one) != "" and _key(one) == _key(other))


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table, by position."""

    names: tuple[str, ...]
    text: int | None
    fields: tuple[tuple[int, Field], ...] = ()
    """The columns that are known, the text apart."""
    extra: tuple[tuple[int, str], ...] = ()
    """The columns nobody here knows, under the names they are kept by."""

    @property
    def recognised(self) -> dict[str, str]:
        """What each known column is, by the name it has in the file."""
        known = {self.names[at]: field.value for at, field in self.fields}
        return known if self.text is None else {self.names[self.text]: Field.TEXT.value} | known


ONLY_TEXT: Final = Columns(names=(Field.TEXT.value,), text=0)
"""A file without a header in which every line is a comment."""


def columns_of(names: Sequence[str], *, text_column: str | None = None) -> Columns:
    """Find out what the columns called `names` are; `text` is None where no name (or not `text_column`) fits."""
    best: dict[Field, tuple[int, int]] = {}
    for at, name in enumerate(names):
        found = _meaning(name)
        if found and found[1] < best.get(found[0], (1_000, 0))[0]:
            best[found[0]] = (found[1], at)
    text = best.pop(Field.TEXT, (0, None))[1]
    if text_column is not None:
        text = next((at for at, name in enumerate(names) if same_name(name, text_column)), None)
    fields = tuple(sorted((at, field) for field, (_, at) in best.items() if at != text))
    taken = {at for at, _ in fields} | {text}
    return Columns(tuple(names), text, fields, _unknown(names, taken))


def _unknown(names: Sequence[str], taken: set[int | None]) -> tuple[tuple[int, str], ...]:
    kept: dict[str, int] = {}
    for at, name in enumerate(names):
        if at in taken:
            continue
        label = name.strip() or f"coluna_{at + 1}"
        # Two columns of one name are both kept.
        kept[label if label not in kept else f"{label} ({at + 1})"] = at
    return tuple((at, label) for label, at in kept.items())


def text_column_error(names: Sequence[str], text_column: str | None) -> UnreadableFileError:
    """Nothing here is the text: say which columns there are."""
    columns = [shown(name.strip()) for name in names[:_SHOWN_COLUMNS]]
    if text_column is not None:
        return UnreadableFileError("coluna_inexistente", column=shown(text_column), columns=columns)
    return UnreadableFileError("sem_coluna_de_texto", columns=columns)


def check_width(names: Sequence[str]) -> None:
    """Refuse a table wider than any list of comments."""
    if len(names) > MAX_COLUMNS:
        raise UnreadableFileError("muitas_colunas", found=len(names), max_columns=MAX_COLUMNS)
