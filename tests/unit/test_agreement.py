"""Cohen's κ is scikit-learn's figure."""

import random

import pytest

from alumusic.domain.agreement import cohen_kappa
from alumusic.domain.comments import Category


@pytest.mark.parametrize("seed", range(20))
def test_kappa_is_the_figure_of_scikit_learn(seed):
    metrics = pytest.importorskip("sklearn.metrics")
    draw = random.Random(seed)
    labels = list(Category)[: draw.randint(2, 5)]
    pairs = [(draw.choice(labels), draw.choice(labels)) for _ in range(draw.randint(5, 200))]
    pairs += [(label, label) for label in draw.choices(labels, k=draw.randint(0, 100))]

    expected = metrics.cohen_kappa_score([str(one) for one, _ in pairs], [str(other) for _, other in pairs])

    assert cohen_kappa(pairs) == pytest.approx(expected, abs=1e-12)


def test_kappa_of_the_textbook():
    pairs = [("sim", "sim")] * 20 + [("sim", "não")] * 5 + [("não", "sim")] * 10 + [("não", "não")] * 15
    assert cohen_kappa(pairs) == pytest.approx(0.4)


def test_kappa_is_not_defined_without_pairs_or_when_there_is_only_one_label():
    assert cohen_kappa([]) is None
    assert cohen_kappa([("a", "a"), ("a", "a")]) is None
