"""Routes beside Streamlit's: the cookie of a session, downloads of any size, and headers that keep strangers out."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx
import streamlit
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from alumusic.dashboard.backend import current
from alumusic.dashboard.client import Api, ApiError, SessionEndedError
from alumusic.dashboard.session import COOKIE

SESSION_PATH: Final = "/sessao"
EXPORT_PATH: Final = "/exportar"
OWN_HEADER: Final = "x-alumusic"
"""Another site cannot send this header without asking first, and is never allowed to."""

_COOKIE_SECONDS: Final = 30 * 24 * 3600
_FORMATS: Final = ("csv", "json", "ndjson")
_PASSED_ON: Final = ("content-type", "content-disposition")

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def open_session(request: Request) -> Response:
    """Exchange a ticket for the cookie."""
    if OWN_HEADER not in request.headers:
        return PlainTextResponse("Este endereço é só para o painel.", 403)
    handle = current().sessions.redeem((await request.body())[:200].decode("ascii", "replace"))
    if handle is None:
        return PlainTextResponse("Esta entrada não vale mais; entre de novo.", 410)
    response = Response(status_code=204)
    response.set_cookie(
        COOKIE, handle, max_age=_COOKIE_SECONDS, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return response


async def close_session(request: Request) -> Response:
    """Take the cookie back."""
    if OWN_HEADER not in request.headers:
        return PlainTextResponse("Este endereço é só para o painel.", 403)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response


async def export(request: Request) -> Response:
    """Pass a whole filtered set through, piece by piece: the dashboard never holds it."""
    api = current().api_of(request.cookies.get(COOKIE))
    if api is None:
        return PlainTextResponse("Entre no painel para baixar os comentários.", 401)
    if request.query_params.get("format") not in _FORMATS:
        return PlainTextResponse("Escolha o formato: csv, json ou ndjson.", 400)
    try:
        answer = await run_in_threadpool(_asked, api, request.url.query)
    except SessionEndedError as error:
        return PlainTextResponse(error.sentence, 401)
    except ApiError as error:
        return PlainTextResponse(error.sentence, error.status or 502)
    headers = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
    return StreamingResponse(_pieces(answer), headers=headers)


def _asked(api: Api, query: str) -> httpx.Response:
    return api.download(f"/api/comentarios?{query}")


async def _pieces(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for piece in iterate_in_threadpool(answer.iter_bytes()):
            yield piece
    finally:
        await run_in_threadpool(answer.close)


ROUTES: Final = (
    Route(SESSION_PATH, open_session, methods=["POST"]),
    Route(SESSION_PATH, close_session, methods=["DELETE"]),
    Route(EXPORT_PATH, export, methods=["GET"]),
)


@cache
def _hashes_of_inline_scripts() -> str:
    """Streamlit's page has a script of its own between its tags; no other may run."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    digests = (
        hashlib.sha256(body.encode()).digest() for body in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    )
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def headers() -> Mapping[str, str]:
    """What every answer says to the browser: load nothing from elsewhere, and let nobody frame us."""
    policy = (
        "default-src 'self'; "
        # Charts are compiled in the browser, and components arrive as text.
        f"script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval' blob: {_hashes_of_inline_scripts()}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self' ws: wss:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )
    return {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }


class SafeHeaders:
    """Adds the headers to every answer."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in headers().items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""

        async def send_with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = message | {"headers": [*message.get("headers", []), *self._headers]}
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
