"""Reads the labelled comments the model learns from."""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alumusic.domain.comments import Category

NEUTRAL: Final = "NEUTRO"
"""The internal sixth class: what fits none of the five. It never leaves the model."""

LABELS: Final = (*(category.value for category in Category), NEUTRAL)
"""The classes inside the model, the five of the business first."""

HEADER: Final = ("texto", "categoria", "tags", "idioma", "registro", "fenomeno")


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled comment and where it comes from."""

    text: str
    label: str
    tags: tuple[str, ...]
    language: str
    register: str
    phenomenon: str
    voice: str
    """Who wrote it: the name of the file."""
    line: int


def read_examples(files: Iterable[Path]) -> Iterator[Example]:
    """Yield the examples of `files` in order; the header must be `HEADER`.

    Raises:
        ValueError: a file has another header.
    """
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines, strict=True)
            if tuple(rows.fieldnames or ()) != HEADER:
                raise ValueError(f"{file.name}: the header must be {','.join(HEADER)}")
            for row in rows:
                yield Example(
                    text=row["texto"],
                    label=row["categoria"],
                    tags=tuple(tag for tag in row["tags"].split(";") if tag),
                    language=row["idioma"],
                    register=row["registro"],
                    phenomenon=row["fenomeno"],
                    voice=file.stem,
                    line=rows.line_num,
                )


def corpus_digest(examples: Sequence[Example]) -> str:
    """Return a digest of what the model learns from, whatever file or order it comes in."""
    lines = sorted(f"{example.text}\t{example.label}\t{';'.join(example.tags)}" for example in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
