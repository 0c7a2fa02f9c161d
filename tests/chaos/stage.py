"""The scene of a fault: servers of our own, a stub provider, workers, clients, and hands that pull plugs."""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from uuid import UUID

import httpx
import psutil
from sqlalchemy import Engine, text

from alumusic.store.database import open_database
from alumusic.store.migrate import upgrade
from alumusic.store.tables import metadata
from tests.chaos.checker import Verdict, check, tracebacks_in
from tests.chaos.listeners import judge, text_of
from tests.examples import handed_in
from tests.house import GOOD_PASSWORD
from tests.servers import OwnPostgres, OwnRabbit, OwnRedis, Program, Server, free_port, wait_until
from tests.stub_provider import StubProvider
from tests.workers import CELERY, environment, left

NINE_KINDS = ("429-after", "500", "503", "drop", "hang", "malformed", "truncated", "missing", "wrong-enum")
DEADLINE_SECONDS = 4
"""Of a call; leases are twice as long."""


class Stage:
    """One for all faults of a run; `clear` makes it new for the next."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = OwnPostgres(folder / "postgres")
        self.redis = OwnRedis(folder / "redis")
        self._rabbit: OwnRabbit | None = None
        self.random = random.Random(2026)
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        self._closing.enter_context(self.postgres)
        self._closing.enter_context(self.redis)
        self.engine: Engine = open_database(self.postgres.url)
        upgrade(self.engine)
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.__exit__(*error)

    @property
    def rabbit(self) -> OwnRabbit:
        if self._rabbit is None:
            self._rabbit = self._closing.enter_context(OwnRabbit(self.folder / "rabbit"))
        return self._rabbit

    def revive(self) -> None:
        for server in (self.postgres, self.redis, self._rabbit):
            if server is not None and not server.is_alive():
                server.start()

    def clear(self) -> None:
        """Empty database, living servers."""
        self.revive()
        self.engine.dispose()
        names = ", ".join(table.name for table in metadata.sorted_tables)
        with self.engine.begin() as db:
            db.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        self.redis.ask("FLUSHALL")


class Scene:
    """What one fault plays in: a stub provider and the processes that were started, all ended with the block."""

    def __init__(self, stage: Stage, name: str, *, broker: str | None = None, engine: Engine | None = None) -> None:
        self.stage = stage
        self.engine = engine or stage.engine
        self.folder = stage.folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.broker = broker or stage.redis.url
        self.stub = StubProvider(judge=judge, seconds=0.3, retry_after="1", hang_seconds=DEADLINE_SECONDS + 1)
        self.programs: list[Program] = []
        self.accepted: list[UUID] = []
        self.errors: list[BaseException] = []
        self.settings: dict[str, object] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        self.stub.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopping.set()
        for program in self.programs:
            program.send_all(signal.SIGCONT)
            program.kill()
        self.stub.__exit__(*error)

    # --- processes ---------------------------------------------------------------------------------------------

    def env(self, **more: object) -> dict[str, str]:
        settings = {
            "CELERY_BROKER_URL": self.broker, "ALUMUSIC_CLASSIFIER": "llm", "ALUMUSIC_LLM_PROVIDER": "openai",
            "ALUMUSIC_LLM_BASE_URL": f"{self.stub.url}/v1", "ALUMUSIC_LLM_API_KEY": "stub-key",
            "ALUMUSIC_LLM_MODEL": "stub-1", "ALUMUSIC_LLM_DEADLINE_SECONDS": DEADLINE_SECONDS,
            "ALUMUSIC_LEASE_SECONDS": 2 * DEADLINE_SECONDS, "ALUMUSIC_LLM_CALLS_PER_MINUTE": 100_000,
            "ALUMUSIC_LLM_CONCURRENCY": 16, "ALUMUSIC_WORKER_THREADS": 6, "ALUMUSIC_WATCHDOG_SECONDS": 1,
            "ALUMUSIC_LOG_LEVEL": "INFO",
        }  # fmt: skip
        return environment(self.engine, self.folder, **(settings | self.settings | more))

    def worker(self, *options: str, **more: object) -> Program:
        options = options or ("-c", "2")
        name = f"worker{len(self.programs)}"
        command = [str(CELERY), "-A", "celery_app.celery", "worker", "-l", "INFO", "-n", f"{name}@%h", *options]
        return self._started(Program(command, log=self.folder / f"{name}.log", env=self.env(**more)))

    def api(self, **more: object) -> "Api":
        port = free_port()
        command = [
            str(CELERY.with_name("gunicorn")), "wsgi:app", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
            "--workers", "1", "--threads", "8", "--timeout", "120", "--log-level", "warning",
        ]  # fmt: skip
        program = Program(command, log=self.folder / f"api{len(self.programs)}.log", env=self.env(**more))
        return Api(self._started(program), port)

    def everything(self, port: int, **more: object) -> "Api":
        """`alumusic up`: all of it in one process on SQLite."""
        env = {
            name: value for name, value in self.env(**more).items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}
        }
        command = [sys.executable, "-m", "alumusic", "up", "--no-dashboard", "--port", str(port)]
        program = Program(command, log=self.folder / f"up{len(self.programs)}.log", env=env)
        return Api(self._started(program), port)

    def _started(self, program: Program) -> Program:
        self.programs.append(program.start())
        return program

    # --- what goes on meanwhile ------------------------------------------------------------------------------

    def hand_in(self, number: int, *, start: int = 0, piece: int = 500, prefix: str = "comentário") -> None:
        for begin in range(start, start + number, piece):
            texts = [text_of(n, prefix=prefix) for n in range(begin, min(begin + piece, start + number))]
            receipt = handed_in(self.engine, *texts, now=datetime.now(UTC))
            with self._lock:
                self.accepted += receipt.accepted_ids

    def meanwhile(self, do: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                do()
            except BaseException as error:
                self.errors.append(error)
                raise

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def every(self, seconds: float, do: Callable[[], object], *, lasting: float) -> threading.Thread:
        """Do something every so often for so long, in a thread."""
        end = time.monotonic() + lasting

        def repeat() -> None:
            while not self._stopping.wait(seconds) and time.monotonic() < end:
                do()

        return self.meanwhile(repeat)

    def keep_failing(self, share: float) -> None:
        """Let so many of the calls fail, in nine ways."""
        script = self.stub.script

        def top_up() -> None:
            while not self._stopping.wait(0.05):
                while len(script.faults) < 50:
                    failing = self.stage.random.random() < share
                    script.faults.append(self.stage.random.choice(NINE_KINDS) if failing else "none")

        self.meanwhile(top_up)

    def stop_failing(self) -> None:
        self.stub.script.faults.clear()

    # --- hands -----------------------------------------------------------------------------------------------

    def kill_a_child(self, worker: Program) -> int:
        """kill -9 one of the processes that a worker's main process has started; how many there were."""
        children = children_of(worker)
        if children:
            with suppress(ProcessLookupError):
                os.kill(self.stage.random.choice(children), signal.SIGKILL)
        return len(children)

    def replace(self, worker: Program) -> None:
        """kill -9 of a worker with all its processes, and another in its place."""
        worker.kill()
        worker.start()

    # --- the end ---------------------------------------------------------------------------------------------

    def drained(self, seconds: float) -> float:
        return wait_until(lambda: left(self.engine) == 0, seconds=seconds, every=0.25, what="every comment final")

    def verdict(self, **options: bool) -> Verdict:
        found = check(self.engine, self.accepted, **options)
        for program in self.programs:
            found.tracebacks += tracebacks_in(program.output())
        return found


def children_of(worker: Program) -> list[int]:
    try:
        return [child.pid for child in psutil.Process(worker.pid).children()]
    except psutil.NoSuchProcess:
        return []


@contextmanager
def crashing(server: Server) -> Iterator[None]:
    server.kill()
    try:
        yield
    finally:
        server.start()


class Api:
    """An API that a client talks to."""

    def __init__(self, program: Program, port: int) -> None:
        self.program = program
        self.port = port
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False)

    def is_up(self) -> bool:
        try:
            return self.client.get("/saude", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def wait(self, seconds: float = 60) -> Self:
        wait_until(lambda: self.is_up() or not self.program.is_alive(), seconds=seconds, what="the API")
        return self

    def sign_in(self) -> dict[str, str]:
        """The headers of the administrator, who is made where there is none yet."""
        account = {"email": "bia@exemplo.com", "password": GOOD_PASSWORD}
        self.client.post("/auth/register", json=account)
        token = self.client.post("/auth/login", json=account).raise_for_status().json()["access_token"]
        return {"Authorization": f"Bearer {token}"}
