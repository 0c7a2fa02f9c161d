"""What a question about the comments is answered with."""

from dataclasses import dataclass

from alumusic.domain.comments import Origin
from alumusic.domain.summaries import Citation
from alumusic.domain.weeks import Week


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """An answer in words, with the weeks and comments that it rests on."""

    text: str
    weeks: tuple[Week, ...]
    """Only those whose figures the text says."""
    citations: tuple[Citation, ...]
    origin: Origin
    answered: bool
    """Whether the data answer the question at all."""
