"""How fast and how small the shipped model is, and how long it trains: `make bench-local`. Prints a table, and JSON.

Everything is in time of one core, with numpy held to one thread, so that whatever else the machine does changes
little. The start is that of fresh processes, the interpreter's own apart, and the best of several: noise only adds.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from alumusic.classify.by_local_model import ARTEFACT, load_local_classifier
from alumusic.classify.classifier import Classifier
from alumusic.classify.local.train import train_local_model
from alumusic.evals.reading import read_datasets

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
COMMENTS = 4_000

START = """
import time
began = time.process_time()
import numpy
numpy_there = time.process_time()
from alumusic.classify.by_local_model import load_local_classifier
imported = time.process_time()
load_local_classifier().classify(["que refrão lindo"])
print(numpy_there - began, imported - began, time.process_time() - began)
"""


@dataclass(frozen=True)
class Figure:
    """One thing measured, and the most or least it may be."""

    code: str
    name: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None

    @property
    def good(self) -> bool:
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    @property
    def target(self) -> str:
        if self.least is not None:
            return f"≥ {self.least:,.0f}"
        return "" if self.most is None else f"≤ {self.most:,.0f}"


def texts() -> list[str]:
    """Comments of every kind, short and long: the corpus, in an order that mixes its voices."""
    sets = read_datasets(sorted((ROOT / "corpus").glob("*.csv")))
    found = sorted(comment.text for one in sets for comment in one.comments)
    return found[:: max(1, len(found) // COMMENTS)][:COMMENTS]


def comments_per_second(classifier: Classifier, comments: Sequence[str], size: int) -> float:
    """The median of several rounds, `size` comments at a time."""
    rates = []
    with threadpool_limits(limits=1):
        for _ in range(ROUNDS):
            began = time.thread_time()
            for first in range(0, len(comments), size):
                classifier.classify(comments[first : first + size])
            rates.append(len(comments) / (time.thread_time() - began))
    return statistics.median(rates)


def start_milliseconds() -> tuple[float, float, float]:
    """Until numpy is there, the model's code is imported with it, and a first comment is classified."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    runs = [
        [float(value) for value in subprocess.check_output([sys.executable, "-c", START], env=environment).split()]
        for _ in range(ROUNDS)
    ]
    numpy_there, imported, first = (min(column) * 1_000 for column in zip(*runs, strict=True))
    return numpy_there, imported, first


def training_seconds() -> float:
    """How long `alumusic train` works on the whole corpus, by its own process's time."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        train_local_model((ROOT / "corpus").glob("*.csv"), Path(folder) / "model.npz")
        return time.process_time() - began


def measure() -> list[Figure]:
    comments = texts()
    classifier = load_local_classifier()
    numpy_there, imported, first = start_milliseconds()
    each = comments_per_second(classifier, comments, classifier.batch_size)
    alone = comments_per_second(classifier, comments[:500], 1)
    size = ARTEFACT.stat().st_size / 1_000_000
    return [
        Figure("comentarios_por_segundo", f"comments, {classifier.batch_size} at a time", each, "/s", least=2_000),
        Figure("comentarios_por_segundo_um_a_um", "comments, one at a time", alone, "/s"),
        Figure("importacao_ms", "import of the model", imported, "ms", most=300),
        Figure("importacao_numpy_ms", "… of which numpy", numpy_there, "ms"),
        Figure("primeira_resposta_ms", "until the first comment is classified", first, "ms"),
        Figure("artefato_mb", "artefact", size, "MB", most=3),
        Figure("treino_segundos", "training", training_seconds(), "s", most=120),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--check", action="store_true", help="exit 1 when a figure misses its target")
    arguments = parser.parse_args()
    figures = measure()
    table = Table(title=f"Local model, one core of {platform.machine()}", title_justify="left", box=SIMPLE_HEAD)
    for name in ("what", "measured", "target", ""):
        table.add_column(name, justify="left" if name in {"what", ""} else "right")
    for figure in figures:
        shown = f"{figure.value:,.{2 if figure.unit == 'MB' else 0}f} {figure.unit}"
        table.add_row(figure.name, shown, figure.target, "" if figure.good else "missed")
    Console().print(table)
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        found = {figure.code: round(figure.value, 3) for figure in figures}
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if arguments.check and not all(figure.good for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
