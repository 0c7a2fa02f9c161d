"""How far a second annotator, who saw neither labels nor tags, agrees with the corpus."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alumusic.classify.local.corpus import Example
from alumusic.domain.agreement import cohen_kappa

SECOND_LABELS: Final = Path("agreement") / "second_labels.csv"
"""Beside the voices, in a folder of its own: what is trained on are the files of the corpus's first level."""


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What came of labelling a part of the corpus twice."""

    rows: int
    share: float
    """Of the corpus."""
    agreement: float
    kappa: float

    def __str__(self) -> str:
        return (
            f"Labelled a second time, blind: {self.rows} rows ({self.share:.1%}); the same class in "
            f"{self.agreement:.1%}, Cohen's κ {self.kappa:.3f} over the six classes."
        )


def second_reading(examples: Sequence[Example], labels: Path) -> SecondReading:
    """Compare the classes of `examples` with those that `labels` gives to the same texts."""
    first = {example.text: example.label for example in examples}
    with labels.open(encoding="utf-8", newline="") as file:
        pairs = [
            (first[row["texto"]], row["categoria_segunda"]) for row in csv.DictReader(file) if row["texto"] in first
        ]
    return SecondReading(
        rows=len(pairs),
        share=len(pairs) / len(examples),
        agreement=sum(one == other for one, other in pairs) / len(pairs),
        kappa=cohen_kappa(pairs) or 0.0,
    )
