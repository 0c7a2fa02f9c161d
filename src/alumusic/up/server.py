"""The WSGI server of `alumusic up`: threads only, on every system."""

import threading
import time
from types import TracebackType
from typing import Any, Final, Self

from flask import Flask
from waitress.server import BaseWSGIServer, create_server

from alumusic.up.bodies import PATIENCE, channel_for

_THREADS: Final = 8
_DRAIN_SECONDS: Final = 5.0


class ApiServer:
    """Serves `app` while its block lasts; on the way out requests under way may finish."""

    def __init__(self, app: Flask, *, host: str, port: int) -> None:
        longest = app.config["MAX_CONTENT_LENGTH"]
        sockets: dict[int, Any] = {}
        self._server = create_server(
            app, map=sockets, host=host, port=port, threads=_THREADS, ident=None, clear_untrusted_proxy_headers=False,
            max_request_body_size=longest * PATIENCE, channel_timeout=120, cleanup_interval=30,
        )  # fmt: skip
        # A name such as localhost has an address of each family, and waitress a server for each.
        for one in sockets.values():
            if isinstance(one, BaseWSGIServer):
                one.channel_class = channel_for(longest)
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
