"""Training gives the same model from the same corpus, and the shipped model is of the shipped corpus."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alumusic.classify.by_local_model import ARTEFACT, LocalClassifier
from alumusic.classify.local.corpus import HEADER, corpus_digest, read_examples
from alumusic.classify.local.model import LocalModel
from alumusic.classify.local.train import train_local_model
from alumusic.classify.local.weights import as_shipped, fingerprint, load_weights
from alumusic.domain.comments import Category

CORPUS = sorted((Path(__file__).parents[2] / "corpus").glob("*.csv"))


@pytest.fixture(scope="module")
def small_corpus(tmp_path_factory):
    """One row in twenty of the corpus: enough to learn something in two seconds."""
    rows = [row for number, row in enumerate(read_examples(CORPUS)) if number % 20 == 0]
    file = tmp_path_factory.mktemp("corpus") / "small.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(HEADER)
        for row in rows:
            writer.writerow([row.text, row.label, ";".join(row.tags), row.language, row.register, row.phenomenon])
    return file


@pytest.fixture(scope="module")
def trained(small_corpus, tmp_path_factory):
    out = tmp_path_factory.mktemp("model") / "model.npz"
    report = train_local_model([small_corpus], out)
    return report, out


def test_training_twice_gives_the_same_bytes(small_corpus, trained, tmp_path):
    report, out = trained
    again = train_local_model([small_corpus], tmp_path / "again.npz")
    assert again.fingerprint == report.fingerprint
    assert (tmp_path / "again.npz").read_bytes() == out.read_bytes()


def test_the_report_tells_what_was_trained(trained):
    report, out = trained
    assert report.bytes == out.stat().st_size
    assert report.examples > 900
    assert report.fingerprint == load_weights(out).card["impressao"]


def test_even_a_small_corpus_teaches_the_obvious(trained):
    classifier = LocalClassifier(LocalModel(load_weights(trained[1])))
    answers = classifier.classify(["que música linda, amei", "horrível, péssimo show", "ganhe dinheiro na bet"])
    assert [answer.category for answer in answers] == [Category.PRAISE, Category.CRITICISM, Category.SPAM]


def test_weights_come_back_from_a_file_as_they_went_in(trained):
    weights = load_weights(trained[1])
    again = as_shipped(weights)
    assert fingerprint(again) == fingerprint(weights)
    np.testing.assert_allclose(again.gram_weights, weights.gram_weights, atol=1e-6)
    assert again.grams == weights.grams


def test_a_byte_for_a_weight_changes_no_probability_by_much(trained):
    weights = load_weights(trained[1])
    rng = np.random.default_rng(1)
    exact = replace(
        weights, gram_weights=weights.gram_weights * (1 + rng.uniform(-0.004, 0.004, weights.gram_weights.shape))
    )
    texts = [row.text for row in read_examples(CORPUS[:1])][:200]
    before, after = LocalModel(exact).score(texts), LocalModel(as_shipped(exact)).score(texts)
    assert np.abs(before.labels - after.labels).max() < 0.03


def test_a_model_of_another_format_is_refused(trained, tmp_path):
    with np.load(trained[1]) as arrays:
        changed = dict(arrays)
    settings = json.loads(changed["settings"].tobytes()) | {"format": 99}
    changed["settings"] = np.frombuffer(json.dumps(settings).encode(), dtype=np.uint8)
    np.savez(tmp_path / "new.npz", **changed)

    with pytest.raises(ValueError, match="format 99"):
        load_weights(tmp_path / "new.npz")


def test_the_shipped_model_was_trained_on_the_shipped_corpus():
    assert load_weights(ARTEFACT).card["corpus"] == corpus_digest(list(read_examples(CORPUS)))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_training_again_gives_the_shipped_model(tmp_path):
    train_local_model(CORPUS, tmp_path / "model.npz")

    shipped, again = load_weights(ARTEFACT), load_weights(tmp_path / "model.npz")
    texts = [row.text for row in read_examples(CORPUS)][::40]
    before, after = LocalModel(shipped).score(texts), LocalModel(again).score(texts)
    assert (before.labels[:, :5].argmax(1) == after.labels[:, :5].argmax(1)).mean() > 0.995
    assert np.abs(before.labels - after.labels).mean() < 0.005
