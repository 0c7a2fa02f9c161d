"""Adds up what a language model was paid for, in one process, for whoever wants to know what answers cost."""

import threading
from collections import Counter

from alumusic.llm.model import Usage
from alumusic.llm.prices import Price


class Spending:
    """Calls, tokens and money since it was made; threads may share it."""

    def __init__(self, price: Price) -> None:
        self._price = price
        self._sums: Counter[str] = Counter()
        self._adding = threading.Lock()

    def add(self, usage: Usage) -> None:
        """Count one call."""
        with self._adding:
            self._sums.update(
                calls=1,
                input_tokens=usage.input_tokens,
                cached_tokens=usage.cached_tokens,
                output_tokens=usage.output_tokens,
                microdollars=self._price.microdollars(usage),
            )

    def so_far(self) -> dict[str, float]:
        """`calls`, `input_tokens`, `cached_tokens`, `output_tokens` and `cost_usd`."""
        with self._adding:
            sums = dict(self._sums)
        names = ("calls", "input_tokens", "cached_tokens", "output_tokens")
        return {name: sums.get(name, 0) for name in names} | {"cost_usd": sums.get("microdollars", 0) / 1_000_000}
