"""What `alumusic up` answers to a body that is longer than it takes: the API's own problem, heard to its end."""

import json
import socket
from http.client import HTTPConnection, HTTPResponse
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from alumusic.domain.users import Role
from alumusic.up.bodies import PATIENCE
from alumusic.up.server import ApiServer
from tests.house import build_house
from tests.servers import free_port

MEGABYTE = 1024 * 1024
LONGEST_HEADER = 256 * 1024
"""Bytes that waitress takes for a header."""
CHUNK = b"%x\r\n%b\r\n" % (MEGABYTE, b"x" * MEGABYTE)
MEMBERS = {"type", "title", "status", "detail", "instance", "erro"}


@pytest.fixture
def small_house(sqlite_engine, tmp_path):
    return build_house(sqlite_engine, tmp_path, max_upload_megabytes=1)


@pytest.fixture
def port(small_house):
    port = free_port()
    with ApiServer(small_house.app, host="127.0.0.1", port=port):
        yield port


@pytest.fixture
def headers(small_house):
    return {"Authorization": f"Bearer {small_house.token_of(Role.CURATOR)}", "Content-Type": "application/json"}


def said_raw(port, sent):
    """What the server says to these bytes: the status, the headers and the body."""
    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        connection.sendall(sent)
        answer = HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.headers, answer.read()


def head(headers, line):
    told = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(["POST /api/llm/analyze HTTP/1.1", "Host: x", *told, line, "", ""]).encode()


def is_problem(status, content_type, body):
    problem = json.loads(body)
    return (status, content_type) == (413, "application/problem+json") and problem.keys() >= MEMBERS


def test_a_body_that_is_too_long_is_answered_as_every_error_is(port, headers):
    request = Request(f"http://127.0.0.1:{port}/api/llm/analyze", b"x" * 4 * MEGABYTE, headers)

    with pytest.raises(HTTPError) as refused:
        urlopen(request, timeout=60)  # noqa: S310

    assert is_problem(refused.value.code, refused.value.headers["Content-Type"], refused.value.read())


def test_a_body_in_chunks_is_counted_and_its_sender_hears_the_answer(port, headers):
    client = HTTPConnection("127.0.0.1", port, timeout=60)
    client.request("POST", "/api/llm/analyze", (b"x" * 65_536 for _ in range(64)), headers, encode_chunked=True)

    answer = client.getresponse()

    assert is_problem(answer.status, answer.headers["Content-Type"], answer.read())
    client.close()


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        (f"Content-Length: {PATIENCE * MEGABYTE}", b""),
        ("Transfer-Encoding: chunked", (CHUNK * PATIENCE)[: PATIENCE * MEGABYTE]),
        ("Transfer-Encoding: chunked", b"1;x=".ljust(LONGEST_HEADER + 1, b"x")),
        ("Transfer-Encoding: chunked", b"0\r\n" + b"x: ".ljust(LONGEST_HEADER + 1, b"x")),
        ("Content-Length: 2000000\r\nExpect: 100-continue", b""),
    ],
    ids=["length", "chunks", "frame", "trailer", "asks-first"],
)
def test_a_body_without_end_is_not_waited_for(port, headers, line, sent):
    status, told, body = said_raw(port, head(headers, line) + sent)

    assert is_problem(status, told["Content-Type"], body)
    assert told["Connection"] == "close"


def test_nothing_of_a_long_body_is_taken_for_a_request(port, headers, small_house):
    smuggled = b"GET /saude HTTP/1.1\r\nHost: x\r\n\r\n"

    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        connection.sendall(head(headers, f"Content-Length: {PATIENCE * MEGABYTE}") + smuggled)
        heard = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert heard.count(b"HTTP/1.1") == 1


def test_a_body_of_just_the_longest_size_is_read(port, headers):
    texts = json.dumps({"text": "x" * 10}).ljust(MEGABYTE).encode()

    plain, *_ = said_raw(port, head(headers, f"Content-Length: {MEGABYTE}") + texts)
    chunked, *_ = said_raw(
        port, head(headers, "Transfer-Encoding: chunked") + b"%x\r\n%b\r\n0\r\n\r\n" % (MEGABYTE, texts)
    )

    assert (plain, chunked) == (202, 202)
