"""What a run of the matrix says, line by line, and the page that keeps it."""

import os
import platform
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.checker import Verdict

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
_BEGIN, _END = "<!-- matrix: made by `make chaos` -->", "<!-- end of the matrix -->"


@dataclass
class Outcome:
    """How one fault went."""

    number: int
    fault: str
    passed: bool
    comments: int
    drained_seconds: float | None
    notes: str
    verdict: Verdict | None = None

    def row(self) -> str:
        drained = "–" if self.drained_seconds is None else f"{self.drained_seconds:.1f} s"
        found = self.verdict
        figures = "–" if found is None else f"{found.lost} / {found.doubled} / {found.failed} / {found.wrong}"
        verdict = "pass" if self.passed else "**FAIL**"
        return (
            f"| {self.number} | {self.fault} | {verdict} | {self.comments:,} | {figures} | {drained} | {self.notes} |"
        )


def table(outcomes: list[Outcome], *, took: float) -> str:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    head = (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores ({platform.machine()}), Python "
        f"{platform.python_version()}, load {load:.1f} at the end, {took / 60:.1f} minutes."
    )
    lines = [
        head, "", "| # | fault | result | comments | lost / doubled / failed / wrong | drained after | notes |",
        "|---|---|---|---|---|---|---|", *(outcome.row() for outcome in sorted(outcomes, key=lambda one: one.number)),
    ]  # fmt: skip
    return "\n".join(lines)


def write(text: str) -> None:
    """Put the table into its page."""
    page = PAGE.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(_BEGIN)}.*{re.escape(_END)}", re.DOTALL)
    if not pattern.search(page):
        raise SystemExit(f"{PAGE} has no place for the matrix")
    PAGE.write_text(pattern.sub(lambda _: f"{_BEGIN}\n\n{text}\n\n{_END}", page), encoding="utf-8")
