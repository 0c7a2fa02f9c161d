"""Asks a classifier about every comment of a set, takes its time, and is patient with a provider that is busy."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol, runtime_checkable

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from alumusic.classify.classifier import Classifier
from alumusic.domain.comments import Classification, Origin
from alumusic.domain.errors import ProviderTroubleError, UnusableAnswerError
from alumusic.evals.answers import Answered, AnsweredSet, Effort, Said
from alumusic.evals.reading import Dataset

MOST_TRIES: Final = 5
"""Tries of one batch before the provider is said to be away."""

_FIRST_WAIT_SECONDS: Final = 2.0
_LONGEST_WAIT_SECONDS: Final = 60.0
_MOST_SHOWN: Final = 10

Sleep = Callable[[float], None]
Told = Callable[[int], None]


@runtime_checkable
class ReportsUsage(Protocol):
    """A classifier that knows what its answers cost."""

    def usage_so_far(self) -> Mapping[str, float]:
        """Everything used since it was built: `calls`, `input_tokens`, `cached_tokens`, `output_tokens`, `cost_usd`."""


def answer_set(
    classifier: Classifier, dataset: Dataset, *, sleep: Sleep = time.sleep, told: Told = lambda _: None
) -> AnsweredSet:
    """Ask `classifier` about all of `dataset`; `told` is called with the number of comments of each answered batch.

    Raises:
        ProviderTroubleError: nobody answers, and several tries did not help.
    """
    before = _usage(classifier)
    # A model that computes by itself is measured in time of its core; another one in time that people wait.
    own_time = classifier.origin is Origin.LOCAL
    now = time.thread_time if own_time else time.perf_counter
    seconds = 0.0
    answers: list[Classification | UnusableAnswerError] = []
    # One core only: numpy would take all there are.
    with threadpool_limits(limits=1):
        for texts in _batches([comment.text for comment in dataset.comments], classifier.batch_size):
            began = now()
            answers += _asked(classifier, texts, sleep)
            seconds += now() - began
            told(len(texts))
    # A clock that ticks too coarsely for a handful of comments must not make them infinitely fast.
    seconds = max(seconds, 1e-6)
    return AnsweredSet(
        name=dataset.name,
        answers=tuple(Answered(comment, _said(one)) for comment, one in zip(dataset.comments, answers, strict=True)),
        effort=Effort(seconds, len(answers) / seconds, own_time, _difference(before, _usage(classifier))),
        notes=tuple(_notes(dataset, answers)),
    )


def _batches(texts: Sequence[str], size: int) -> list[Sequence[str]]:
    return [texts[first : first + size] for first in range(0, len(texts), size)]


def _asked(
    classifier: Classifier, texts: Sequence[str], sleep: Sleep
) -> Sequence[Classification | UnusableAnswerError]:
    wait = _FIRST_WAIT_SECONDS
    for _ in range(MOST_TRIES - 1):
        try:
            return classifier.classify(texts)
        except ProviderTroubleError as trouble:
            sleep(min(trouble.retry_after_seconds or wait, _LONGEST_WAIT_SECONDS))
            wait *= 2
    return classifier.classify(texts)


def _said(answer: Classification | UnusableAnswerError) -> Said:
    if isinstance(answer, UnusableAnswerError):
        return Said(None)
    return Said(answer.category, answer.confidence, answer.tags)


def _usage(classifier: Classifier) -> Mapping[str, float] | None:
    return dict(classifier.usage_so_far()) if isinstance(classifier, ReportsUsage) else None


def _difference(before: Mapping[str, float] | None, after: Mapping[str, float] | None) -> Mapping[str, float] | None:
    if after is None:
        return None
    return {name: value - (before or {}).get(name, 0) for name, value in after.items()}


def _notes(dataset: Dataset, answers: Sequence[Classification | UnusableAnswerError]) -> Iterator[str]:
    unanswered = sum(isinstance(answer, UnusableAnswerError) for answer in answers)
    if unanswered:
        yield f"{unanswered} sem resposta aproveitável: contam como erro."
    provisional = sum(isinstance(answer, Classification) and answer.provisional for answer in answers)
    if provisional:
        yield f"{provisional} respostas são provisórias, do modelo local: o provedor não respondeu."
    if dataset.unlabelled:
        yield f"{dataset.unlabelled} linhas sem categoria ficaram de fora."
    if dataset.unknown_tags:
        yield f"Tags esperadas fora da taxonomia, ignoradas: {', '.join(dataset.unknown_tags[:_MOST_SHOWN])}."
