"""Faults of workers, brokers and the database: kill -9, flushes, freezes, restarts."""

import os
import signal
import time
from dataclasses import dataclass

from sqlalchemy import func, select

from alumusic.store.database import reading
from alumusic.store.tables import comments
from tests.chaos.clients import StubbornClient
from tests.chaos.stage import DEADLINE_SECONDS, Scene, Stage, children_of
from tests.chaos.table import Outcome
from tests.servers import ResettingProxy, free_port, wait_until
from tests.workers import a_worker_was_seen, left


@dataclass(frozen=True)
class Size:
    """How much of everything: less in CI than by night."""

    comments: int = 10_000
    seconds: float = 60.0


def outcome(
    scene: Scene,
    number: int,
    fault: str,
    *,
    drained: float | None,
    notes: str = "",
    clean: bool = True,
    **options: bool,
) -> Outcome:
    found = scene.verdict(**options)
    passed = clean and found.is_clean and not scene.errors
    more = [f"{type(error).__name__}: {error}" for error in scene.errors]
    if not passed:
        more.append(str(found))
    notes = "; ".join([notes, f"most attempts {found.most_attempts}", *more]).lstrip("; ")
    return Outcome(number, fault, passed, found.accepted, drained, notes, found)


def feed(scene: Scene, size: Size) -> None:
    """Hand comments in over the time that the fault lasts."""
    pieces = 20
    for piece in range(pieces):
        scene.hand_in(size.comments // pieces, start=piece * (size.comments // pieces))
        time.sleep(size.seconds * 0.9 / pieces)


def ready(scene: Scene) -> None:
    wait_until(lambda: a_worker_was_seen(scene.engine), seconds=90, what="a worker")


def kill_9(stage: Stage, size: Size, *, number: int = 1, failing: float = 0.0) -> Outcome:
    with Scene(stage, f"row{number}") as scene:
        worker = scene.worker("-c", "3")
        ready(scene)
        if failing:
            scene.keep_failing(failing)
        killed: list[int] = []
        kills = scene.every(3, lambda: killed.append(scene.kill_a_child(worker)), lasting=size.seconds)
        feed(scene, size)
        kills.join()
        took = scene.drained(60)
        kinds = ", 30 % of calls failing in nine ways" if failing else ""
        fault = f"kill -9 of a worker's process every 3 s for {size.seconds:.0f} s{kinds}"
        notes = f"{len(killed)} kills, {len(scene.stub.questions)} calls"
        return outcome(scene, number, fault, drained=took, notes=notes, clean=took <= (60 if failing else 30))


def kill_9_and_failing_calls(stage: Stage, size: Size) -> Outcome:
    return kill_9(stage, size, number=2, failing=0.3)


def database_crashes(stage: Stage, size: Size) -> Outcome:
    with Scene(stage, "row3") as scene:
        worker, api = scene.worker("-c", "3"), scene.api().wait()
        headers = api.sign_in()
        ready(scene)
        scene.keep_failing(0.3)
        client = StubbornClient(lambda: api, headers, size=max(10, int(size.comments / size.seconds / 4)))
        crashes: list[float] = []

        def crash() -> None:
            stage.postgres.crash()
            time.sleep(1.0)
            began = time.monotonic()
            stage.postgres.start()
            crashes.append(time.monotonic() - began)

        plugs = [
            scene.every(3, lambda: scene.kill_a_child(worker), lasting=size.seconds),
            scene.every(20, crash, lasting=size.seconds),
        ]
        client.post_for(size.seconds, pause=0.2)
        for plug in plugs:
            plug.join()
        stage.revive()
        scene.accepted = client.accepted
        took = scene.drained(90)
        polite = not any(isinstance(status, int) and status >= 500 and status != 503 for status in client.statuses)
        notes = f"{len(crashes)} crashes; answers {dict(client.statuses)}"
        return outcome(
            scene, 3, "the same, and PostgreSQL crashes every 20 s", drained=took, notes=notes,
            clean=polite and not client.without_retry_after and took <= 60,
        )  # fmt: skip


def broker_is_flushed(stage: Stage, size: Size) -> Outcome:
    return _broker_chaos(
        stage, size, 4, "Redis FLUSHALL every 10 s, kill -9 of it every 20 s, of all workers every 10 s"
    )


def rabbit_is_killed(stage: Stage, size: Size) -> Outcome:
    return _broker_chaos(stage, size, 6, "RabbitMQ kill -9 every 25 s, of all workers every 10 s", rabbit=True)


def _broker_chaos(stage: Stage, size: Size, number: int, fault: str, *, rabbit: bool = False) -> Outcome:
    server = stage.rabbit if rabbit else stage.redis
    with Scene(stage, f"row{number}", broker=server.url) as scene:
        worker = scene.worker("-c", "3")
        ready(scene)

        def flush() -> None:
            if stage.redis.is_ready():
                stage.redis.ask("FLUSHALL")

        plugs = [
            scene.every(10, lambda: scene.replace(worker), lasting=size.seconds),
            scene.every(25 if rabbit else 20, server.restart, lasting=size.seconds),
        ]
        if not rabbit:
            plugs.append(scene.every(10, flush, lasting=size.seconds))
        feed(scene, size)
        for plug in plugs:
            plug.join()
        took = scene.drained(60)
        return outcome(scene, number, fault, drained=took)


def no_broker_at_all(stage: Stage, size: Size) -> Outcome:
    number = max(500, size.comments // 2)
    p99 = {}
    for broker in ("there", "absent"):
        stage.clear()
        url = stage.redis.url if broker == "there" else f"redis://127.0.0.1:{free_port()}/0"
        with Scene(stage, f"row5_{broker}", broker=url) as scene:
            api = scene.api().wait()
            client = StubbornClient(lambda api=api: api, api.sign_in(), size=10)
            client.post_once(give_up=time.monotonic() + 30)
            client.seconds.clear()
            for _ in range(number // 10 - 1):
                client.post_once(give_up=time.monotonic() + 30)
            p99[broker] = client.p99()
            scene.accepted = client.accepted
            scene.worker("-c", "2")
            took = scene.drained(75)
            result = outcome(scene, 5, "Redis absent throughout", drained=took, clean=took <= 60)
    # A busy machine's p99 jumps by a few milliseconds: below 10 there is nothing to tell apart.
    as_quick = p99["absent"] <= max(1.2 * p99["there"], p99["there"] + 0.01)
    result.passed &= as_quick
    result.notes = f"ingest p99 {p99['absent'] * 1e3:.0f} ms, with Redis {p99['there'] * 1e3:.0f} ms; {result.notes}"
    return result


def frozen_and_reset(stage: Stage, size: Size) -> Outcome:
    number = size.comments // 20
    with (
        ResettingProxy(stage.redis.port) as proxy,
        Scene(stage, "row7", broker=f"redis://127.0.0.1:{proxy.port}/0") as scene,
    ):
        worker = scene.worker("-c", "2")
        ready(scene)
        stage.redis.send(signal.SIGSTOP)
        try:
            scene.hand_in(number)
            frozen = scene.drained(30)
            time.sleep(max(0.0, size.seconds / 2 - frozen))
        finally:
            stage.redis.send(signal.SIGCONT)
        resets = 0
        for _ in range(20):
            resets += proxy.reset_all()
            time.sleep(0.3)
        scene.hand_in(number, start=number)
        reset = scene.drained(30)
        stage.redis.send(signal.SIGSTOP)
        try:
            stopped = worker.stop(40)
        finally:
            stage.redis.send(signal.SIGCONT)
        notes = (
            f"work done {frozen:.1f} s after the freeze and {reset:.1f} s after {resets} resets; SIGTERM while frozen "
            f"obeyed in {stopped:.1f} s"
        )
        fault = f"broker frozen {size.seconds / 2:.0f} s; all its connections reset 20 times"
        return outcome(
            scene, 7, fault, drained=reset, notes=notes, clean=stopped <= 22 and reset <= 10 and frozen <= 10
        )


def frozen_worker(stage: Stage, size: Size) -> Outcome:
    with Scene(stage, "row9") as scene:
        scene.stub.script.seconds = 1.0
        scene.hand_in(300)
        worker = scene.worker("-c", "1")
        wait_until(lambda: scene.stub.in_flight > 0, seconds=90, every=0.01)
        [child] = children_of(worker)
        os.kill(child, signal.SIGSTOP)
        with reading(scene.engine) as db:
            held = set(db.scalars(select(comments.c.id).where(comments.c.lease.is_not(None))))
        time.sleep(2 * DEADLINE_SECONDS + 1)
        other = scene.worker("-c", "1")
        took = scene.drained(60)
        before = _last_written(scene)
        os.kill(child, signal.SIGCONT)
        time.sleep(3)
        after = _last_written(scene)
        result = outcome(
            scene, 9, "a worker frozen past its lease, then thawed", drained=took, clean=bool(held) and before == after
        )
        result.notes = f"it held {len(held)} comments and wrote {0 if before == after else 'some'} rows; {result.notes}"
        other.stop()
        return result


def _last_written(scene: Scene) -> object:
    with reading(scene.engine) as db:
        return db.execute(select(func.max(comments.c.done_at), func.count(comments.c.done_at))).one()


def rolling_sigterm(stage: Stage, size: Size) -> Outcome:
    with Scene(stage, "row14") as scene:
        scene.hand_in(size.comments)
        workers = [scene.worker("-c", "2"), scene.worker("-P", "threads", "-c", "4")]
        ready(scene)
        stopped = []
        for turn in range(5):
            time.sleep(max(1.5, size.seconds / 20))
            old = workers[turn % 2]
            stopped.append(old.stop(40))
            workers[turn % 2] = scene.worker(*(("-c", "2") if turn % 2 == 0 else ("-P", "threads", "-c", "4")))
        busy = left(scene.engine)
        took = scene.drained(120)
        result = outcome(scene, 14, "rolling SIGTERM × 5 under load", drained=took, clean=max(stopped) <= 20)
        assert result.verdict is not None
        result.passed &= result.verdict.most_attempts == 0
        result.notes = f"{busy} still waited; slowest end {max(stopped):.1f} s; {result.notes}"
        return result
