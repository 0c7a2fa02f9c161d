"""The whole product on loopback, started as anybody starts it, for tests that look at it through a browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds that a page may take to show something: a slow machine is no defect.
WAIT = 30_000
PASSWORD = "cavalo bateria grampo correto"


@dataclass(frozen=True)
class Stand:
    """Where the API and the dashboard answer."""

    api: str
    dashboard: str

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.api, headers=headers, timeout=60, trust_env=False)

    def register(self, email: str, **more: str) -> None:
        with self.client() as client:
            answer = client.post("/auth/register", json={"email": email, "password": PASSWORD, **more})
            assert answer.status_code == 201, answer.text

    def token(self, email: str) -> str:
        with self.client() as client:
            answer = client.post("/auth/login", json={"email": email, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            return str(answer.json()["access_token"])

    def finish(self, token: str, task_id: str, *, seconds: float = 180) -> dict[str, object]:
        """Wait until a task is done, and return it."""
        end = time.monotonic() + seconds
        with self.client(token) as client:
            while True:
                found: dict[str, object] = client.get(f"/api/tasks/{task_id}").json()
                if found["concluido_em"] is not None:
                    return found
                assert time.monotonic() < end, f"the task is not done within {seconds} s: {found}"
                time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path) -> Iterator[Stand]:
    """`alumusic up` on free ports, with its data in `folder`."""
    stand = Stand(f"http://127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}")
    ports = ["--port", stand.api.rsplit(":", 1)[1], "--dashboard-port", stand.dashboard.rsplit(":", 1)[1]]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ALUMUSIC_")}
    # A folder of its own, so that no .env of a developer has a say.
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "alumusic", "up", "--data", str(folder / "data"), *ports],
            cwd=folder,
            env=ours | {"PYTHONUNBUFFERED": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_ready(process, folder / "up.log")
            yield stand
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(120)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + 180
    while "Tudo pronto" not in log.read_text(encoding="utf-8", errors="replace"):
        assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")
        assert time.monotonic() < end, log.read_text(encoding="utf-8", errors="replace")
        time.sleep(0.1)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window; what is expected of its pages may take `WAIT`."""
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
