"""How many workers, how much disk and how much money so many comments a day take: a model, and a simulation of it.

`python bench/capacity.py` prints the table of docs/operations.md. Unit costs were measured (`make bench-scale`,
docs/llm.md); change them here when they change there.
"""

import math
import random
import sys
from collections import deque
from dataclasses import dataclass

DAY = 86_400


@dataclass(frozen=True)
class Costs:
    """Of one comment, or of one call."""

    batch: int = 30
    """Comments in a call."""
    call_seconds: float = 2.2
    """400 ms, and 4 ms for each of 15 tokens of an answer for 30 comments."""
    input_tokens: float = 95.0
    """Of a comment, with its share of the instructions."""
    output_tokens: float = 15.0
    dollars_per_million_in: float = 0.25
    dollars_per_million_out: float = 1.50
    cpu_seconds: float = 0.0052
    """Of a worker and the database, for one comment: what two cores did at most."""
    bytes_kept: int = 1_700
    """Row, tags and all indexes (1,270 measured), and a third of that for history."""
    peak: float = 4.0
    """The busiest hour against the average one: evenings, and the day of a release."""
    threads: int = 12
    """Calls at once of one worker process."""


MEASURED = Costs()


@dataclass(frozen=True)
class Need:
    """What it takes."""

    per_second: float
    peak_per_second: float
    slots: int
    """Calls in flight at the peak."""
    processes: int
    cores: int
    gigabytes_a_year: float
    dollars_a_day: float
    calls_a_minute: int
    """At the peak: what the provider's plan must allow."""


def needed(per_day: float, costs: Costs = MEASURED, *, headroom: float = 1.3) -> Need:
    """What `per_day` comments take; `headroom` leaves room for failing calls and restarts."""
    average = per_day / DAY
    peak = average * costs.peak
    calls = peak / costs.batch
    slots = max(1, math.ceil(calls * costs.call_seconds * headroom))
    tokens = costs.input_tokens * costs.dollars_per_million_in + costs.output_tokens * costs.dollars_per_million_out
    return Need(
        per_second=average,
        peak_per_second=peak,
        slots=slots,
        processes=max(1, math.ceil(slots / costs.threads)),
        cores=max(1, math.ceil(peak * costs.cpu_seconds * headroom)),
        gigabytes_a_year=per_day * 365 * costs.bytes_kept / 1e9,
        dollars_a_day=per_day * tokens / 1e6,
        calls_a_minute=math.ceil(calls * 60),
    )


def arrivals(second: int, average: float, peak: float) -> float:
    """Comments a second: a calm night, and an evening at `peak` times the average; over the day they add up to it."""
    hours = second / 3600
    shape = math.exp(-(((hours - 20) / 2.0) ** 2))
    share = 2.0 * math.sqrt(math.pi) / 24
    # The evening's share of the day leaves this for the night.
    night = max(0.0, (1 - peak * share) / (1 - share))
    return average * (night + (peak - night) * shape)


def simulated_wait(
    per_day: float, slots: int, costs: Costs = MEASURED, *, failing: float = 0.05, seed: int = 1
) -> float:
    """The longest that a comment waits on a day of so many, with so many calls at once, in seconds.

    Each call takes half to twice its usual time, and a share of them fails and is made again.
    """
    dice = random.Random(seed)
    waiting: deque[tuple[int, float]] = deque()
    busy: list[float] = [0.0] * slots
    owed, longest = 0.0, 0.0
    for second in range(DAY):
        owed += arrivals(second, per_day / DAY, costs.peak)
        if owed >= 1:
            waiting.append((second, float(int(owed))))
            owed -= int(owed)
        for slot in range(slots):
            while waiting and busy[slot] <= second:
                longest = max(longest, second - waiting[0][0])
                _take(waiting, costs.batch)
                tries = 1 + sum(dice.random() < failing for _ in range(3))
                busy[slot] = max(busy[slot], float(second)) + tries * costs.call_seconds * dice.uniform(0.5, 1.5)
            if not waiting:
                break
    return longest


def _take(waiting: deque[tuple[int, float]], batch: float) -> None:
    left = batch
    while waiting and left > 0:
        arrived, number = waiting.popleft()
        if number > left:
            waiting.appendleft((arrived, number - left))
            return
        left -= number


def main() -> None:
    lines = [
        "| comments a day | at the peak | calls at once | worker processes | cores | calls a minute | database a year "
        "| money a day |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for per_day in (1_000, 1_000_000, 100_000_000):
        need = needed(per_day)
        lines.append(
            f"| {per_day:,} | {need.peak_per_second:,.1f}/s | {need.slots:,} | {need.processes:,} | {need.cores:,} | "
            f"{need.calls_a_minute:,} | {need.gigabytes_a_year:,.1f} GB | US$ {need.dollars_a_day:,.2f} |"
        )
    for per_day in (1_000, 1_000_000):
        need = needed(per_day)
        lines.append(
            f"\nSimulated day of {per_day:,}: longest wait {simulated_wait(per_day, need.slots):.0f} s with "
            f"{need.slots} calls at once, {simulated_wait(per_day, max(1, need.slots // 2)):.0f} s with half of them."
        )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
