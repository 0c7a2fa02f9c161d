"""Every route against every role: a route that is not in this table fails (security statements S1, S2, S44)."""

from collections.abc import Iterator

import pytest
from flask import Blueprint

from alumusic.api.app import BLUEPRINTS, create_app
from alumusic.domain.users import ADMINS, CURATORS, EVERYONE, READERS, SENDERS, Role
from alumusic.store.database import open_database
from tests.house import House, bearer, build_house

ANYBODY = None

CALLERS = {
    "GET /saude": ANYBODY,
    "GET /saude/pronto": ANYBODY,
    "GET /metrics": ANYBODY,
    "GET /openapi.json": ANYBODY,
    "GET /docs": ANYBODY,
    "GET /docs/<name>": ANYBODY,
    "POST /auth/register": ANYBODY,
    "POST /auth/login": ANYBODY,
    "POST /auth/refresh": ANYBODY,
    "POST /auth/logout": ANYBODY,
    "GET /auth/me": EVERYONE,
    "PATCH /auth/me": EVERYONE,
    "POST /auth/password": EVERYONE,
    "POST /admin/invites": ADMINS,
    "GET /admin/users": ADMINS,
    "PATCH /admin/users/<int(max=9223372036854775807):user_id>": ADMINS,
    "GET /admin/auditoria": ADMINS,
    "GET /admin/titulares/<path:author>": ADMINS,
    "DELETE /admin/titulares/<path:author>": ADMINS,
    "POST /api/comentarios": SENDERS,
    "GET /api/comentarios": READERS,
    "GET /api/comentarios/<uuid:comment_id>": READERS,
    "PATCH /api/comentarios/<uuid:comment_id>": CURATORS,
    "DELETE /api/comentarios/<uuid:comment_id>": ADMINS,
    "POST /api/comentarios/reprocessar": CURATORS,
    "POST /api/llm/analyze": SENDERS,
    "POST /api/llm/previa": SENDERS,
    "GET /api/tags": EVERYONE,
    "GET /api/visao-geral": READERS,
    "GET /api/artistas": READERS,
    "GET /admin/configuracao": ADMINS,
    "GET /api/tasks": READERS,
    "GET /api/tasks/<uuid:task_id>": EVERYONE,
    "GET /relatorio/semana": ANYBODY,
    "GET /api/relatorio/semana": ANYBODY,
    "GET /api/lancamentos": READERS,
    "POST /api/lancamentos": CURATORS,
    "DELETE /api/lancamentos/<int(max=9223372036854775807):release_id>": CURATORS,
    "GET /admin/weekly_summary": READERS,
    "GET /admin/weekly_summary/latest": EVERYONE,
    "GET /admin/weekly_summary/<week>": READERS,
    "POST /admin/weekly_summary": CURATORS,
    "POST /api/insights/perguntar": READERS,
    "GET /api/revisao": CURATORS,
    "POST /api/revisao/<uuid:comment_id>": CURATORS,
    "GET /api/revisao/concordancia": READERS,
    "GET /api/tendencias": READERS,
    "GET /api/fila": READERS,
    "POST /api/fila/pausar": ADMINS,
    "POST /api/fila/retomar": ADMINS,
}
"""Who may call what; HEAD goes with GET."""

VALUES = {
    "<name>": "start.js",
    "<int(max=9223372036854775807):user_id>": "1",
    "<int(max=9223372036854775807):release_id>": "1",
    "<path:author>": "Caio",
    "<week>": "2026-W47",
    "<uuid:comment_id>": "00000000-0000-4000-8000-000000000000",
    "<uuid:task_id>": "00000000-0000-4000-8000-000000000000",
}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"]


def routes(app):
    return {
        f"{method} {rule.rule}" for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - {"HEAD"}
    }


def path_of(route):
    path = route.split(" ")[1]
    for variable, value in VALUES.items():
        path = path.replace(variable, value)
    return path


@pytest.fixture(scope="module")
def house(migrated_sqlite_file, tmp_path_factory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("guard")
    (folder / "alumusic.db").write_bytes(migrated_sqlite_file.read_bytes())
    engine = open_database(f"sqlite:///{folder / 'alumusic.db'}")
    yield build_house(engine, folder)
    engine.dispose()


@pytest.fixture(scope="module")
def tokens(house) -> dict[Role, str]:
    return {role: house.token_of(role) for role in Role}


def test_the_table_and_the_routes_are_the_same(house):
    assert routes(house.app) == set(CALLERS)


@pytest.mark.parametrize("route", [route for route, roles in CALLERS.items() if roles is not ANYBODY])
def test_a_stranger_is_asked_who_they_are(house, route):
    method, path = route.split(" ")[0], path_of(route)

    for headers in ({}, {"Authorization": "Basic YTpi"}, bearer("x.y.z"), bearer(" "), {"Cookie": "session=1"}):
        answer = house.client.open(path, method=method, headers=headers)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("route", [route for route, roles in CALLERS.items() if roles is not ANYBODY])
@pytest.mark.parametrize("role", Role)
def test_a_role_may_call_what_the_table_says_and_nothing_else(house, tokens, route, role):
    roles = CALLERS[route]

    answer = house.client.open(path_of(route), method=route.split(" ")[0], headers=bearer(tokens[role]))

    assert (answer.status_code == 403) == (role not in roles)
    assert answer.status_code != 401
    assert answer.status_code < 500


@pytest.mark.parametrize("route", [route for route, roles in CALLERS.items() if roles is ANYBODY])
def test_what_is_public_does_not_ask_who_is_there(house, route):
    answer = house.client.open(path_of(route), method=route.split(" ")[0])

    # To refresh and to sign out one shows a token of one's own kind, which these two check by themselves.
    expects = 401 if route in {"POST /auth/refresh", "POST /auth/logout"} else answer.status_code
    assert answer.status_code == expects
    assert answer.status_code not in {403, 404}


@pytest.mark.parametrize("path", sorted({path_of(route) for route in CALLERS}))
@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_is_not_declared_is_refused_by_name(house, path, method):
    declared = {route.split(" ")[0] for route in CALLERS if path_of(route) == path}
    if "GET" in declared:
        declared.add("HEAD")
    if method in declared:
        return

    answer = house.client.open(path, method=method)

    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert set(answer.headers["Allow"].split(", ")) == declared


@pytest.mark.parametrize("route", [route for route in CALLERS if route.startswith("GET ")])
def test_head_says_no_more_than_get(house, route):
    get, head = house.client.get(path_of(route)), house.client.head(path_of(route))

    assert head.status_code == get.status_code
    assert head.data == b""


@pytest.mark.parametrize("route", [route for route, roles in CALLERS.items() if roles is not ANYBODY])
@pytest.mark.parametrize(
    "disguise",
    [
        lambda path: path + "/",
        lambda path: "/" + path,
        lambda path: path.replace("/", "//"),
        lambda path: path.upper(),
        lambda path: path + "%00",
        lambda path: path + ";a=b",
        lambda path: "/x/.." + path,
        lambda path: path.replace("a", "%2561"),
    ],
    ids=["slash after", "slash before", "all slashes", "capitals", "NUL", "parameter", "dots", "escaped twice"],
)
def test_a_route_in_disguise_is_none(house, route, disguise):
    answer = house.client.open(disguise(path_of(route)), method=route.split(" ")[0])

    assert answer.status_code in {401, 404, 405}
    assert "Location" not in answer.headers


def test_a_route_that_does_not_say_who_may_call_it_keeps_the_application_from_starting(house):
    careless = Blueprint("careless", __name__)
    careless.get("/tudo")(lambda: "tudo")

    with pytest.raises(LookupError, match="careless"):
        create_app(house.services, blueprints=[*BLUEPRINTS, careless])
