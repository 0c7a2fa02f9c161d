"""Writes scores as the JSON of the public contract; what is not in it stands beside what is."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from alumusic.domain.comments import REVIEW_BELOW
from alumusic.evals.comparing import Comparison
from alumusic.evals.scoring import CALIBRATION_BINS, RESAMPLES, ClassScore, Interval, NeutralScore, Score

_DIGITS: Final = 4


def document(
    scores: Iterable[Score], *, classifier: str, model: str, comparisons: Sequence[Comparison] = ()
) -> dict[str, Any]:
    """Return what is written."""
    found: dict[str, Any] = {
        "classificador": classifier,
        "modelo": model,
        "conjuntos": [set_document(score) for score in scores],
    }
    if comparisons:
        found["comparacao"] = [comparison_document(comparison) for comparison in comparisons]
    return found


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write `content` to `path`, whose folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def set_document(score: Score) -> dict[str, Any]:
    """Return one of the `conjuntos`."""
    effort = score.effort
    return {
        "nome": score.name,
        "n": score.n,
        "acuracia": _number(score.accuracy),
        "acuracia_ic95": _interval(score.accuracy_interval),
        "macro_f1": _number(score.macro_f1),
        "macro_f1_ic95": _interval(score.macro_f1_interval),
        "por_categoria": {category.value: _class(found) for category, found in score.by_category.items()},
        "matriz_confusao": score.confusion,
        "ece": _number(score.ece),
        "ece_faixas": CALIBRATION_BINS,
        "confiabilidade": [
            {
                "de": _number(found.low),
                "ate": _number(found.high),
                "n": found.n,
                "confianca": _number(found.confidence),
                "acuracia": _number(found.accuracy),
            }
            for found in score.bins
        ],
        "cobertura": [
            {
                "limiar": point.threshold,
                "cobertura": _number(point.coverage),
                "acuracia": _number(point.accuracy),
            }
            for point in score.coverage
        ],
        "tags": None
        if score.tags is None
        else {
            "n": score.tags.n,
            "micro_f1": _number(score.tags.micro_f1),
            "ao_menos_uma": _number(score.tags.any_right),
        },
        "neutros": None if score.neutral is None else _neutral(score.neutral),
        "fatias": [
            {
                "nome": found.name,
                "n": found.n,
                "acuracia": _number(found.accuracy),
                "acuracia_ic95": _interval(found.accuracy_interval),
            }
            for found in score.slices
        ],
        "comentarios_por_segundo": round(effort.comments_per_second, 1),
        "tempo": "nucleo" if effort.own_time else "relogio",
        "uso": None if effort.usage is None else dict(effort.usage),
        "reamostragens": RESAMPLES,
        "avisos": list(score.notes),
    }


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """Return what changed in one set."""
    return {
        "nome": comparison.name,
        "modelo_anterior": comparison.model,
        "fora_da_referencia": comparison.missing,
        "mudancas": [
            {
                "fatia": change.name,
                "n": change.n,
                "antes": _number(change.before),
                "depois": _number(change.after),
                "pioraram": change.lost,
                "melhoraram": change.gained,
                "p_mcnemar": _number(change.p_value),
                "exato": change.exact,
            }
            for change in comparison.changes
        ],
        "tags_micro_f1": _pair(comparison.tags),
        "neutros_retidos": _pair(comparison.held_back),
    }


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(end, _DIGITS) for end in interval]


def _class(found: ClassScore) -> dict[str, float | int | None]:
    return {
        "precisao": _number(found.precision),
        "revocacao": _number(found.recall),
        "f1": _number(found.f1),
        "n": found.n,
    }


def _neutral(found: NeutralScore) -> dict[str, Any]:
    return {
        "n": found.n,
        "limiar": REVIEW_BELOW,
        "retidos": _number(found.held_back),
        "por_limiar": [
            {"limiar": threshold, "retidos": _number(share)} for threshold, share in found.by_threshold.items()
        ],
        "rotulados_como": found.by_category,
    }


def _pair(pair: tuple[float, float] | None) -> dict[str, float | None] | None:
    return None if pair is None else {"antes": _number(pair[0]), "depois": _number(pair[1])}
