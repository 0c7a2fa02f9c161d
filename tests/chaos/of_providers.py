"""Faults of language models and of comments: a provider that is away, a text that kills, a text that is refused."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from alumusic.bell.thread import ThreadBell
from alumusic.bootstrap import worker_terms
from alumusic.classify.by_local_model import load_local_classifier
from alumusic.domain.comments import MAX_ATTEMPTS, Failure, Origin, Status
from alumusic.store.database import reading
from alumusic.store.tables import comments
from alumusic.worker.embedded import EmbeddedWorkers
from tests.chaos.checker import check
from tests.chaos.listeners import judge, text_of
from tests.chaos.of_workers import Size, outcome
from tests.chaos.stage import Scene, Stage, children_of
from tests.chaos.table import Outcome
from tests.examples import handed_in
from tests.llm_examples import classifier_on, llm_settings
from tests.servers import wait_until
from tests.workers import left

SPEED = 20.0
"""How much faster than ours the clock of the away provider runs."""


def scaled_clock() -> Callable[[], datetime]:
    began, real = datetime.now(UTC), time.monotonic()
    return lambda: began + timedelta(seconds=(time.monotonic() - real) * SPEED)


def provider_is_away(stage: Stage, size: Size) -> Outcome:
    """Ten minutes of a clock that runs twenty times as fast as ours: half a minute."""
    clock = scaled_clock()
    with Scene(stage, "row10") as scene:
        scene.stub.script.seconds = 0.05
        classifier = classifier_on(
            scene.engine, scene.stub, clock, fallback=load_local_classifier(),  # type: ignore[arg-type]
            llm_deadline_seconds=5.0, llm_calls_per_minute=100_000,
        )  # fmt: skip
        terms = worker_terms(llm_settings(scene.stub, lease_seconds=600), classifier)
        workers = EmbeddedWorkers(
            scene.engine, classifier, ThreadBell(), terms=terms, clock=clock, watchdog_seconds=0.05, threads=4
        )
        scene.stub.script.always = "503"
        scene.accepted = list(handed_in(scene.engine, *_texts(900), now=clock()).accepted_ids)
        workers.start()
        time.sleep(600 / SPEED)
        probes = [seen.texts for seen in scene.stub.questions]
        scene.stub.script.always = None
        asked = len(scene.stub.questions)
        # The breaker learns of it with its next probe.
        wait_until(lambda: len(scene.stub.questions) > asked, seconds=60, every=0.01, what="a probe")
        back = clock()
        wait_until(lambda: scene.stub.most_in_flight >= 2 or left(scene.engine) == 0, seconds=30, every=0.01)
        full_speed = (clock() - back).total_seconds()
        took = scene.drained(60)
        workers.stop()
        classifier.close()
        single = sum(len(texts) == 1 for texts in probes)
        many = len(probes) - single
        notes = (
            f"10 minutes at {SPEED:.0f} × speed: {len(probes)} calls while away, {single} of them probes of one "
            f"comment; full speed {full_speed:.1f} s after it was back"
        )
        # Five failures in a row open the breaker, while four threads have a call each in flight.
        return outcome(
            scene, 10, "provider away for 10 minutes", drained=took, notes=notes,
            clean=many <= 8 and 1 <= single <= 10 and full_speed <= 10,
        )  # fmt: skip


def _texts(number: int) -> list[str]:
    return [text_of(n) for n in range(number)]


def poison(stage: Stage, size: Size) -> Outcome:
    """One comment whose reader is killed every time, and one that the provider always blocks."""
    with Scene(stage, "row11") as scene:
        scene.settings = {"ALUMUSIC_WORKER_THREADS": 1, "ALUMUSIC_LLM_DEADLINE_SECONDS": 1, "ALUMUSIC_LEASE_SECONDS": 2}
        scene.hand_in(400)
        deadly, blocked = "esta aqui derruba quem lê", "esta aqui o provedor bloqueia sempre"
        receipt = handed_in(scene.engine, deadly, blocked, now=datetime.now(UTC))
        scene.accepted += receipt.accepted_ids
        scene.stub.script.poison[blocked] = "safety"
        worker = scene.worker("-c", "1")
        kills = []

        def shot(text: str) -> dict[str, object]:
            if text == deadly:
                for child in children_of(worker):
                    with suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)
                        kills.append(child)
            return judge(text)

        scene.stub.script.judge = shot
        took = scene.drained(150)
        found = check(scene.engine, scene.accepted)
        with reading(scene.engine) as db:
            rows = {
                row.text: row
                for row in db.execute(
                    select(comments.c.text, comments.c.status, comments.c.error, comments.c.origin).where(
                        comments.c.text.in_([deadly, blocked])
                    )
                )
            }
        died = rows[deadly].status == Status.FAILED and rows[deadly].error == Failure.POISON
        answered = rows[blocked].status == Status.DONE and rows[blocked].origin == Origin.LOCAL
        result = outcome(scene, 11, "one comment that kills its worker, one always blocked", drained=took)
        result.passed = died and answered and found.failed == 1 and len(kills) <= MAX_ATTEMPTS + 1 and found.lost == 0
        result.notes = (
            f"the deadly one failed as {rows[deadly].error} after {len(kills)} kills, all others are done; the blocked "
            f"one was read by the house's own model"
        )
        return result
