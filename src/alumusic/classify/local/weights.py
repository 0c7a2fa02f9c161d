"""The numbers of a trained model, and the file they are shipped in: numpy arrays in a zip, no pickle."""

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt

from alumusic.classify.local.ngrams import Floats

FORMAT: Final = 1
_LARGEST: Final = 127
_TINY: Final = 1e-12
_HALVES: Final = ("idf",)
"""Kept in half precision."""
_BYTES: Final = ("gram_weights", "tag_gram_weights")
"""The large arrays: one byte for each weight, finer near zero, with one scale for each column."""
_WHOLE: Final = (
    "dense_mean", "dense_scale", "dense_weights", "bias", "output_weights", "output_bias", "shift",
    "tag_dense_weights", "tag_keyword_weights", "tag_bias", "tag_thresholds",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Everything a trained model is. H hidden units, C classes inside, T tags, V n-grams."""

    grams: tuple[str, ...]
    word_count: int
    idf: Floats
    dense_mean: Floats
    dense_scale: Floats
    gram_weights: Floats
    """V × (H + C): into the hidden layer, then the linear model beside it."""
    dense_weights: Floats
    """D × (H + C)."""
    bias: Floats
    output_weights: Floats
    """H × C."""
    output_bias: Floats
    network_share: float
    """Of the network in the average with the linear model."""
    shift: Floats
    """C: what turns the corpus's share of each class into the declared one."""
    temperature: float
    tag_gram_weights: Floats
    """V × T, mostly zeros."""
    tag_dense_weights: Floats
    """C × T: what the classes say of the tags."""
    tag_keyword_weights: Floats
    """T × T."""
    tag_bias: Floats
    tag_thresholds: Floats
    card: dict[str, Any]
    """What the model was made from, its fingerprint, and what it says of a few probes."""

    @property
    def hidden(self) -> int:
        """Units of the hidden layer."""
        return len(self.output_weights)


def save_weights(weights: Weights, file: Path | BinaryIO) -> None:
    """Write `weights`; the same weights give the same bytes."""
    arrays: dict[str, npt.NDArray[Any]] = {name: getattr(weights, name).astype(np.float16) for name in _HALVES}
    arrays |= {name: getattr(weights, name).astype(np.float32) for name in _WHOLE}
    for name in _BYTES:
        arrays[name], arrays[f"{name}_scale"] = _to_bytes(getattr(weights, name))
    arrays["grams"] = np.frombuffer("\n".join(weights.grams).encode(), dtype=np.uint8)
    settings = {
        "format": FORMAT,
        "word_count": weights.word_count,
        "temperature": weights.temperature,
        "network_share": weights.network_share,
        "card": weights.card,
    }
    arrays["settings"] = np.frombuffer(
        json.dumps(settings, ensure_ascii=False, sort_keys=True).encode(), dtype=np.uint8
    )
    np.savez_compressed(file, allow_pickle=False, **{name: arrays[name] for name in sorted(arrays)})


def load_weights(file: Path | BinaryIO) -> Weights:
    """Read what `save_weights` wrote.

    Raises:
        ValueError: written for another version of this code.
    """
    with np.load(file, allow_pickle=False) as arrays:
        settings = json.loads(arrays["settings"].tobytes())
        if settings["format"] != FORMAT:
            raise ValueError(f"the model is of format {settings['format']}, this code reads {FORMAT}")
        return Weights(
            grams=tuple(arrays["grams"].tobytes().decode().split("\n")),
            word_count=settings["word_count"],
            temperature=settings["temperature"],
            network_share=settings["network_share"],
            card=settings["card"],
            **{name: arrays[name].astype(np.float32) for name in (*_HALVES, *_WHOLE)},
            **{name: _from_bytes(arrays[name], arrays[f"{name}_scale"]) for name in _BYTES},
        )


def as_shipped(weights: Weights) -> Weights:
    """Return `weights` as they come back from a file."""
    file = io.BytesIO()
    save_weights(weights, file)
    file.seek(0)
    return load_weights(file)


def _to_bytes(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Keep the square root of each weight in a byte: rare large weights leave the small ones their digits."""
    scale = np.maximum(np.abs(weights).max(axis=0, initial=0), _TINY).astype(np.float32)
    roots = np.sign(weights) * np.sqrt(np.abs(weights) / scale)
    return np.round(roots * _LARGEST).astype(np.int8), scale


def _from_bytes(codes: npt.NDArray[np.int8], scale: Floats) -> Floats:
    roots = codes.astype(np.float32) / np.float32(_LARGEST)
    return np.asarray(roots * np.abs(roots) * scale, np.float32)


def fingerprint(weights: Weights) -> str:
    """Return eight letters that name these weights."""
    digest = hashlib.sha256("\n".join(weights.grams).encode())
    for name in (*_HALVES, *_BYTES, *_WHOLE):
        # To three digits, so that reading a file back changes nothing.
        digest.update(np.round(getattr(weights, name), 3).astype(np.float16).tobytes())
    return digest.hexdigest()[:8]
