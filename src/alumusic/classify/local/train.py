"""Trains the local model from the corpus: repeatable, on one core, in less than two minutes."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from alumusic.classify.local.corpus import LABELS, Example, corpus_digest, read_examples
from alumusic.classify.local.dense import TAG_CODES
from alumusic.classify.local.model import LocalModel
from alumusic.classify.local.network import Recipe, train_network
from alumusic.classify.local.ngrams import Floats, Integers, Vocabulary, pieces, word_grams
from alumusic.classify.local.noise import noisy
from alumusic.classify.local.reading import ReadComments, read_comments
from alumusic.classify.local.weights import Weights, as_shipped, fingerprint, save_weights

DECLARED_SHARES: Final = {
    "ELOGIO": 0.45, "CRÍTICA": 0.20, "SUGESTÃO": 0.10, "DÚVIDA": 0.15, "SPAM": 0.10, "NEUTRO": 0.30,
}  # fmt: skip
"""Relative shares expected in a real stream; the corpus has its own, to teach rare things well."""
_FEWEST_COMMENTS: Final = 2
_DENSE_SCALE: Final = 0.3
"""Measures are scaled to this deviation, so that they do not drown the words."""
_DENSE_SCALE_LINEAR: Final = 1 / 3
"""Further down for the linear model: the same labels, found seven times as fast."""
_NOISE_IMPORTANCE: Final = 0.5
_SEED: Final = 20_261
_LINEAR_C, _NB_SMOOTHING, _NB_FLOOR = 2.0, 0.5, 0.2
_NEVER: Final = -9.0
"""Log-odds of what the corpus has no example of."""
_TAG_C: Final = 4.0
_TAG_THRESHOLD: Final = -2.2
"""Log-odds from which a first tag is given; `choose.py` asks more of others. Measured on voices left out."""
_TAG_KEPT: Final = 0.15
"""Share of the weights that are kept: the small ones cost a megabyte and change no tag."""
_KEYWORD_BONUS: Final = 0.8
"""Added to what a tag's own keywords weigh: plain comments name things oftener than the corpus's do."""
_PROBES: Final = (
    "amei essa música, que voz linda",
    "o violão quase não aparece",
    "podia ter uma versão acústica",
    "alguém sabe o nome da música do início",
    "ganhe dinheiro em casa, link na bio",
    "quem veio pelo tiktok",
)
"""Texts whose scores are kept in the card: a test compares them with what the shipped file says today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What goes into a model; the defaults are what is shipped, the rest is for measuring what a part is worth."""

    recipe: Recipe = field(default_factory=Recipe)
    noise: bool = True
    measures: bool = True
    """Whether the dense features are used."""
    most_words: int = 18_000
    most_pieces: int = 24_000
    network_share: float = 0.5
    """Of the network in the average with the linear model."""
    prior_power: float = 0.5
    """How far the declared shares are believed: more would trade recall of CRÍTICA for little."""
    temperature: float = 1.0


SHIPPED: Final = Plan()


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What was trained, from what, and how long it took."""

    examples: int
    digest: str
    fingerprint: str
    seconds: float
    bytes: int


def train_local_model(corpus_files: Iterable[Path], out: Path) -> TrainingReport:
    """Train on `corpus_files` and write the model to `out`; the same files give the same model."""
    started = time.perf_counter()
    examples = list(read_examples(sorted(corpus_files)))
    # One thread: sums in another order would round otherwise, and other people share the machine.
    with threadpool_limits(limits=1):
        weights = fit(examples)
    out.parent.mkdir(parents=True, exist_ok=True)
    save_weights(weights, out)
    report = TrainingReport(
        examples=len(examples),
        digest=weights.card["corpus"],
        fingerprint=weights.card["impressao"],
        seconds=time.perf_counter() - started,
        bytes=out.stat().st_size,
    )
    card = {**weights.card, "bytes": report.bytes}
    out.with_suffix(".json").write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return report


def fit(examples: Sequence[Example], plan: Plan = SHIPPED) -> Weights:
    """Fit all parts of the model to `examples`."""
    texts = [example.text for example in examples]
    labels = np.array([LABELS.index(example.label) for example in examples])
    read = read_comments(texts)
    vocabulary = fit_vocabulary(read.tokens, plan)
    mean, scale = _standard(read.dense, used=plan.measures)
    parts = [read, read_comments(_noisy_copies(texts))] if plan.noise else [read]
    table = _Table.of(parts, vocabulary, mean=mean, scale=scale)
    repeated = np.tile(labels, len(parts))
    importance = np.repeat(np.array([1, _NOISE_IMPORTANCE], np.float32)[: len(parts)], len(labels))
    first, first_bias, output, output_bias = train_network(
        table.joined, repeated, importance, classes=len(LABELS), recipe=plan.recipe
    )
    linear, linear_bias = _fit_linear(table, repeated, importance)
    inputs = np.hstack([first, linear])
    exact = Weights(
        grams=vocabulary.grams,
        word_count=vocabulary.word_count,
        idf=vocabulary.idf[:-1],
        dense_mean=mean,
        dense_scale=scale,
        gram_weights=inputs[: len(vocabulary)],
        dense_weights=inputs[len(vocabulary) :],
        bias=np.concatenate([first_bias, linear_bias]),
        output_weights=output,
        output_bias=output_bias,
        network_share=plan.network_share,
        shift=_shift(labels, power=plan.prior_power),
        temperature=plan.temperature,
        card={"corpus": corpus_digest(examples), "comentarios": len(examples), "classes": list(LABELS)},
        **_fit_tags(table.grams[: len(labels)], read.keywords, labels, examples),
    )
    weights = as_shipped(exact)
    weights.card["impressao"] = fingerprint(weights)
    weights.card["provas"] = probe(weights)
    return weights


def _noisy_copies(texts: Sequence[str]) -> list[str]:
    rng = random.Random(_SEED)  # noqa: S311 (typos, not secrets)
    return [noisy(text, rng) for text in texts]


def probe(weights: Weights) -> list[dict[str, Any]]:
    """Return what `weights` say of a few texts, to three digits."""
    scores = LocalModel(weights).score(_PROBES)
    return [
        {"texto": text, "probabilidades": [round(float(value), 3) for value in row]}
        for text, row in zip(_PROBES, scores.labels, strict=True)
    ]


def fit_vocabulary(comments: Sequence[Sequence[str]], plan: Plan) -> Vocabulary:
    """Keep the n-grams of the most comments, each weighed by how few comments have it."""
    words: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    for tokens in comments:
        words.update(set(word_grams(tokens)))
        parts.update({piece for token in set(tokens) for piece in pieces(token)})
    kept_words, kept_parts = _most_common(words, plan.most_words), _most_common(parts, plan.most_pieces)
    frequencies = [words[gram] for gram in kept_words] + [parts[gram] for gram in kept_parts]
    idf = np.log((1 + len(comments)) / (1 + np.array(frequencies, np.float32))) + 1
    # What inference reads back is in half precision, so training sees the same.
    rounded = idf.astype(np.float16).astype(np.float32)
    return Vocabulary(kept_words + kept_parts, rounded, word_count=len(kept_words))


def _most_common(counts: Counter[str], most: int) -> list[str]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    return sorted(gram for gram, count in ranked if count >= _FEWEST_COMMENTS)


def _standard(dense: Floats, *, used: bool) -> tuple[Floats, Floats]:
    mean = dense.mean(axis=0)
    scale = _DENSE_SCALE / (dense.std(axis=0) + 1e-3) * used
    return mean.astype(np.float32), scale.astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Table:
    """Training data as matrices of SciPy."""

    grams: Any
    dense: Floats

    @classmethod
    def of(cls, parts: Sequence[ReadComments], vocabulary: Vocabulary, *, mean: Floats, scale: Floats) -> "_Table":
        return cls(
            sparse.vstack([_matrix(part, vocabulary) for part in parts]).tocsr(),
            np.vstack([(part.dense - mean) * scale for part in parts]).astype(np.float32),
        )

    @property
    def joined(self) -> Any:
        return sparse.hstack([self.grams, sparse.csr_matrix(self.dense)]).tocsr()


def _matrix(comments: ReadComments, vocabulary: Vocabulary) -> Any:
    rows = vocabulary.rows(comments.tokens)
    whole = sparse.csr_matrix(
        (rows.values, rows.ids, rows.starts), shape=(len(comments), len(vocabulary) + 1), dtype=np.float32
    )
    return whole[:, : len(vocabulary)]


def _fit_linear(table: _Table, labels: Integers, importance: Floats) -> tuple[Floats, Floats]:
    """Fit one logistic regression per class to n-grams scaled by their log-count ratio.

    Wang and Manning, "Baselines and Bigrams" (ACL 2012), with logistic loss for the sake of confidence.
    """
    width = table.grams.shape[1] + table.dense.shape[1]
    weights = np.zeros((width, len(LABELS)), np.float32)
    bias = np.zeros(len(LABELS), np.float32)
    dense = sparse.csr_matrix(table.dense * np.float32(_DENSE_SCALE_LINEAR))
    for label in range(len(LABELS)):
        ratio = _log_count_ratio(table.grams, labels == label)
        scaled = sparse.hstack([table.grams.multiply(ratio[None, :]), dense]).tocsr()
        coefficients, bias[label] = _logistic(scaled, labels == label, importance, strength=_LINEAR_C)
        weights[:, label] = coefficients
        weights[: len(ratio), label] *= ratio
        weights[len(ratio) :, label] *= _DENSE_SCALE_LINEAR
    return weights, bias


def _log_count_ratio(grams: Any, inside: np.ndarray) -> Floats:
    here = _NB_SMOOTHING + np.asarray(grams[inside].sum(axis=0)).ravel()
    there = _NB_SMOOTHING + np.asarray(grams[~inside].sum(axis=0)).ravel()
    ratio = np.log((here / here.sum()) / (there / there.sum()))
    # A floor, so that a word common everywhere can still count together with others.
    floored: Floats = (np.sign(ratio) * (_NB_FLOOR + np.abs(ratio))).astype(np.float32)
    return floored


def _logistic(rows: Any, inside: np.ndarray, importance: Floats | None, *, strength: float) -> tuple[Floats, float]:
    if not inside.any():
        return np.zeros(rows.shape[1], np.float32), _NEVER
    # The last digits are not worth the time: what counts is measured on voices left out.
    model = LogisticRegression(C=strength, solver="liblinear", dual=True, tol=0.1, max_iter=200, random_state=_SEED)
    model.fit(rows, inside, sample_weight=importance)
    coefficients: Floats = np.asarray(model.coef_[0], np.float32)
    return coefficients, float(model.intercept_[0])


def _fit_tags(grams: Any, keywords: Floats, labels: Integers, examples: Sequence[Example]) -> dict[str, Floats]:
    """Fit one logistic regression per tag to n-grams, keywords of all tags, and the class."""
    classes = np.eye(len(LABELS), dtype=np.float32)[labels]
    rows = sparse.hstack([grams, sparse.csr_matrix(keywords), sparse.csr_matrix(classes)]).tocsr()
    weights = np.zeros((rows.shape[1], len(TAG_CODES)), np.float32)
    bias = np.zeros(len(TAG_CODES), np.float32)
    for number, code in enumerate(TAG_CODES):
        tagged = np.array([code in example.tags for example in examples])
        weights[:, number], bias[number] = _logistic(rows, tagged, None, strength=_TAG_C)
    of_grams, of_keywords, of_classes = np.split(weights, [grams.shape[1], grams.shape[1] + len(TAG_CODES)])
    small = np.abs(of_grams) < np.quantile(np.abs(of_grams), 1 - _TAG_KEPT)
    return {
        "tag_gram_weights": np.where(small, np.float32(0), of_grams),
        "tag_keyword_weights": of_keywords + np.float32(_KEYWORD_BONUS) * np.eye(len(TAG_CODES), dtype=np.float32),
        "tag_dense_weights": of_classes,
        "tag_bias": bias,
        "tag_thresholds": np.full(len(TAG_CODES), _TAG_THRESHOLD, np.float32),
    }


def _shift(labels: Integers, *, power: float) -> Floats:
    declared = np.array([DECLARED_SHARES[label] for label in LABELS])
    found = np.bincount(labels, minlength=len(LABELS)) + 1.0
    shift = np.log(declared / declared.sum()) - np.log(found / found.sum())
    return np.asarray(power * shift, np.float32)
