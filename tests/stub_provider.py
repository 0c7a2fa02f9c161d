"""A language model's provider on loopback that speaks Gemini's and OpenAI's wire formats and has every fault we know.

It reads comments out of our own prompt, so a test says what should come back, comment by comment, and nothing leaves
the machine. Faults are given as a list that is used up call by call, for good, or for comments that hold some words.
"""

import json
import math
import re
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Item = dict[str, Any]
Judge = Callable[[str], Item]

DATA = re.compile(r"<(comentarios-[a-z0-9]+)>\n(.*)\n</\1>", re.DOTALL)
KEY = "stub-key"


@dataclass(frozen=True)
class Seen:
    """One request, as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw) if self.raw else {}

    @property
    def is_question(self) -> bool:
        return self.method == "POST"

    @property
    def said(self) -> str:
        """The system's and the user's words."""
        return "\n".join(self.messages)

    @property
    def messages(self) -> list[str]:
        body = self.body
        if "messages" in body:
            return [message["content"] for message in body["messages"]]
        parts = [*body.get("systemInstruction", {}).get("parts", [])]
        for content in body.get("contents", []):
            parts += content["parts"]
        return [part["text"] for part in parts]

    @property
    def items(self) -> list[Item]:
        """The comments that were asked about: `k` and `t` of each."""
        found = DATA.search(self.messages[-1])
        return json.loads(found[2]) if found else []

    @property
    def texts(self) -> list[str]:
        return [item["t"] for item in self.items]


def praise(_text: str) -> Item:
    return {"c": "ELOGIO", "p": 0.9, "t": ["melodia"]}


@dataclass
class Script:
    """What the provider does; tests change it as they go."""

    judge: Judge = praise
    faults: deque[str] = field(default_factory=deque)
    """Used up one by one, before anything else."""
    always: str | None = None
    poison: dict[str, str] = field(default_factory=dict)
    """Words in a comment, and the fault of every call that holds such a comment."""
    rewrite: Callable[[str, Seen], str] | None = None
    """Makes another text of the answer's."""
    models: tuple[str, ...] = ("stub-1",)
    api_key: str | None = None
    """The only key that is accepted, if any."""
    retry_after: str = "7"
    seconds: float = 0.0
    seconds_per_output_token: float = 0.0
    hang_seconds: float = 20.0


class StubProvider:
    """A provider on a port of its own; use it as a context."""

    def __init__(self, **script: Any) -> None:
        self.script = Script(**script)
        self.seen: list[Seen] = []
        self.input_tokens = 0
        self.output_tokens = 0
        self.in_flight = 0
        self.most_in_flight = 0
        self.connections = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()
        handler = type("Handler", (_Handler,), {"stub": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def questions(self) -> list[Seen]:
        return [seen for seen in self.seen if seen.is_question]

    @property
    def asked(self) -> list[list[str]]:
        """The texts of each question."""
        return [seen.texts for seen in self.questions]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Clients that go away are what tests are about."""


def tokens(text: str) -> int:
    """Four characters are a token."""
    return math.ceil(len(text) / 4)


# What a 429 of Gemini says about a quota of the minute and of the day.
def _quota(per: str) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{"quotaId": f"GenerateRequestsPer{per}PerProjectPerModel-FreeTier"}],
    }


_RETRY_INFO = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "11.5s"}
_BAD_KEY = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}


class _Handler(BaseHTTPRequestHandler):
    stub: StubProvider
    asked = False
    """Whether a question is in flight."""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        with self.stub.lock:
            self.stub.connections += 1

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        seen = self._note()
        if self._refuses_key(seen):
            return
        wanted = self.path.rsplit("/models/", 1)[1] if "/models/" in self.path else None
        names = self.stub.script.models
        if wanted is not None and wanted not in names:
            self._error(404)
        elif wanted is not None:
            self._json(200, {"name": f"models/{wanted}", "id": wanted})
        else:
            self._json(200, {"object": "list", "data": [{"id": name, "object": "model"} for name in names]})

    def do_POST(self) -> None:
        seen = self._note()
        if self._refuses_key(seen):
            return
        stub = self.stub
        self.asked = True
        with stub.lock:
            stub.in_flight += 1
            stub.most_in_flight = max(stub.most_in_flight, stub.in_flight)
        try:
            with suppress(ConnectionError):
                self._answer(seen, *self._fault(seen))
        finally:
            self._no_longer_in_flight()

    def _no_longer_in_flight(self) -> None:
        """Count a question out, once; whoever has its answer may ask the next before this thread goes on."""
        if self.asked:
            self.asked = False
            with self.stub.lock:
                self.stub.in_flight -= 1

    def _note(self) -> Seen:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.command, self.path, headers, self.rfile.read(length))
        with self.stub.lock:
            self.stub.seen.append(seen)
        return seen

    def _refuses_key(self, seen: Seen) -> bool:
        wanted = self.stub.script.api_key
        given = seen.headers.get("x-goog-api-key") or seen.headers.get("authorization", "").removeprefix("Bearer ")
        if wanted is None or given == wanted:
            return False
        self._apply("bad-key")
        return True

    def _fault(self, seen: Seen) -> tuple[str | None, int]:
        """What goes wrong this time, and which of the comments it is about."""
        script = self.stub.script
        with self.stub.lock:
            if script.faults:
                return script.faults.popleft(), 0
        for words, fault in script.poison.items():
            for number, text in enumerate(seen.texts):
                if words in text:
                    return fault, number
        return script.always, 0

    @property
    def _is_gemini(self) -> bool:
        return ":generateContent" in self.path or "/models/" in self.path

    def _answer(self, seen: Seen, fault: str | None, about: int) -> None:
        if fault is not None and self._apply(fault):
            return
        rows = [{"k": item["k"], **self.stub.script.judge(item["t"])} for item in seen.items]
        text = json.dumps({"r": _spoiled_rows(rows, fault, about)}, ensure_ascii=False, separators=(",", ":"))
        if self.stub.script.rewrite is not None:
            text = self.stub.script.rewrite(text, seen)
        text, finish = _spoiled_text(text, fault)
        self._speak(seen, text, finish)

    def _apply(self, fault: str) -> bool:
        """Do what `fault` asks for instead of answering; False where it only spoils an answer."""
        trick = getattr(self, f"_do_{fault.replace('-', '_')}", None)
        if trick is not None:
            trick()
            return True
        if re.fullmatch(r"\d{3}", fault):
            self._error(int(fault))
            return True
        return False

    # --- faults of the wire ------------------------------------------------------------------------------------

    def _do_429_after(self) -> None:
        self._error(429, headers={"Retry-After": self.stub.script.retry_after})

    def _do_429_info(self) -> None:
        self._error(429, details=[_quota("Minute"), _RETRY_INFO], message="check your plan and billing details")

    def _do_quota(self) -> None:
        self._error(429, details=[_quota("Day")], code="insufficient_quota")

    def _do_bad_key(self) -> None:
        if self._is_gemini:
            self._error(400, details=[_BAD_KEY], message="API key not valid. Please pass a valid API key.")
        else:
            self._error(401, code="invalid_api_key")

    def _do_redirect(self) -> None:
        self._json(302, {}, headers={"Location": "http://127.0.0.1:1/secret"})

    def _do_html(self) -> None:
        self._raw(200, b"<html>proxy</html>", "text/html")

    def _do_503_html(self) -> None:
        self._raw(503, b"<html>upstream</html>", "text/html")

    def _do_hang(self) -> None:
        self.stub.closing.wait(self.stub.script.hang_seconds)
        self.close_connection = True

    def _do_drop(self) -> None:
        # A reset instead of a goodbye.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _do_dribble(self) -> None:
        """A body that comes a byte at a time, each of them in time."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self._dribble(b" ")

    def _do_dribble_head(self) -> None:
        """Headers that never end."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._dribble(b"x")

    def _dribble(self, byte: bytes) -> None:
        ends = time.monotonic() + self.stub.script.hang_seconds
        while time.monotonic() < ends and not self.stub.closing.wait(0.05):
            self.wfile.write(byte)
        self.close_connection = True

    def _do_huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(10 * 1024 * 1024))
        self.end_headers()
        for _ in range(160):
            self.wfile.write(b" " * 65_536)

    def _do_gzip(self) -> None:
        self._raw(200, b"\x1f\x8b\x08\x00", "application/json", headers={"Content-Encoding": "gzip"})

    def _do_safety(self) -> None:
        self._speak(None, "", "SAFETY")

    def _do_blocked_prompt(self) -> None:
        if self._is_gemini:
            self._json(200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
        else:
            self._error(400, code="content_filter")

    def _do_no_candidates(self) -> None:
        self._json(200, {"candidates": []} if self._is_gemini else {"choices": []})

    # --- answers -----------------------------------------------------------------------------------------------

    def _speak(self, seen: Seen | None, text: str, finish: str) -> None:
        stub, script = self.stub, self.stub.script
        schema = json.dumps(_schema_of(seen.body), ensure_ascii=False, separators=(",", ":")) if seen else ""
        asked = tokens(seen.said) + tokens(schema) if seen else 0
        said = tokens(text)
        with stub.lock:
            stub.input_tokens += asked
            stub.output_tokens += said
        if wait := script.seconds + said * script.seconds_per_output_token:
            time.sleep(wait)
        if self._is_gemini:
            candidate: dict[str, Any] = {"index": 0, "finishReason": finish}
            if finish != "SAFETY":
                candidate["content"] = {"role": "model", "parts": [{"text": text}] if text else []}
            usage = {"promptTokenCount": asked, "candidatesTokenCount": said, "totalTokenCount": asked + said}
            self._json(200, {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "stub-1"})
            return
        reason = {"STOP": "stop", "MAX_TOKENS": "length", "SAFETY": "content_filter"}[finish]
        message = {"role": "assistant", "content": text, "refusal": None}
        self._json(
            200,
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": "stub-1",
                "choices": [{"index": 0, "finish_reason": reason, "message": message}],
                "usage": {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said},
            },
        )

    def _error(
        self,
        status: int,
        *,
        headers: dict[str, str] | None = None,
        details: Sequence[dict[str, Any]] = (),
        message: str = "something the provider says",
        code: str = "error",
    ) -> None:
        if self._is_gemini:
            error: dict[str, Any] = {"code": status, "message": message, "status": "STATUS", "details": list(details)}
        else:
            # The compatible face of Gemini sends the same details.
            error = {"message": message, "type": code, "code": code, "details": list(details)}
        self._json(status, {"error": error}, headers=headers)

    def _json(self, status: int, value: object, *, headers: dict[str, str] | None = None) -> None:
        self._raw(status, json.dumps(value, ensure_ascii=False).encode(), "application/json", headers=headers)

    def _raw(self, status: int, body: bytes, kind: str, *, headers: dict[str, str] | None = None) -> None:
        self._no_longer_in_flight()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _schema_of(body: dict[str, Any]) -> object:
    if "response_format" in body:
        return body["response_format"]["json_schema"]["schema"]
    return body.get("generationConfig", {}).get("responseJsonSchema", {})


def _spoiled_rows(rows: list[Item], fault: str | None, about: int) -> list[Any]:
    """The answer's rows with one of them spoiled."""
    chosen = rows[about : about + 1]
    changes: dict[str, Callable[[Item], list[Any]]] = {
        "wrong-enum": lambda row: [row | {"c": "RECLAMAÇÃO"}],
        "wrong-type": lambda row: [row | {"p": "alta"}],
        "wrong-row": lambda row: ["ELOGIO"],
        "missing": lambda row: [],
        "extra": lambda row: [row, row | {"k": "zzzz"}],
        "foreign": lambda row: [row | {"k": "zzzz"}],
        "duplicated": lambda row: [row, row | {"c": "SPAM"}],
        "too-sure": lambda row: [row | {"p": 7.5}],
        "not-a-number": lambda row: [row | {"p": math.nan}],
        "strange-tags": lambda row: [row | {"t": ["<b>", "=1+1", "nao_existe"]}],
        "many-tags": lambda row: [row | {"t": ["melodia"] * 1000}],
    }
    change = changes.get(fault or "")
    if change is None:
        return rows
    return [*rows[:about], *(spoiled for row in chosen for spoiled in change(row)), *rows[about + 1 :]]


def _spoiled_text(text: str, fault: str | None) -> tuple[str, str]:
    if fault == "empty":
        return "", "STOP"
    if fault == "truncated":
        return text[: int(len(text) * 0.6)], "MAX_TOKENS"
    if fault == "fenced":
        return f"Aqui está:\n```json\n{text}\n```\n", "STOP"
    if fault == "malformed":
        return text.replace('":', '"', 1) + ",,", "STOP"
    if fault == "prose":
        return "Desculpe, não posso ajudar com isso.", "STOP"
    return text, "STOP"
