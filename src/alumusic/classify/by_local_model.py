"""Classifies with the model that is shipped: no key, no server, no network, no waiting."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from alumusic.classify.local.choose import classifications_of
from alumusic.classify.local.model import LocalModel
from alumusic.classify.local.weights import load_weights
from alumusic.domain.comments import Classification, Origin
from alumusic.domain.errors import UnusableAnswerError

ARTEFACT: Final = Path(__file__).parent / "local" / "artefact" / "model.npz"
"""The shipped model; its card is beside it."""


class LocalClassifier:
    """A `Classifier` whose answers are always there and always of the taxonomy."""

    origin: Final = Origin.LOCAL
    prompt_version: Final = None
    batch_size: Final = 512

    def __init__(self, model: LocalModel) -> None:
        self._model = model
        self.model = f"alumusic-local-{model.weights.card['impressao']}"

    def close(self) -> None:
        """There is nothing to give back."""

    def classify(self, texts: Sequence[str]) -> list[Classification | UnusableAnswerError]:
        """Classify `texts`, any number of them; it never fails."""
        return [*classifications_of(self._model.score(texts))]


_loaded: Final[dict[Path, LocalClassifier]] = {}
_loading: Final = Lock()


def load_local_classifier(artefact: Path = ARTEFACT) -> LocalClassifier:
    """Return the model of `artefact`, loaded once for the process: all threads share it."""
    with _loading:
        if artefact not in _loaded:
            _loaded[artefact] = LocalClassifier(LocalModel(load_weights(artefact)))
        return _loaded[artefact]
