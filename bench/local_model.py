"""Measures the local model on voices it has not heard: quality, learning curve, ablations, speed.

python bench/local_model.py leave-one-out [--voices youtube,shows]
python bench/local_model.py curve
python bench/local_model.py ablations
python bench/local_model.py speed
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from alumusic.classify.by_local_model import load_local_classifier
from alumusic.classify.local.choose import classifications_of
from alumusic.classify.local.corpus import LABELS, Example, read_examples
from alumusic.classify.local.model import LocalModel, Scores
from alumusic.classify.local.network import Recipe
from alumusic.classify.local.train import DECLARED_SHARES, Plan, fit
from alumusic.classify.local.weights import Weights
from alumusic.domain.comments import REVIEW_BELOW

ROOT = Path(__file__).resolve().parent.parent
BINS = 15


def measure(examples: Sequence[Example], scores: Scores) -> dict[str, float]:
    """Score predictions; `weighted` figures give each class its declared share of a real stream."""
    truth = np.array([LABELS.index(example.label) for example in examples])
    chosen = classifications_of(scores)
    five = truth < 5
    predicted = scores.labels[:, :5].argmax(1)
    confidence = scores.labels[:, :5].max(1).astype(float)
    right = (predicted == truth).astype(float)
    declared = np.array([DECLARED_SHARES[label] for label in LABELS])
    weight = (declared / np.maximum(np.bincount(truth, minlength=6), 1))[truth]
    sure = five & (confidence >= REVIEW_BELOW)
    result = {"accuracy": right[five].mean(), "weighted": np.average(right[five], weights=weight[five])}
    scores_f1 = []
    for number, label in enumerate(LABELS[:5]):
        hit = ((predicted == number) & (truth == number)).sum()
        result[f"recall {label}"] = hit / max(1, (truth == number).sum())
        scores_f1.append(2 * hit / max(1, (predicted[five] == number).sum() + (truth == number).sum()))
    result["macro-F1"] = np.mean(scores_f1)
    result["ECE"] = ece(confidence[five], right[five], weight[five])
    result["kept"] = weight[sure].sum() / weight[five].sum()
    result["kept right"] = np.average(right[sure], weights=weight[sure])
    result["NEUTRO held"] = (confidence[~five] < REVIEW_BELOW).mean() if (~five).any() else np.nan
    pairs = [
        (set(example.tags), set(answer.tags))
        for example, answer, kept in zip(examples, chosen, five, strict=True)
        if kept
    ]
    hits = sum(len(true & given) for true, given in pairs)
    result["tags F1"] = 2 * hits / max(1, sum(len(true) + len(given) for true, given in pairs))
    tagged = [(true, given) for true, given in pairs if true]
    result["tags any"] = float(np.mean([bool(true & given) for true, given in tagged]))
    return {name: round(float(value), 4) for name, value in result.items()}


def ece(confidence: np.ndarray, right: np.ndarray, weight: np.ndarray) -> float:
    """Return the expected calibration error over equal bins."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    total = 0.0
    for number in set(bins):
        here = bins == number
        gap = np.average(confidence[here], weights=weight[here]) - np.average(right[here], weights=weight[here])
        total += weight[here].sum() * abs(gap)
    return total / weight.sum()


def corpus() -> list[Example]:
    return list(read_examples(sorted((ROOT / "corpus").glob("*.csv"))))


def left_out(
    examples: Sequence[Example],
    voices: Sequence[str],
    train: Callable[[list[Example]], Weights],
    *variants: Callable[[Weights], Weights],
) -> list[dict[str, dict[str, float]]]:
    """Train without each voice and test on it; each variant of the weights is measured too."""
    results: list[dict[str, dict[str, float]]] = [{} for _ in variants or [None]]
    for voice in voices:
        weights = train([example for example in examples if example.voice != voice])
        heldout = [example for example in examples if example.voice == voice]
        texts = [example.text for example in heldout]
        for result, variant in zip(results, variants or [lambda same: same], strict=True):
            result[voice] = measure(heldout, LocalModel(variant(weights)).score(texts))
        print(f"({voice} left out)", file=sys.stderr, flush=True)
    return results


def mean_of(by_voice: dict[str, dict[str, float]]) -> dict[str, float]:
    names = next(iter(by_voice.values()))
    return {name: round(float(np.nanmean([row[name] for row in by_voice.values()])), 4) for name in names}


def show(name: str, row: dict[str, float]) -> None:
    print(f"{name:28s}", "  ".join(f"{key} {value:.3f}" for key, value in row.items()), flush=True)


VARIANTS: dict[str, Callable[[Weights], Weights]] = {
    "as shipped": lambda weights: weights,
    "network alone": lambda weights: replace(weights, network_share=1.0),
    "linear model alone": lambda weights: replace(weights, network_share=0.0),
    "no declared prior": lambda weights: replace(weights, shift=0 * weights.shift),
    "prior believed fully": lambda weights: replace(weights, shift=2 * weights.shift),
    "temperature 0.85": lambda weights: replace(weights, temperature=0.85),
    "temperature 1.15": lambda weights: replace(weights, temperature=1.15),
    "temperature 1.3": lambda weights: replace(weights, temperature=1.3),
    "tags from -1.8": lambda weights: replace(weights, tag_thresholds=0 * weights.tag_thresholds - 1.8),
    "tags from -2.6": lambda weights: replace(weights, tag_thresholds=0 * weights.tag_thresholds - 2.6),
}
"""What can be changed after training, measured in one go."""


def leave_one_out(voices: Sequence[str]) -> dict[str, object]:
    found = dict(zip(VARIANTS, left_out(corpus(), voices, fit, *VARIANTS.values()), strict=True))
    for voice, row in found["as shipped"].items():
        show(voice, row)
    for name, rows in found.items():
        show(f"mean, {name}", mean_of(rows))
    return {name: {**rows, "mean": mean_of(rows)} for name, rows in found.items()}


def curve(voices: Sequence[str]) -> dict[str, object]:
    """Train on growing shares of the other voices."""
    examples = corpus()
    result = {}
    for share in (0.125, 0.25, 0.5, 1.0):

        def train(others: list[Example], share: float = share) -> Weights:
            return fit(random.Random(1).sample(others, int(len(others) * share)))

        by_voice = left_out(examples, voices, train)[0]
        result[f"{share:.1%} of the rows"] = mean_of(by_voice)
        show(f"{share:.1%} of the rows", mean_of(by_voice))
    return result


def ablations(voices: Sequence[str]) -> dict[str, object]:
    examples = corpus()
    result = {}
    plans = {
        "as shipped": Plan(),
        "no noisy copies": Plan(noise=False),
        "no dense measures": Plan(measures=False),
        "no pieces of words": Plan(most_pieces=1),
        "no words": Plan(most_words=1),
        "network of 64": Plan(recipe=Recipe(hidden=64)),
    }
    for name, plan in plans.items():
        result[name] = mean_of(left_out(examples, voices, lambda others, plan=plan: fit(others, plan))[0])
        show(name, result[name])
    return result


def speed(_: Sequence[str]) -> dict[str, object]:
    texts = [example.text for example in corpus()]
    started = time.perf_counter()
    classifier = load_local_classifier()
    loaded = time.perf_counter() - started
    rates = []
    for _round in range(3):
        started = time.perf_counter()
        classifier.classify(texts)
        rates.append(len(texts) / (time.perf_counter() - started))
    result = {"load ms": round(loaded * 1000), "comments/s": round(max(rates))}
    print(result)
    return result


def main() -> None:
    what = {"leave-one-out": leave_one_out, "curve": curve, "ablations": ablations, "speed": speed}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=what)
    parser.add_argument("--voices", default="", help="voices to leave out, one after the other; all by default")
    arguments = parser.parse_args()
    voices = [voice for voice in arguments.voices.split(",") if voice]
    with threadpool_limits(limits=1):
        result = what[arguments.what](voices or sorted({example.voice for example in corpus()}))
    out = ROOT / "bench" / "out" / f"local-model-{arguments.what}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
