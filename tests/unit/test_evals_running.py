"""Asking a classifier about a whole set: batches, patience, and what is said about the answers."""

import pytest

from alumusic.domain.comments import Category, Classification, Origin
from alumusic.domain.errors import ProviderTroubleError, UnusableAnswerError
from alumusic.evals.reading import Dataset, Labelled
from alumusic.evals.running import MOST_TRIES, answer_set
from tests.fakes import PRAISE, FakeClassifier


def dataset(count=3, **more):
    return Dataset("ouro", tuple(Labelled(f"texto {number}", Category.PRAISE) for number in range(count)), **more)


class BusyClassifier(FakeClassifier):
    """Is busy for the first calls."""

    origin = Origin.LLM

    def __init__(self, busy, retry_after_seconds=None):
        super().__init__(PRAISE)
        self.busy = busy
        self.trouble = ProviderTroubleError("429", retry_after_seconds=retry_after_seconds)

    def classify(self, texts):
        if self.busy:
            self.busy -= 1
            raise self.trouble
        return super().classify(texts)


class MeteredClassifier(FakeClassifier):
    """Counts a token for each character."""

    tokens = 1_000

    def classify(self, texts):
        self.tokens += sum(map(len, texts))
        return super().classify(texts)

    def usage_so_far(self):
        return {"input_tokens": self.tokens, "cost_usd": self.tokens / 1_000_000}


def test_comments_are_asked_in_batches_of_the_size_the_classifier_likes():
    classifier = FakeClassifier(PRAISE)
    told = []

    answered = answer_set(classifier, dataset(65), told=told.append)

    assert [len(call) for call in classifier.calls] == told == [30, 30, 5]
    assert all(answer.right for answer in answered.answers)


def test_each_answer_stays_with_its_comment():
    by_text = FakeClassifier(lambda text: Classification(Category.SPAM, int(text.split()[1]) / 100))

    answered = answer_set(by_text, dataset(40))

    assert [answer.said.confidence for answer in answered.answers] == [number / 100 for number in range(40)]


def test_a_busy_provider_is_waited_for_as_long_as_it_asks():
    waits = []

    answered = answer_set(BusyClassifier(2, retry_after_seconds=7), dataset(), sleep=waits.append)

    assert waits == [7, 7]
    assert len(answered.answers) == 3


def test_the_wait_doubles_where_the_provider_does_not_say_how_long():
    waits = []

    answer_set(BusyClassifier(3), dataset(), sleep=waits.append)

    assert waits == [2, 4, 8]


def test_a_provider_that_stays_away_is_told():
    waits = []

    with pytest.raises(ProviderTroubleError):
        answer_set(BusyClassifier(100), dataset(), sleep=waits.append)

    assert len(waits) == MOST_TRIES - 1


def test_what_is_unusable_provisional_or_unlabelled_is_noted():
    unusable = answer_set(FakeClassifier(UnusableAnswerError("no JSON")), dataset())
    provisional = answer_set(FakeClassifier(Classification(Category.PRAISE, 0.4, provisional=True)), dataset())
    partly = answer_set(FakeClassifier(PRAISE), dataset(unlabelled=2, unknown_tags=("zzz",)))

    assert unusable.notes == ("3 sem resposta aproveitável: contam como erro.",)
    assert [answer.said.category for answer in unusable.answers] == [None] * 3
    assert provisional.notes == ("3 respostas são provisórias, do modelo local: o provedor não respondeu.",)
    assert partly.notes == (
        "2 linhas sem categoria ficaram de fora.",
        "Tags esperadas fora da taxonomia, ignoradas: zzz.",
    )


def test_usage_is_that_of_this_set_alone():
    assert answer_set(MeteredClassifier(PRAISE), dataset(2)).effort.usage == {
        "input_tokens": 14,
        "cost_usd": pytest.approx(14 / 1_000_000),
    }
    assert answer_set(FakeClassifier(PRAISE), dataset()).effort.usage is None


def test_only_a_model_that_computes_by_itself_is_timed_by_its_core():
    assert answer_set(FakeClassifier(PRAISE), dataset()).effort.own_time
    assert not answer_set(BusyClassifier(0), dataset()).effort.own_time
