"""The shipped model answers always, at once, and only within the taxonomy."""

import subprocess
import sys
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alumusic.classify.by_local_model import ARTEFACT, load_local_classifier
from alumusic.classify.local.model import LocalModel
from alumusic.classify.local.weights import fingerprint
from alumusic.domain.comments import MAX_TAGS, Category, Origin
from alumusic.domain.tags import group_of, is_known
from alumusic.domain.taxonomy import Group

_OBVIOUS = {
    "Que música linda, amei demais": Category.PRAISE,
    "Péssimo, que decepção": Category.CRITICISM,
    "Podiam colocar legenda nos clipes": Category.SUGGESTION,
    "Alguém sabe quando sai o clipe?": Category.QUESTION,
    "Ganhe 500 reais por dia, clique no link da bio": Category.SPAM,
}


@pytest.fixture(scope="module")
def classifier():
    return load_local_classifier()


@pytest.mark.parametrize(("text", "category"), _OBVIOUS.items())
def test_the_obvious_is_not_missed(classifier, text, category):
    assert classifier.classify([text])[0].category is category


def test_answers_come_in_the_order_of_the_texts(classifier):
    answers = classifier.classify([*_OBVIOUS] * 60)
    assert [answer.category for answer in answers] == [*_OBVIOUS.values()] * 60


def test_a_text_is_judged_alike_alone_and_among_others(classifier):
    together = classifier.classify([*_OBVIOUS])
    alone = [classifier.classify([text])[0] for text in _OBVIOUS]
    assert [answer.tags for answer in together] == [answer.tags for answer in alone]
    assert [answer.confidence for answer in together] == pytest.approx(
        [answer.confidence for answer in alone], abs=1e-3
    )


def test_no_texts_no_answers(classifier):
    assert classifier.classify([]) == []


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_an_answer_within_the_taxonomy(classifier, text):
    answer = classifier.classify([text])[0]
    assert 0 <= answer.confidence <= 1
    assert len(answer.tags) <= MAX_TAGS
    assert all(is_known(tag) for tag in answer.tags)
    spam = {group_of(tag) is Group.SPAM for tag in answer.tags}
    assert spam == {answer.category is Category.SPAM} or not answer.tags


@pytest.mark.parametrize("text", ["", " ", "\n", "🫥", "a" * 5_000, "não " * 1_200])
def test_a_text_of_nothing_or_too_much_is_answered_too(classifier, text):
    assert len(classifier.classify([text])) == 1


def test_it_says_who_speaks(classifier):
    assert classifier.origin is Origin.LOCAL
    assert classifier.model.startswith("alumusic-local-")
    assert classifier.prompt_version is None


def test_threads_share_one_model():
    seen = []
    threads = [Thread(target=lambda: seen.append(load_local_classifier())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(classifier) for classifier in seen}) == 1


def test_the_shipped_model_still_says_what_its_card_says(classifier):
    weights = classifier._model.weights
    probes = weights.card["provas"]
    scores = LocalModel(weights).score([probe["texto"] for probe in probes])
    assert probes
    for row, probe in zip(scores.labels, probes, strict=True):
        assert row == pytest.approx(probe["probabilidades"], abs=0.005)


def test_the_shipped_model_is_the_one_its_card_describes(classifier):
    weights = classifier._model.weights
    assert fingerprint(weights) == weights.card["impressao"]
    assert ARTEFACT.stat().st_size <= 3_000_000


def test_no_training_library_is_loaded_to_classify():
    script = (
        "import sys; from alumusic.classify.by_local_model import load_local_classifier;"
        "load_local_classifier().classify(['oi']);"
        "print(sorted({'sklearn', 'scipy', 'pandas'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "[]"
