"""Writes scores as one page that needs nothing else: no script, no request, light and dark."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from alumusic.domain.comments import REVIEW_BELOW
from alumusic.evals.comparing import Comparison
from alumusic.evals.report import plots, words
from alumusic.evals.scoring import CALIBRATION_BINS, RESAMPLES, Score


def page(
    scores: Sequence[Score], comparisons: Sequence[Comparison], *, classifier: str, model: str, now: datetime
) -> str:
    """Return the page; texts of comments are in it, so it is no more public than they are."""
    environment = Environment(
        loader=PackageLoader("alumusic.evals.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": words.percent,
        "decimal": words.decimal,
        "interval": words.interval,
        "whole": words.whole,
        "points": words.points,
        "p_value": words.p_value,
    }
    return environment.get_template("page.html").render(
        scores=scores,
        compared={comparison.name: comparison for comparison in comparisons},
        classifier=classifier,
        model=model,
        now=now,
        plots=plots,
        usage=words.usage,
        bins=CALIBRATION_BINS,
        resamples=RESAMPLES,
        review_below=REVIEW_BELOW,
    )


def write_page(path: Path, content: str) -> None:
    """Write `content` to `path`, whose folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
