"""The settings an admin sees are the ones in force, and none of them is a secret."""

import pytest

from alumusic.contract.configuration import shown
from alumusic.domain.users import Role
from tests.house import build_house

CANARY = "canario-que-ninguem-pode-ver"


@pytest.fixture
def told(sqlite_engine, tmp_path):
    house = build_house(
        sqlite_engine, tmp_path, timezone="America/Manaus", google_api_key=CANARY, secret_key=CANARY * 2,
        database_url=f"postgresql://ana:{CANARY}@banco.exemplo:5433/alumusic?sslkey={CANARY}",
        celery_broker_url=f"redis://:{CANARY}@fila.exemplo/0",
    )  # fmt: skip
    answer = house.get("/admin/configuracao", token=house.token_of(Role.ADMIN))
    assert CANARY not in answer.text
    return {one["nome"]: (one["valor"], one["padrao"]) for one in answer.json["configuracoes"]}


def test_settings_have_the_names_of_the_environment(told):
    assert told["ALUMUSIC_TIMEZONE"] == ("America/Manaus", False)
    assert told["ALUMUSIC_ACCESS_TOKEN_MINUTES"] == ("15", True)
    assert told["ALUMUSIC_PUBLIC_REPORT"] == ("sim", True)


def test_of_a_secret_one_learns_only_whether_it_is_set(told):
    assert told["GOOGLE_API_KEY"] == told["SECRET_KEY"] == ("definido", False)
    assert told["JWT_SECRET_KEY"] == ("não definido", True)


def test_of_an_address_one_learns_its_kind_and_host(told):
    assert told["DATABASE_URL"] == ("postgresql://banco.exemplo:5433", False)
    assert told["CELERY_BROKER_URL"] == ("redis://fila.exemplo", False)


@pytest.mark.parametrize(("value", "said"), [("sqlite:////dados/a.db", "sqlite"), ("x://[", "definido"), ("", "")])
def test_odd_addresses_give_nothing_away(value, said):
    assert shown(value) == said
