"""What each answer of each route carries, and what none says, whatever fails inside (S11, S15, S24, S25, S37)."""

import logging
import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from markupsafe import escape
from sqlalchemy import event

from alumusic.api.app import POLICY, create_app
from alumusic.domain.comments import Category, NewComment
from alumusic.domain.users import Role
from tests.examples import MONDAY_NOON, handed_in, worked
from tests.fakes import FakeClassifier
from tests.house import build_house
from tests.insight import labelled, many
from tests.integration.test_guard import CALLERS, path_of

ROOT = Path(__file__).parents[2]
XSS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "[clique](javascript:alert(1))",
    "![x](http://mal.exemplo/x.png)",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "</title><script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}}",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "＜script＞alert(1)＜/script＞",
]  # fmt: skip


@pytest.fixture
def house(sqlite_engine, tmp_path):
    return build_house(sqlite_engine, tmp_path)


@pytest.mark.parametrize("who", ["a stranger", "an admin"])
def test_every_answer_of_every_route_carries_the_headers_of_safety(house, who):
    client = house.app.test_client() if who == "a stranger" else house.client_of(Role.ADMIN)

    for route in CALLERS:
        check_headers(route, client.open(path_of(route), method=route.split(" ")[0]).headers)


def check_headers(route, headers):
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers
    assert "X-Request-Id" in headers
    policy = headers["Content-Security-Policy"]
    for part in ("base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    # What is not named is as the default says.
    assert "object-src 'none'" in policy or "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    if "relatorio" not in route and "/docs" not in route:
        assert policy == POLICY
        assert headers["Cache-Control"] == "no-store"


OF_THE_RELEASE = MONDAY_NOON.date() - timedelta(days=3)
MARKUP = [text for text in XSS if escape(text) != text]


def about(artist):
    """Enough of an artist, in two classes, that nothing of it is hidden in the report."""
    for category in (Category.CRITICISM, Category.PRAISE):
        yield from many(8, f"{category} {artist}", category=category, day=OF_THE_RELEASE, artist=artist)


@pytest.mark.parametrize("attack", MARKUP)
def test_what_strangers_wrote_stands_in_the_report_as_text(house, attack):
    labelled(house.engine, [*about("Tom & 'Vini'"), *about(attack)])
    release = {"artista": "Tom & 'Vini'", "titulo": attack, "data": OF_THE_RELEASE.isoformat()}
    assert house.client_of(Role.CURATOR).post("/api/lancamentos", json=release).status_code == 201

    page = house.client.get("/relatorio/semana", headers={"Accept": "text/html"}).text

    drawings = "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    around = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    for part in (drawings, around):
        assert escape(attack) in part
        assert escape("Tom & 'Vini'") in part
    assert attack not in page
    assert "(nome omitido)" in around, "an artist's name is shown only if it is one"


def test_what_strangers_wrote_is_never_html(house):
    handed_in(house.engine, *(NewComment(text, author=text, artist=text, source=text) for text in XSS))
    worked(house.engine, FakeClassifier())
    client = house.client_of(Role.ADMIN)

    for path in (path_of(route) for route in CALLERS if route.startswith("GET ")):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code != 500
        if answer.mimetype == "text/html":
            assert not [text for text in XSS if text in answer.text], path
        else:
            assert answer.mimetype.endswith(("json", "csv", "plain", "javascript", "css", "x-ndjson", "png")), path


# --- whatever fails -------------------------------------------------------------------------------------------------

CANARY = "segredo-do-canario"
INSIDE = re.compile(
    r"Traceback|File \"|\.py\b|SELECT |INSERT |sqlalchemy|psycopg|sqlite|werkzeug|flask|Python/|/home|/tmp"
)


class Failing:
    """Anything at all, failing at the first touch."""

    def __getattr__(self, name):
        raise RuntimeError(f"{CANARY} in /tmp/x.py of sqlalchemy")

    def __call__(self, *_, **__):
        raise RuntimeError(CANARY)


NEEDS_NOTHING = {"GET /saude", "GET /openapi.json", "GET /docs", "GET /docs/<name>"}


@pytest.mark.parametrize("part", ["engine", "bell", "clock", "settings"])
def test_an_error_in_any_layer_says_nothing_about_the_inside(house, caplog, part):
    token = house.token_of(Role.ADMIN)
    app = create_app(house.services, passwords=house.passwords)
    services = replace(house.services, **{part: Failing()})
    app.extensions["alumusic"] = replace(app.extensions["alumusic"], services=services)
    headers = {"Authorization": f"Bearer {token}"}

    with caplog.at_level(logging.CRITICAL):
        for route in CALLERS:
            method, body = route.split(" ")[0], {"texto": "oi"}
            answer = app.test_client().open(path_of(route), method=method, headers=headers, json=body)
            if route == "POST /auth/logout":
                token = house.session_of(house.account(f"{part}@exemplo.com", Role.ADMIN)).access_token
                headers = {"Authorization": f"Bearer {token}"}
            assert CANARY not in answer.text
            if answer.status_code >= 400:
                assert answer.mimetype == "application/problem+json"
                assert answer.json["instance"].startswith("urn:uuid:")
                assert not INSIDE.search(answer.text), answer.text
            if part in {"engine", "clock"} and route not in NEEDS_NOTHING:
                assert answer.status_code in {400, 404, 415, 500, 503}, route


# --- the same work for everybody --------------------------------------------------------------------------------------


def test_signing_in_is_the_same_work_for_a_known_and_an_unknown_account(house):
    house.account("ana@exemplo.com", Role.CURATOR)
    house.passwords.dummy_hash  # noqa: B018 - made once, and not at the first stranger's expense
    statements = []
    event.listen(house.engine, "before_cursor_execute", lambda *all_: statements.append(all_[2]))

    work = []
    for address, email in (("10.0.0.1", "ana@exemplo.com"), ("10.0.0.2", "ninguem@exemplo.com")):
        statements.clear()
        house.passwords.checked.clear()
        who = {"email": email, "password": "errada"}
        answer = house.client.post("/auth/login", json=who, environ_overrides={"REMOTE_ADDR": address})
        work.append((answer.status_code, answer.json["erro"], len(house.passwords.checked), list(statements)))

    assert work[0] == work[1]
    assert work[0][2] == 1


# --- secrets in the repository ---------------------------------------------------------------------------------------

SECRETS = re.compile(
    r"AIza[0-9A-Za-z_-]{35}|sk-[A-Za-z0-9]{32,}|sk-proj-[A-Za-z0-9_-]{20,}|ghp_[A-Za-z0-9]{36}|AKIA[0-9A-Z]{16}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY|xox[baprs]-[A-Za-z0-9-]{10,}|eyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\."
)


def test_no_secret_is_in_the_repository():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=False, capture_output=True)
    if listed.returncode != 0:
        # A copy without its history: what is shipped is looked at all the same.
        names = [path.relative_to(ROOT).as_posix() for path in (ROOT / "src").rglob("*") if path.is_file()]
    else:
        names = [name for name in listed.stdout.decode().split("\0") if name]
    found = [
        name
        for name in names
        if (ROOT / name).is_file() and SECRETS.search((ROOT / name).read_bytes().decode("utf-8", "ignore"))
    ]

    assert len(names) > 100
    assert found == []
    assert not [name for name in names if Path(name).name in {".env", "secrets.json"} or name.endswith((".db", ".pem"))]
