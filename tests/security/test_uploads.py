"""Bodies that are too large, over a real socket to the real product (S16-S18), and names of files (S22)."""

import http.client
import json
import socket
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress

import psutil
import pytest

from alumusic.api.files import shown_name
from alumusic.domain.users import Role
from alumusic.store.database import reading
from alumusic.store.tables import batches
from tests.house import GOOD_PASSWORD
from tests.servers import Program, answers_on, free_port, wait_until

MEGABYTE = 1024 * 1024
LIMIT = 64 * MEGABYTE
ALLOWED_GROWTH = 150 * MEGABYTE
HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\ntexto\n'
TAIL = b"\r\n--x--\r\n"


class Product:
    """`alumusic up` in a process of its own."""

    def __init__(self, program, port):
        self.program, self.port = program, port
        self.token = ""

    def memory(self):
        return psutil.Process(self.program.pid).memory_info().rss

    def ask(self, method, path, body=None, headers=None, *, chunked=False):
        """The answer's status and body; a server may answer and hang up before it was told everything."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}"} | (headers or {})
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, body=body, headers=headers, encode_chunked=chunked)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def ask_watched(self, *question, **more):
        """The answer's status and body, and the bytes that the product grew by on the way, at most."""
        before, most = self.memory(), 0
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(self.ask, *question, **more)
            while not wait([asking], timeout=0.01).done:
                most = max(most, self.memory())
        return *asking.result(), max(most, self.memory()) - before

    def post_json(self, path, body):
        status, answer = self.ask("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        assert status < 300, answer
        return json.loads(answer)


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("product"), free_port()
    command = [sys.executable, "-m", "alumusic", "up", "--no-dashboard", "--port", str(port), "--data", str(folder)]
    program = Program(command, log=folder / "log.txt").start()
    try:
        wait_until(lambda: answers_on(port), what="the API")
        found = Product(program, port)
        who = {"email": "bia@exemplo.com", "password": GOOD_PASSWORD}
        found.post_json("/auth/register", who)
        found.token = found.post_json("/auth/login", who)["access_token"]
        yield found
    finally:
        program.stop()


def pieces(total):
    """A form with a file, `total` bytes in all."""
    yield HEAD
    left = total - len(HEAD) - len(TAIL)
    line = b"amei demais esse refrao, toca de novo\n" * 1_700
    while left > 0:
        yield line[:left]
        left -= len(line)
    yield TAIL


FORM = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/api/llm/analyze", "/api/llm/previa"])
@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "chunked"])
@pytest.mark.parametrize("total", [LIMIT + 1, 200 * MEGABYTE], ids=["one byte too many", "three times too much"])
def test_too_much_is_refused_in_bounded_memory(product, path, chunked, total):
    before, most = product.memory(), 0

    def watched():
        nonlocal most
        for piece in pieces(total):
            most = max(most, product.memory())
            yield piece

    headers = FORM if chunked else FORM | {"Content-Length": str(total)}
    status, answer = product.ask("POST", path, watched(), headers, chunked=chunked)

    assert status == 413, answer[:300]
    assert json.loads(answer)["erro"]
    assert max(most, product.memory()) - before < ALLOWED_GROWTH
    assert b"waitress" not in answer.lower()
    assert b"Traceback" not in answer
    assert product.ask("GET", "/saude")[0] == 200


def list_of(part):
    """A list with 8 MB of `part`."""
    return b"[" + b",".join([part] * (8 * MEGABYTE // (len(part) + 1))) + b"]"


@pytest.mark.slow
@pytest.mark.parametrize("part", [b"{}", b"[[[[]]]]", b"0", b'""', b'{"a":{"b":[]}}'])
def test_a_body_of_many_small_parts_is_refused_in_bounded_memory(product, part):
    kind = {"Content-Type": "application/json"}

    status, answer, growth = product.ask_watched("POST", "/api/comentarios", list_of(part), kind)

    assert (status, json.loads(answer)["codigo"]) == (413, "json_partes")
    assert growth < ALLOWED_GROWTH


@pytest.mark.slow
def test_a_long_text_with_brackets_is_refused_in_bounded_memory(product):
    kind = {"Content-Type": "application/json"}
    body = b'{"texto": "' + b"[a" * 4 * MEGABYTE + b'"}'

    status, answer, growth = product.ask_watched("POST", "/api/comentarios", body, kind)

    assert (status, json.loads(answer)["codigo"]) == (400, "texto_longo")
    assert growth < ALLOWED_GROWTH


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/auth/login", "/api/comentarios/reprocessar", "/auth/me"])
def test_where_no_file_belongs_a_megabyte_is_too_much_already(product, path):
    body = (b'{"a": "' + b"x" * 2 * MEGABYTE + b'"}' for _ in range(1))

    method = "PATCH" if path == "/auth/me" else "POST"
    status, _ = product.ask(method, path, body, {"Content-Type": "application/json"}, chunked=True)

    assert status == 413


@pytest.mark.slow
@pytest.mark.parametrize(
    "raw",
    [
        b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST /auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
    ids=["two lengths", "two different lengths", "odd encoding", "negative", "endless head", "tls"],
)
def test_a_request_that_could_be_read_in_two_ways_is_not_taken_for_two(product, raw):
    answer = b""
    # Who was told enough may answer and hang up in mid-sentence.
    with socket.create_connection(("127.0.0.1", product.port), 30) as connection, suppress(OSError):
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(65_536):
            answer += piece

    assert answer.count(b"HTTP/1.") <= 1
    assert not answer or answer.split()[1] in {b"400", b"415", b"431", b"501"}, answer[:200]
    assert product.ask("GET", "/saude")[0] == 200


# --- names of files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\x.csv", "..\\a/b.csv", "/abs/a.csv", "a\r\nX-Mal: 1.csv", "a\0b.csv", "a\x1b[2Jb.csv",
     "a\u202evsc.exe", "<b>.csv", "é" * 400, "CON"],
)  # fmt: skip
def test_a_name_never_reaches_the_disk_nor_a_header(house, tmp_path, name):
    client = house.client_of(Role.CURATOR)
    before = sorted(path.name for path in tmp_path.rglob("*"))

    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n\r\ntexto\noi\r\n--x--\r\n'
    answer = client.post("/api/llm/analyze", data=body % name.encode(), content_type="multipart/form-data; boundary=x")

    assert answer.status_code in {202, 400, 415}, answer.text
    assert "X-Mal" not in answer.headers
    after = {path.name for path in tmp_path.rglob("*")} - {"alumusic.db-wal", "alumusic.db-shm"}
    assert after <= set(before) | {"alumusic.db"}
    with reading(house.engine) as db:
        kept = [row.name for row in db.execute(batches.select())]
    assert kept or answer.status_code != 202
    for one in kept:
        assert one is None or (len(one) <= 255 and one.isprintable() and not set(one) & {"/", "\\"})


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.csv", "x.csv"),
        ("..\\a/b.csv", "b.csv"),
        ("C:\\a\\b.csv", "b.csv"),
        ("a\r\nX-Mal: 1\0.csv", "aX-Mal: 1.csv"),
        ("a\x1b[2Jb.csv", "a[2Jb.csv"),
        ("a\u202eb\u2028c\x85.csv", "abc.csv"),
        ("é" * 400 + ".csv", "é" * 251 + ".csv"),
        ("../", ""),
    ],
)
def test_of_a_name_the_last_part_is_kept_without_controls_and_from_its_end(sent, kept):
    assert shown_name(sent) == kept


def test_a_download_is_named_by_us(house):
    client = house.client_of(Role.CURATOR)

    answer = client.get('/api/comentarios?format=csv&search="%0d%0aX-Mal:1')
    good = client.get("/api/comentarios?format=csv&artista=../../x")

    assert answer.status_code == 400
    assert good.headers["Content-Disposition"] == 'attachment; filename="comentarios-2026-11-23.csv"'
