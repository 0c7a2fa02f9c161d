"""Requests made up from the OpenAPI document, good ones and bad ones: no 5xx, and answers as described.

`ALUMUSIC_TEST_EXAMPLES` makes up more of them.
"""

import os
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from alumusic.api.app import create_app
from alumusic.api.limits import Rate, RateLimits
from alumusic.domain.users import Role
from alumusic.store.database import open_database
from alumusic.store.tables import users, workers
from alumusic.store.users import find_user
from tests.house import House, bearer, build_house

EXAMPLES = int(os.environ.get("ALUMUSIC_TEST_EXAMPLES", "12"))
UNLIMITED = Rate(per_second=1e9, burst=1e9)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def house(migrated_sqlite_file, tmp_path_factory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "alumusic.db").write_bytes(migrated_sqlite_file.read_bytes())
    engine = open_database(f"sqlite:///{folder / 'alumusic.db'}")
    built = build_house(engine, folder, registration="open")
    limits = RateLimits(user=UNLIMITED, address=UNLIMITED, address_auth=UNLIMITED)
    built.app = create_app(built.services, passwords=built.passwords, limits=limits)
    built.account("bia@exemplo.com", Role.ADMIN)
    built.account("dora@exemplo.com", Role.ADMIN)
    with engine.begin() as db:
        db.execute(workers.insert().values(name="w", seen_at=built.clock.now))
    yield built
    engine.dispose()


@pytest.fixture(scope="module")
def operations(house):
    schema = schemathesis.openapi.from_wsgi("/openapi.json", house.app)
    return [found.ok() for found in schema.get_all_operations()]


def admin_token(house):
    """A token of the first account, whatever was done to it so far."""
    with house.engine.begin() as db:
        db.execute(users.update().where(users.c.id == 1).values(disabled_at=None, role="admin", token_version=1))
        user = find_user(db, 1)
    return house.session_of(user).access_token


@pytest.mark.slow
@pytest.mark.parametrize("mode", [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE])
def test_no_request_breaks_the_api_and_every_answer_is_as_described(house, operations, mode):
    for operation in operations:
        if mode is schemathesis.GenerationMode.NEGATIVE and not takes_anything(operation):
            continue

        @given(operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        def ask(case):
            answer = case.call(headers=bearer(admin_token(house)))
            case.validate_response(answer, checks=CHECKS)

        ask()


@pytest.mark.parametrize("query", ["", "format=json", "format=ndjson", "format=csv"])
def test_a_list_and_each_of_its_files_is_as_described(house, operations, query):
    sent = house.client.post("/api/comentarios", json={"texto": "amei o refrão"}, headers=bearer(admin_token(house)))
    assert sent.status_code == 202
    listing = next(one for one in operations if one.method.upper() == "GET" and one.path == "/api/comentarios")
    case = listing.Case(query=dict(part.split("=") for part in query.split("&") if part))

    answer = case.call(headers=bearer(admin_token(house)))

    assert answer.status_code == 200
    case.validate_response(answer, checks=CHECKS)


def takes_anything(operation):
    """Whether there is something about a request that could be wrong."""
    return any(True for _ in operation.iter_parameters()) or bool(operation.body)
