"""The WSGI server of `alumusic up`: threads only, on every system."""

import threading
import time
from types import TracebackType
from typing import Final, Self

from flask import Flask
from waitress.server import create_server

_THREADS: Final = 8
_DRAIN_SECONDS: Final = 5.0


class ApiServer:
    """Serves `app` while its block lasts; on the way out requests under way may finish."""

    def __init__(self, app: Flask, *, host: str, port: int) -> None:
        limit = app.config["MAX_CONTENT_LENGTH"] + 1024 * 1024
        self._server = create_server(
            app, host=host, port=port, threads=_THREADS, ident=None, clear_untrusted_proxy_headers=False,
            max_request_body_size=limit, channel_timeout=120, cleanup_interval=30,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._server.run, name="api", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drain()
        self._server.close()
        self._thread.join(_DRAIN_SECONDS)

    def _drain(self) -> None:
        """Wait a little for what is being answered; waitress drops it otherwise."""
        dispatcher = self._server.task_dispatcher
        end = time.monotonic() + _DRAIN_SECONDS
        while time.monotonic() < end and (dispatcher.queue or dispatcher.active_count):
            time.sleep(0.05)
