"""Reads labelled comments from CSV, JSON, JSON lines or XLSX, under every name that people give their columns."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from alumusic.domain.comments import Category
from alumusic.domain.errors import AluMusicError, RequestError
from alumusic.domain.tags import KNOWN_CODES, mapped_codes
from alumusic.ingest.readers.columns import columns_of
from alumusic.ingest.readers.csv_file import csv_rows
from alumusic.ingest.readers.detection import Kind, detect
from alumusic.ingest.readers.dialect import find_dialect
from alumusic.ingest.readers.encoding import detect_encoding, open_text
from alumusic.ingest.readers.json_file import json_values
from alumusic.ingest.readers.limits import BLOCK, Limits
from alumusic.ingest.readers.source import Source, open_source
from alumusic.ingest.readers.xlsx_file import xlsx_rows
from alumusic.text.normalize import search_words

NEUTRAL: Final = "NEUTRO"
"""The label of comments that fit no category: what counts for them is a low confidence."""

_CATEGORY_FIELDS: Final = (
    "categoria esperada", "expected category", "categoria", "category", "classe", "rotulo", "label", "class",
)  # fmt: skip
_TAG_FIELDS: Final = ("tags esperadas", "expected tags", "tags", "tag", "etiquetas")
_SLICE_FIELDS: Final = ("fatias", "fatia", "slices", "slice")
_SEPARATOR: Final = re.compile(r"[;,|]")
_SHOWN: Final = 60

_CATEGORIES: Final[Mapping[str, Category | None]] = {
    **{search_words(category.value): category for category in Category},
    **{category.name.casefold(): category for category in Category},
    **dict.fromkeys(("neutro", "neutra", "neutral", "nenhum", "nenhuma", "none", "outro", "outra", "other")),
}

_SENTENCES: Final = {
    "aspas_fora_do_lugar": "há aspas no meio de uma célula",
    "aspas_sem_fecho": "há aspas que não fecham",
    "arquivo_vazio": "o arquivo está vazio",
    "caractere_nulo": "há um caractere nulo",
    "codificacao_desconhecida": "não reconheço a codificação; salve como UTF-8",
    "codificacao_invalida": "há bytes que não cabem na codificação; salve como UTF-8",
    "codificacao_mista": "o arquivo mistura codificações; salve como UTF-8",
    "conteudo_nao_confere": "o conteúdo não é o que a extensão diz",
    "formato_nao_suportado": "o formato não é CSV, JSON, JSON Lines nem XLSX",
    "json_cortado": "o JSON termina antes da hora",
    "json_invalido": "o JSON é inválido",
    "sem_comentarios": "não há comentários no arquivo",
    "sem_coluna_de_texto": "falta uma coluna com o texto (texto, text, comentario…)",
}


class UnreadableDatasetError(AluMusicError):
    """A file that is no set of labelled comments; the message tells a person why, in Portuguese."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One comment and what a person says that it is."""

    text: str
    category: Category | None
    """None for NEUTRO: it fits none of them."""
    tags: frozenset[str] | None = None
    """None where nobody tagged it; an empty set where somebody did and found nothing."""
    slices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """The labelled comments of one file."""

    name: str
    comments: tuple[Labelled, ...]
    unlabelled: int = 0
    """Rows without a category: they are left out."""
    unknown_tags: tuple[str, ...] = ()
    """Expected tags that stand for no code of the taxonomy: they are left out."""


def read_datasets(paths: Iterable[Path]) -> list[Dataset]:
    """Read each file as a set; sets are called like their files, with the folder where two are called alike.

    Raises:
        UnreadableDatasetError: with the file's name and the line.
    """
    files = list(paths)
    stems = [path.stem for path in files]
    names = [path.stem if stems.count(path.stem) == 1 else str(path.with_suffix("")) for path in files]
    return [read_dataset(path, name=name) for path, name in zip(files, names, strict=True)]


def read_dataset(path: Path, *, name: str | None = None) -> Dataset:
    """Read one file.

    Raises:
        UnreadableDatasetError: no such file, not a format we read, or rows that are no labelled comments.
    """
    try:
        with path.open("rb") as stream:
            return _read(_rows(open_source(stream, Limits()), path.name), name or path.stem)
    except OSError as error:
        raise UnreadableDatasetError(f"{path}: não consigo abrir ({error.strerror}).") from error
    except RequestError as error:
        raise UnreadableDatasetError(f"{path}: {_sentence(error)}.") from error
    except _BadRowError as error:
        raise UnreadableDatasetError(f"{path}: {error}.") from error


class _BadRowError(Exception):
    """A row that is no labelled comment."""

    def __init__(self, place: int, what: str) -> None:
        super().__init__(f"linha {place}: {what}")


def _sentence(error: RequestError) -> str:
    line = error.details.get("line")
    reason = _SENTENCES.get(error.code, error.code.replace("_", " "))
    return f"linha {line}: {reason}" if line else reason


# --- rows of any format, as objects whose keys are folded -------------------------------------------------------

_Row = tuple[int, Mapping[str, object]]


def _rows(source: Source, name: str) -> Iterator[_Row]:
    kind = detect(source, name)
    if kind is Kind.XLSX:
        return _table_rows(xlsx_rows(source))
    encoding = detect_encoding(source)
    if kind is Kind.JSON:
        return _json_rows(json_values(open_text(source, encoding)))
    text = open_text(source, encoding)
    sample = text.read(BLOCK)
    dialect, _ = find_dialect(sample, whole=not text.read(1), text_column=None, plain_lines=False)
    return _table_rows(csv_rows(lambda: open_text(source, encoding), dialect))


def _table_rows(rows: Iterator[tuple[int, list[str]]]) -> Iterator[_Row]:
    header = next(rows, None)
    if header is None:
        return
    for line, cells in rows:
        yield line, dict(zip(header[1], cells, strict=False))


def _json_rows(values: Iterable[tuple[int, object]]) -> Iterator[_Row]:
    for place, value in values:
        if not isinstance(value, dict):
            raise _BadRowError(place, "esperava um objeto com `texto` e `categoria`")
        yield place, value


# --- rows as labelled comments ----------------------------------------------------------------------------------


def _read(rows: Iterable[_Row], name: str) -> Dataset:
    comments: list[Labelled] = []
    unlabelled = 0
    strangers: dict[str, None] = {}
    for place, row in rows:
        fields = {search_words(key): value for key, value in row.items()}
        label = _first(fields, _CATEGORY_FIELDS)
        if label is None:
            raise _BadRowError(place, "falta a categoria (categoria, categoria_esperada ou expected_category)")
        if not str(label).strip():
            unlabelled += 1
            continue
        tags, unknown = _tags(_first(fields, _TAG_FIELDS))
        strangers.update(dict.fromkeys(unknown))
        slices = tuple(_words(_first(fields, _SLICE_FIELDS)))
        comments.append(Labelled(_text(place, row), _category(place, str(label)), tags, slices))
    if not comments:
        raise _BadRowError(1, "nenhum comentário com categoria")
    return Dataset(name, tuple(comments), unlabelled, tuple(strangers))


def _first(fields: Mapping[str, object], names: Iterable[str]) -> object | None:
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def _text(place: int, row: Mapping[str, object]) -> str:
    names = tuple(row)
    at = columns_of(names).text
    text = row[names[at]] if at is not None else None
    if not isinstance(text, str) or not text.strip():
        raise _BadRowError(place, "falta o texto")
    return text


def _category(place: int, label: str) -> Category | None:
    try:
        return _CATEGORIES[search_words(label)]
    except KeyError:
        known = ", ".join([*Category, NEUTRAL])
        raise _BadRowError(place, f"categoria desconhecida {label[:_SHOWN]!r}; conheço {known}") from None


def _tags(value: object | None) -> tuple[frozenset[str] | None, list[str]]:
    """The codes that `value` stands for, and its words that stand for none."""
    if value is None:
        return None, []
    names = list(_words(value))
    found = {name: mapped_codes([name], limit=len(KNOWN_CODES)) for name in names}
    return frozenset(chain.from_iterable(found.values())), [name for name, codes in found.items() if not codes]


def _words(value: object | None) -> Iterator[str]:
    """The words of a list, of a cell that separates them, or of tags as the API shows them."""
    if isinstance(value, str):
        yield from (word for part in _SEPARATOR.split(value) if (word := part.strip(" []\"'")))
    elif isinstance(value, Mapping):
        yield from _words(value.get("codigo"))
    elif isinstance(value, Iterable):
        for item in value:
            yield from _words(item)
