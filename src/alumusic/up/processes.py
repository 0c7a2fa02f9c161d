"""Programs that `alumusic up` starts beside itself, and takes down with it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx

_STOP_SECONDS: Final = 10.0


class Child:
    """A program that runs while its block lasts."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], *, stop_seconds: float = _STOP_SECONDS
    ) -> None:
        self.name = name
        self._stop_seconds = stop_seconds
        self._command = list(command)
        self._environment = dict(environment)

    def __enter__(self) -> Self:
        # In a group of its own, Ctrl-C reaches us alone, and we stop things in order.
        own_group = {"creationflags": 0x200} if sys.platform == "win32" else {"start_new_session": True}
        self._process = subprocess.Popen(  # noqa: S603
            self._command, env=os.environ | self._environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, **own_group,
        )  # fmt: skip
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(self._stop_seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None


def dashboard_command(*, port: int, host: str, api_url: str) -> tuple[list[str], dict[str, str]]:
    """How to start the dashboard, and with what in its environment."""
    app = Path(__file__).parents[1] / "dashboard" / "app.py"
    options = {
        "server.port": str(port),
        "server.address": host,
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
        "server.fileWatcherType": "none",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(app), *flags], {"ALUMUSIC_API_URL": api_url}


def celery_commands(*, threads: int) -> dict[str, list[str]]:
    """How to start Celery's worker and beat, by the name a person knows them under."""
    base = [sys.executable, "-m", "celery", "-A", "alumusic.worker.application"]
    # Threads, because processes do not exist on every system; who wants those starts workers apart.
    worker = [*base, "worker", "--loglevel", "WARNING", "--pool", "threads", "--concurrency", str(threads)]
    return {"worker": worker, "agenda": [*base, "beat", "--loglevel", "WARNING", "--pidfile="]}


def answers_at(url: str) -> bool:
    """Whether somebody answers there, and well."""
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def wait_for(ready: Callable[[], bool], *, seconds: float, alive: Callable[[], bool]) -> bool:
    """Wait until `ready`, at most so long, and not longer than what it waits for is `alive`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        if ready():
            return True
        time.sleep(0.1)
    return False
