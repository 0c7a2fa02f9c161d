"""Carries calls over HTTP: only to allowed addresses, only until a total deadline, and never a bottomless answer.

The SDKs' own timeouts are for each read, so a server that dribbles a byte a second keeps a call alive for ever. Here
every read, write, connect and handshake gets what is left of the call's time.
"""

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpcore
import httpx

from alumusic.llm.address import resolved_in_time

MAX_ANSWER_BYTES: Final = 2 * 1024 * 1024
"""Twenty times the longest answer that fifty comments could have."""

_LOOK_UP_SECONDS: Final = 0.5
"""How often a waiting call finds out whether somebody gave it up."""

_call: Final = threading.local()


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Let everything that this thread sends and receives end within `seconds`."""
    _call.until = time.monotonic() + seconds
    try:
        yield
    finally:
        del _call.until


@contextmanager
def giving_up_when(over: Callable[[], bool]) -> Iterator[None]:
    """Let the calls that this thread makes end as soon as `over` says so: whoever asks has no more time."""
    _call.over = over
    try:
        yield
    finally:
        del _call.over


def _left(asked: float | None, error: type[Exception]) -> float | None:
    until: float | None = getattr(_call, "until", None)
    if until is None:
        return asked
    left = until - time.monotonic()
    if left <= 0:
        raise error("the call's time is over")
    return left if asked is None else min(asked, left)


class GivenUpError(httpx.TransportError):
    """Nobody waits for the answer any more."""


class TooManyBytesError(httpx.TransportError):
    """The answer grew beyond `MAX_ANSWER_BYTES`."""


class _TimedStream(httpcore.NetworkStream):
    """A connection on which nothing outlasts the call."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        over: Callable[[], bool] | None = getattr(_call, "over", None)
        if over is None:
            return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))
        ends = time.monotonic() + timeout if timeout is not None else None
        while True:
            left = _left(None if ends is None else max(0.0, ends - time.monotonic()), httpcore.ReadTimeout)
            try:
                return self._inner.read(max_bytes, _LOOK_UP_SECONDS if left is None else min(left, _LOOK_UP_SECONDS))
            except httpcore.ReadTimeout:
                if over():
                    raise GivenUpError("nobody waits any more") from None
                if left is not None and left <= _LOOK_UP_SECONDS:
                    raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(
            self._inner.start_tls(ssl_context, server_hostname, _left(timeout, httpcore.ConnectTimeout))
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _GuardedBackend(httpcore.NetworkBackend):
    """Resolves a name once, checks where it leads, and connects to exactly that."""

    def __init__(self, *, local: bool, in_clear: bool) -> None:
        self._inner = httpcore.SyncBackend()
        self._local = local
        self._in_clear = in_clear

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            seconds = _left(timeout, httpcore.ConnectTimeout) or 30.0
            addresses = resolved_in_time(host, port, seconds=seconds, local=self._local, in_clear=self._in_clear)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(addresses[-1], port, timeout, local_address, socket_options)

    def _connect(self, address: str, port: int, timeout: float | None, *rest: Any) -> httpcore.NetworkStream:
        return _TimedStream(self._inner.connect_tcp(address, port, _left(timeout, httpcore.ConnectTimeout), *rest))


@contextmanager
def _as_httpx_errors() -> Iterator[None]:
    """The SDKs know the errors of httpx, and not those of the layer below."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise httpx.ReadTimeout(str(error)) from error
    except (httpcore.NetworkError, httpcore.ProxyError) as error:
        raise httpx.ConnectError(str(error)) from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise httpx.RemoteProtocolError(str(error)) from error


class _BoundedBody(httpx.SyncByteStream):
    def __init__(self, body: Any) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        with _as_httpx_errors():
            for chunk in self._body:
                size += len(chunk)
                if size > MAX_ANSWER_BYTES:
                    raise TooManyBytesError("the answer does not end")
                yield chunk

    def close(self) -> None:
        self._body.close()


class GuardedTransport(httpx.BaseTransport):
    """A pool of connections for one provider."""

    def __init__(self, *, local: bool, in_clear: bool, connections: int = 64) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=connections,
            max_keepalive_connections=connections,
            # Below what servers and proxies in between usually allow: a stale connection costs a failed call.
            keepalive_expiry=30.0,
            retries=0,
            network_backend=_GuardedBackend(local=local, in_clear=in_clear),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and return the answer, whose body is read as it comes."""
        with _as_httpx_errors():
            response = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        if any(
            name.lower() == b"content-encoding" and value.lower() != b"identity" for name, value in response.headers
        ):
            # Nobody asked for it, and a few bytes could unfold into gigabytes.
            response.close()
            raise TooManyBytesError("the answer is compressed")
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_BoundedBody(response.stream),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


def open_client(*, local: bool, in_clear: bool) -> httpx.Client:
    """An HTTP client for an SDK: it follows no redirect, keeps no cookie of use, and knows no proxy."""
    return httpx.Client(
        transport=GuardedTransport(local=local, in_clear=in_clear),
        follow_redirects=False,
        trust_env=False,
        # A compressed answer could be far larger than its bytes.
        headers={"Accept-Encoding": "identity"},
    )
