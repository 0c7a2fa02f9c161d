"""Decides whether scores are good enough: floors that a set may not fall under, and which one it did."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from alumusic.evals.scoring import Score


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that may have a floor."""

    option: str
    """How the command line calls its floor."""
    name: str
    """What people call it, in Portuguese."""
    of: Callable[[Score], float | None]
    """None where a set cannot have it."""


ACCURACY: Final = Figure("--min-accuracy", "acurácia", lambda score: score.accuracy)
MACRO_F1: Final = Figure("--min-macro-f1", "macro-F1", lambda score: score.macro_f1)
SPAM_RECALL: Final = Figure("--min-spam-recall", "revocação de SPAM", lambda score: score.spam_recall)
TAG_F1: Final = Figure("--min-tag-f1", "micro-F1 das tags", lambda score: score.tags.micro_f1 if score.tags else None)


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that a figure may be, from 0 to 1."""

    figure: Figure
    least: float


def fallen(scores: Sequence[Score], floors: Iterable[Floor]) -> list[str]:
    """Return a sentence for each floor that a set is under, and for each that no set could be held to.

    A set that cannot have a figure (no spam in it, no tags) is not held to it, as long as another one is.
    """
    found: list[str] = []
    for floor in floors:
        values = [(score.name, floor.figure.of(score)) for score in scores]
        if all(value is None for _, value in values):
            found.append(f"{floor.figure.option}: nenhum conjunto permite medir {floor.figure.name}.")
        found += [_sentence(name, value, floor) for name, value in values if value is not None and value < floor.least]
    return found


def _sentence(name: str, value: float, floor: Floor) -> str:
    return f"{name}: {floor.figure.name} {value:.4f} está abaixo do mínimo {floor.least:.4f} ({floor.figure.option})."
