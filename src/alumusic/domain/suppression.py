"""Decides which cells of a public report stay blank, so that no small count can be read off it or worked out from it.

A count under `SMALLEST` is never shown. Since the report also shows sums of which such a count is a part, the rest of
the sum would give it away: then further cells are left blank too, the smallest first, until each hidden count could
still be anything from 0 to `SMALLEST` - 1 (Willenborg & de Waal, Elements of Statistical Disclosure Control, ch. 5-6:
secondary suppression with interval protection). A zero that comes out tells nothing about anybody and needs no shield.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SMALLEST: Final = 5
"""The smallest count that a public report shows."""

_ANYTHING: Final = float("inf")


@dataclass(frozen=True, slots=True)
class Equation:
    """Cells whose sum equals that of other cells, as anybody can tell who reads the report."""

    left: tuple[Hashable, ...]
    right: tuple[Hashable, ...]


def hidden_cells(counts: Mapping[Hashable, int], shown: set[Hashable], equations: Sequence[Equation]) -> set[Hashable]:
    """Which of the cells that a report would like to show must stay blank.

    Args:
        counts: the count of every cell, of those too that are part of an equation and never shown.
        shown: the cells that the report would like to show.
        equations: what is known of sums of cells.
    """
    hidden = {cell for cell in shown if counts[cell] < SMALLEST}
    changed = True
    while changed:
        changed = False
        for equation in equations:
            while not _protects(equation, counts, shown, hidden):
                cell = _next_to_hide(equation, counts, shown, hidden)
                if cell is None:
                    break
                hidden.add(cell)
                changed = True
    return hidden


def _protects(equation: Equation, counts: Mapping[Hashable, int], shown: set[Hashable], hidden: set[Hashable]) -> bool:
    """Whether every small count in `equation` could, for all that it tells, be anything small."""
    signed = [(cell, 1) for cell in equation.left] + [(cell, -1) for cell in equation.right]
    unknown = [(cell, sign) for cell, sign in signed if cell in hidden or cell not in shown]
    rest = sum(sign * counts[cell] for cell, sign in unknown)
    for cell, sign in unknown:
        if not 0 < counts[cell] < SMALLEST:
            continue
        low, high = 0.0, 0.0
        for other, other_sign in unknown:
            if other == cell:
                continue
            least, most = _possible(other, counts, shown)
            low += least if other_sign > 0 else -most
            high += most if other_sign > 0 else -least
        # sign × cell = rest − others
        ends = sorted((sign * (rest - low), sign * (rest - high)))
        if ends[0] > 0 or ends[1] < SMALLEST - 1:
            return False
    return True


def _possible(cell: Hashable, counts: Mapping[Hashable, int], shown: set[Hashable]) -> tuple[float, float]:
    """What a blank cell may be for somebody who knows these rules: small, or hidden to shield another and not small."""
    if cell not in shown:
        return 0.0, _ANYTHING
    return (0.0, SMALLEST - 1.0) if counts[cell] < SMALLEST else (float(SMALLEST), _ANYTHING)


def _next_to_hide(
    equation: Equation, counts: Mapping[Hashable, int], shown: set[Hashable], hidden: set[Hashable]
) -> Hashable | None:
    left = [cell for cell in (*equation.left, *equation.right) if cell in shown and cell not in hidden]
    return min(left, key=lambda cell: counts[cell], default=None)
