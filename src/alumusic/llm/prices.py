"""What tokens cost."""

from dataclasses import dataclass

from alumusic.llm.model import Usage


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens; nothing for a model that nobody has given a price."""

    input_usd: float = 0.0
    output_usd: float = 0.0

    def microdollars(self, usage: Usage) -> int:
        """What `usage` costs, in millionths of a dollar, rounded up where it is not exact."""
        exact = usage.input_tokens * self.input_usd + usage.output_tokens * self.output_usd
        return int(-(-exact // 1))


def price_of(model: str, table: dict[str, tuple[float, float]]) -> Price:
    """The price of `model`: its own, or that of the longest name in `table` that it begins with."""
    known = [name for name in table if model == name or model.startswith(f"{name}-")]
    return Price(*table[max(known, key=len)]) if known else Price()
