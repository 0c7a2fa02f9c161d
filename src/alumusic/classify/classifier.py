"""What every classifier promises, whoever is behind it."""

from collections.abc import Sequence
from typing import Protocol

from alumusic.domain.comments import Classification, Origin
from alumusic.domain.errors import UnusableAnswerError


class Classifier(Protocol):
    """Says what texts are. One is shared by all threads of a process."""

    @property
    def origin(self) -> Origin:
        """Who speaks when this classifier does."""

    @property
    def model(self) -> str:
        """Name and version of what answers, as the history keeps it."""

    @property
    def prompt_version(self) -> str | None:
        """Which instructions it followed; None where there are none."""

    @property
    def batch_size(self) -> int:
        """Texts it likes to get at once."""

    def classify(self, texts: Sequence[str]) -> list[Classification | UnusableAnswerError]:
        """Classify `texts` (at most `batch_size`) and answer in the same order, one per text.

        Raises:
            ProviderTroubleError: nobody answered in time, or too busy; try the whole batch later.
        """

    def close(self) -> None:
        """Give back what it holds, such as connections; it answers nothing more."""
