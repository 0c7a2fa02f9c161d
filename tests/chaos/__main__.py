"""`python -m tests.chaos [ROW …] [--short] [--write]`: runs the matrix of faults and prints one table."""

import argparse
import logging
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import structlog

from tests.chaos import of_doors, of_providers, of_workers
from tests.chaos.of_workers import Size
from tests.chaos.stage import Stage
from tests.chaos.table import Outcome, table, write

FAULTS: dict[int, Callable[[Stage, Size], Outcome]] = {
    1: of_workers.kill_9,
    2: of_workers.kill_9_and_failing_calls,
    3: of_workers.database_crashes,
    4: of_workers.broker_is_flushed,
    5: of_workers.no_broker_at_all,
    6: of_workers.rabbit_is_killed,
    7: of_workers.frozen_and_reset,
    8: of_doors.everything_is_killed,
    9: of_workers.frozen_worker,
    10: of_providers.provider_is_away,
    11: of_providers.poison,
    12: of_doors.cut_after_commit,
    13: of_doors.disk_is_full,
    14: of_workers.rolling_sigterm,
    15: of_doors.half_an_upload,
}
SHORT = (1, 4, 8)
SHORT_SIZE = Size(comments=5_000, seconds=30)


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("rows", nargs="*", type=int, choices=[*FAULTS, []], help="all of them by default")
    parser.add_argument("--short", action="store_true", help=f"rows {SHORT}, smaller: for every push")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/reliability.md")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    size = SHORT_SIZE if given.short else Size()
    began = time.monotonic()
    outcomes = []
    folder = Path(tempfile.mkdtemp(prefix="alumusic-chaos-"))
    say(f"logs are in {folder}")
    with Stage(folder) as stage:
        for number in given.rows or (SHORT if given.short else FAULTS):
            outcomes.append(run(stage, number, size))
            say(outcomes[-1].row())
    text = table(outcomes, took=time.monotonic() - began)
    say(f"\n{text}\n")
    if given.write:
        write(text)
    failed = sum(not outcome.passed for outcome in outcomes)
    say(f"{len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed else 0


def run(stage: Stage, number: int, size: Size) -> Outcome:
    try:
        stage.clear()
        return FAULTS[number](stage, size)
    except Exception as error:  # noqa: BLE001 (the other rows still have their turn)
        traceback.print_exc()
        return Outcome(
            number, FAULTS[number].__name__.replace("_", " "), False, 0, None, f"{type(error).__name__}: {error}"
        )


if __name__ == "__main__":
    sys.exit(main())
