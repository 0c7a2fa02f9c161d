"""Clients that post comments whatever happens, and remember what they were promised."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable

import httpx

from tests.chaos.listeners import text_of
from tests.chaos.stage import Api


class StubbornClient:
    """Posts lists of comments with an idempotency key each, and repeats a request until it is told 202."""

    def __init__(self, api: Callable[[], Api], headers: dict[str, str], *, size: int = 50) -> None:
        self._api = api
        self._headers = headers
        self._size = size
        self.statuses: Counter[int | str] = Counter()
        self.accepted: list[uuid.UUID] = []
        self.seconds: list[float] = []
        """How long each accepted request took, its repetitions not counted."""
        self.without_retry_after = 0
        self._next = 0
        self._lock = threading.Lock()

    def post_for(self, seconds: float, *, pause: float = 0.2, patience: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.post_once(give_up=end + patience)
            time.sleep(pause)

    def post_once(self, *, give_up: float) -> None:
        with self._lock:
            start, self._next = self._next, self._next + self._size
        # Ids of the client's own: what it cannot see the answer of, it can still look for.
        ids = [uuid.uuid4() for _ in range(self._size)]
        body = [{"id": str(id_), "texto": text_of(start + n)} for n, id_ in enumerate(ids)]
        headers = self._headers | {"Idempotency-Key": uuid.uuid4().hex}
        while time.monotonic() < give_up:
            began = time.monotonic()
            try:
                answer = self._api().client.post("/api/comentarios", json=body, headers=headers)
            except httpx.HTTPError as error:
                self.statuses[type(error).__name__] += 1
                time.sleep(0.2)
                continue
            self.statuses[answer.status_code] += 1
            if answer.status_code == 202:
                self.seconds.append(time.monotonic() - began)
                self.accepted += ids
                return
            if answer.status_code in {429, 503} and "Retry-After" not in answer.headers:
                self.without_retry_after += 1
            time.sleep(0.5)
        raise TimeoutError(f"nobody took the comments: {dict(self.statuses)}")

    def p99(self) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
