"""The OpenAPI document: valid, complete, in Portuguese, and true; and the page that shows it."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from alumusic.accounts.passwords import LONGEST, SHORTEST
from alumusic.api.docs import PAGE_POLICY
from tests.house import House, build_house

UNDESCRIBED = {"/openapi.json", "/docs", "/docs/<name>"}


@pytest.fixture
def house(sqlite_engine, tmp_path) -> House:
    return build_house(sqlite_engine, tmp_path)


@pytest.fixture
def document(house):
    answer = house.get("/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.json


def operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_a_valid_document(document):
    OpenAPIV31SpecValidator(document).validate()

    assert document["openapi"].startswith("3.1")


def test_it_is_the_same_the_second_time(house, document):
    assert house.get("/openapi.json").json == document


def test_it_describes_every_route(house, document):
    described = {(path, method.upper()) for path, method, _ in operations(document)}
    routes = {
        (re.sub(r"<(?:[^:>]*:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in house.app.url_map.iter_rules()
        if rule.rule not in UNDESCRIBED
        for method in (rule.methods or set()) - {"HEAD"}
    }

    assert described == routes


def test_every_operation_has_a_name_and_a_portuguese_summary(document):
    names = [operation["operationId"] for _, _, operation in operations(document)]

    assert len(set(names)) == len(names)
    for _, _, operation in operations(document):
        assert re.match(r"[A-ZÁÉÍÓÚ][a-zà-ü]+", operation["summary"]), operation["operationId"]
        assert operation["tags"]


def test_a_body_is_required_but_where_a_call_says_something_without_one(document):
    bodies = [(path, found["requestBody"]) for path, _, found in operations(document) if "requestBody" in found]

    optional = {path for path, body in bodies if not body["required"]}
    assert optional == {"/auth/refresh", "/auth/logout", "/admin/weekly_summary"}


def test_every_refusal_is_a_problem(document):
    for path, method, operation in operations(document):
        refusals = {status: answer for status, answer in operation["responses"].items() if status >= "4"}
        assert {"400", "429", "500", "503"} <= refusals.keys(), (path, method)
        for answer in refusals.values():
            assert list(answer["content"]) == ["application/problem+json"]


def test_what_needs_a_token_says_so(house, document):
    for path, method, operation in operations(document):
        asks = house.client.open(path.replace("{", "").replace("}", ""), method=method.upper()).status_code == 401
        if "{" not in path and path not in {"/auth/refresh", "/auth/logout"}:
            assert operation["security"] == ([{"bearer": []}] if asks else []), (path, method)


def test_fields_have_the_contracts_names(document):
    tokens = document["components"]["schemas"]["Tokens"]["properties"]

    assert {"access_token", "refresh_token", "usuario_id", "papel"} <= tokens.keys()


def test_a_new_password_is_described_as_long_as_it_may_be(document):
    password = document["components"]["schemas"]["Registration"]["properties"]["password"]

    assert (password["minLength"], password["maxLength"]) == (SHORTEST, LONGEST)


def test_unknown_fields_are_refused_by_the_schema_too(document):
    assert document["components"]["schemas"]["Registration"]["additionalProperties"] is False


def test_the_page_asks_nothing_from_anywhere_else(house):
    page = house.get("/docs")

    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"] == PAGE_POLICY
    assert not re.findall(r"https?://", page.text)
    assert not re.findall(r"<script>|onload=|style=", page.text)
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert house.get(address).status_code == 200, address


def test_the_page_has_no_other_files(house):
    for name in ("README.md", "swagger-ui", "..", "..%2fapp.py", "page.html", ".."):
        assert house.get(f"/docs/{name}").status_code == 404
