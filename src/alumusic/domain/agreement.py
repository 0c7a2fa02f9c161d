"""Measures how far two readers of the same comments agree, beyond what chance would give."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from alumusic.domain.weeks import Week

Pair = tuple[Hashable, Hashable]


def cohen_kappa(pairs: Sequence[Pair]) -> float | None:
    """Cohen's κ (1960) of two readers' labels: 1 for the same everywhere, 0 for chance, less for worse than chance.

    None where it is not defined: without pairs, or when chance alone would agree everywhere.
    """
    if not pairs:
        return None
    n = len(pairs)
    agreed = sum(first == second for first, second in pairs) / n
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    by_chance = sum(firsts[label] * seconds[label] for label in firsts) / n**2
    return None if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two readers agreed in one week."""

    week: Week
    readers: tuple[str, str]
    n: int
    """Comments that both have read."""
    agreed: int
    kappa: float | None
