"""Lets a local model that learnt from curators come into use, if it is no worse than the one before."""

import csv
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from alumusic.bootstrap import Services
from alumusic.classify.by_local_model import ARTEFACT, load_local_classifier
from alumusic.classify.local.train import train_local_model
from alumusic.evals.reading import Dataset, read_dataset
from alumusic.evals.running import answer_set
from alumusic.evals.scoring import score
from alumusic.query.review import Corrected, corrected_comments
from alumusic.store.database import reading
from alumusic.text.normalize import search_words

CORRECTIONS: Final = "correcoes.csv"


@dataclass(frozen=True, slots=True)
class Quality:
    """What a model reaches on the gold set."""

    accuracy: float
    macro_f1: float

    def is_no_worse_than(self, other: "Quality") -> bool:
        """Whether neither figure has fallen."""
        return self.accuracy >= other.accuracy and self.macro_f1 >= other.macro_f1

    def __str__(self) -> str:
        return f"acurácia {self.accuracy:.1%}, macro-F1 {self.macro_f1:.1%}".replace(".", ",")


def train_with_corrections(services: Services, corpus: Path, out: Path, gold: Path) -> None:
    """Train on `corpus` and on what curators decided, and keep the result at `out` unless `gold` says that it is worse.

    Raises:
        ClickException: it is, or there is nothing to learn or to judge with.
    """
    if not gold.exists():
        raise click.ClickException(f"Falta o conjunto de avaliação {gold}: sem ele nenhum modelo novo entra em uso.")
    dataset = read_dataset(gold)
    with reading(services.engine) as db:
        corrected = _apart_from(corrected_comments(db), dataset)
    if not corrected:
        raise click.ClickException("Ainda não há correções de curadores com que aprender.")
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / CORRECTIONS
        _write(rows, corrected)
        candidate = Path(folder) / "model.npz"
        train_local_model([*corpus.glob("*.csv"), rows], candidate)
        before, after = quality_of(out if out.exists() else ARTEFACT, dataset), quality_of(candidate, dataset)
        click.echo(f"{len(corrected)} correções. Em uso: {before}. Novo: {after}.")
        if not after.is_no_worse_than(before):
            raise click.ClickException("O novo modelo piorou no conjunto de avaliação; o de antes continua em uso.")
        out.parent.mkdir(parents=True, exist_ok=True)
        for name in (candidate, candidate.with_suffix(".json")):
            shutil.move(name, out.with_suffix(name.suffix))
    click.echo(f"Promovido: {out}. Reinicie o que estiver rodando.")


def quality_of(artefact: Path, dataset: Dataset) -> Quality:
    """What the model kept at `artefact` reaches on `dataset`."""
    reached = score(answer_set(load_local_classifier(artefact), dataset))
    return Quality(reached.accuracy or 0.0, reached.macro_f1 or 0.0)


def _apart_from(corrected: Sequence[Corrected], dataset: Dataset) -> list[Corrected]:
    """Those that the set which decides does not know: a model that learnt its answers would always win."""
    known = {search_words(comment.text) for comment in dataset.comments}
    return [one for one in corrected if search_words(one.text) not in known]


def _write(path: Path, corrected: Sequence[Corrected]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["texto", "categoria", "tags", "idioma", "registro", "fenomeno"])
        for one in corrected:
            said = one.classification
            writer.writerow([one.text, said.category, ";".join(said.tags), "pt", "", ""])
