"""`kill -9` at any moment loses nothing that was answered with 202, and doubles nothing."""

import io
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from tests.servers import Program, free_port, wait_until

ACCOUNT = {"email": "ana@exemplo.com", "password": "cavalo bateria grampo"}
KILLS = 4
ENOUGH_SECONDS = 12
"""After so long a busy machine need not kill again: one more time comes at the end."""
FILE_ROWS = 1_000
PAUSE_SECONDS = 0.02
"""Between two requests of one sender: without it the last start has more to classify than a test should take."""


class Product(Program):
    """The embedded product as `make up` starts it, with its data in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        ours = ("ALUMUSIC_", "DATABASE_URL", "CELERY_", "GOOGLE_API_KEY", "SECRET_KEY", "JWT_SECRET_KEY")
        env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        command = [sys.executable, "-m", "alumusic", "up", "--no-dashboard", "--data", str(folder / "data")]
        super().__init__([*command, "--port", str(self.port)], log=folder / "up.log", env=env)

    def answers(self) -> bool:
        assert self.is_alive(), self.output()
        try:
            return httpx.get(f"{self.address}/saude", trust_env=False, timeout=10).is_success
        except httpx.HTTPError:
            return False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Sender:
    """Somebody who goes on sending, notes what was answered with 202, and repeats what was not answered at all."""

    def __init__(self, address: str, token: str, stop: threading.Event) -> None:
        self._client = httpx.Client(
            base_url=address, trust_env=False, timeout=60, headers={"Authorization": f"Bearer {token}"}
        )
        self._stop = stop
        self.accepted: list[str] = []
        """Texts that were answered with 202."""
        self.others: list[int] = []
        """Every other answer."""

    def run(self, sends: Callable[["Sender", int], list[str]]) -> None:
        with self._client:
            number = 0
            while not self._stop.is_set():
                self.accepted += sends(self, number)
                number += 1
                self._stop.wait(PAUSE_SECONDS)

    def until_answered(self, send: Callable[[httpx.Client], httpx.Response]) -> bool:
        """Send the same again until somebody answers; whether the answer was 202."""
        while True:
            try:
                answer = send(self._client)
            except httpx.HTTPError:
                if self._stop.is_set():
                    return False
                time.sleep(0.02)
                continue
            if answer.status_code != 202:
                self.others.append(answer.status_code)
            return answer.status_code == 202


def posts_one_by_one(sender: Sender, number: int) -> list[str]:
    """A comment with a key: sent again without an answer, it is the same comment."""
    text = f"um por um {number}"

    def send(client: httpx.Client) -> httpx.Response:
        return client.post("/api/comentarios", json={"texto": text}, headers={"Idempotency-Key": text})

    return [text] if sender.until_answered(send) else []


def posts_lists(sender: Sender, number: int) -> list[str]:
    """A list whose comments name themselves: sent again without an answer, they are the same comments."""
    texts = [f"lista {number}/{n}" for n in range(50)]
    body = [{"texto": text, "fonte": "teste", "id_externo": text} for text in texts]
    return texts if sender.until_answered(lambda client: client.post("/api/comentarios", json=body)) else []


def uploads_files(sender: Sender, number: int) -> list[str]:
    """A file, which is known by its content."""
    texts = [f"arquivo {number}/{n}" for n in range(FILE_ROWS)]
    content = "\n".join(["texto", *texts]).encode()

    def send(client: httpx.Client) -> httpx.Response:
        return client.post("/api/llm/analyze", files={"file": ("c.csv", io.BytesIO(content))})

    return texts if sender.until_answered(send) else []


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_nothing_that_was_accepted_is_lost_or_doubled_however_often_it_is_killed(tmp_path):
    product, stop, choice = Product(tmp_path), threading.Event(), Random(7)
    senders: list[Sender] = []
    threads: list[threading.Thread] = []
    try:
        product.start()
        wait_until(product.answers)
        token = signed_up(product.address)
        for sends in (posts_one_by_one, posts_lists, uploads_files):
            sender = Sender(product.address, token, stop)
            senders.append(sender)
            threads.append(threading.Thread(target=sender.run, args=(sends,)))
            threads[-1].start()
        began = time.monotonic()
        for number in range(KILLS):
            if number and time.monotonic() - began > ENOUGH_SECONDS:
                break
            time.sleep(choice.uniform(0.4, 2.0))
            product.kill()
            product.start()
            wait_until(product.answers)
        # Each of them gets something through, however slow the machine.
        wait_until(lambda: all(sender.accepted for sender in senders))
        stop.set()
        for thread in threads:
            thread.join(120)
        product.kill()
        product.start()
        wait_until(product.answers)
        check_everything(product.address, token, senders)
    finally:
        stop.set()
        for thread in threads:
            thread.join(120)
        product.kill()


def signed_up(address: str) -> str:
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        client.post("/auth/register", json=ACCOUNT).raise_for_status()
        return str(client.post("/auth/login", json=ACCOUNT).raise_for_status().json()["access_token"])


def check_everything(address: str, token: str, senders: list[Sender]) -> None:
    accepted = [text for sender in senders for text in sender.accepted]
    # A product that is going down may only say that it is not there now.
    assert {code for sender in senders for code in sender.others} <= {429, 503}
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=address, trust_env=False, headers=headers, timeout=60) as client:

        def all_is_done() -> bool:
            waiting = client.get("/api/comentarios", params={"status": ["PENDENTE", "PROCESSANDO"], "limit": 1})
            return bool(waiting.raise_for_status().json()["total"] == 0)

        wait_until(all_is_done, seconds=300, every=0.2)
        found = [json.loads(line) for line in client.get("/api/comentarios?format=ndjson").text.splitlines()]
    texts = [comment["texto"] for comment in found]
    assert len(texts) == len(set(texts)), "a comment is doubled"
    assert set(accepted) <= set(texts), "an accepted comment is lost"
    # A file is kept as a whole or not at all, even where nobody heard the answer.
    assert sum(text.startswith("arquivo") for text in texts) % FILE_ROWS == 0
    assert {comment["status"] for comment in found} == {"CONCLUIDO"}
    assert all(one_opinion(comment) for comment in found)


def one_opinion(comment: dict[str, Any]) -> bool:
    return comment["categoria"] is not None and comment["erro"] is None
