"""`alumusic users`: accounts for who runs the machine."""

import json

import pytest
from click.testing import CliRunner

from alumusic.cli.users import users
from alumusic.store.database import open_database
from alumusic.store.migrate import upgrade

PASSWORD = "cavalo bateria grampo"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "SECRET_KEY", "JWT_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALUMUSIC_DATA_DIR", str(tmp_path))
    engine = open_database(f"sqlite:///{tmp_path / 'alumusic.db'}")
    upgrade(engine)
    engine.dispose()

    def invoke(*arguments, typed=None):
        return CliRunner().invoke(users, list(arguments), input=typed)

    return invoke


def listed(run):
    return json.loads(run("list", "--json").stdout)


def test_an_account_is_made_listed_changed_and_shut_out(run):
    added = run("add", "Ana@Exemplo.com", "--role", "admin", "--password", PASSWORD)
    run("add", "bia@exemplo.com", "--password", PASSWORD)

    assert (added.exit_code, added.stdout.strip()) == (
        0,
        "Conta 1 criada para ana@exemplo.com, com o papel admin.",
    )
    assert run("role", "bia@exemplo.com", "leitor").exit_code == 0
    assert run("disable", "bia@exemplo.com").exit_code == 0
    assert [(user["email"], user["papel"], user["desativado"]) for user in listed(run)] == [
        ("ana@exemplo.com", "admin", False),
        ("bia@exemplo.com", "leitor", True),
    ]
    assert run("enable", "bia@exemplo.com").exit_code == 0
    assert not listed(run)[1]["desativado"]
    assert "ana@exemplo.com" in run("list").stdout


def test_a_password_is_asked_for_twice_and_not_shown(run):
    asked = run("add", "ana@exemplo.com", typed=f"{PASSWORD}\n{PASSWORD}\n")

    assert asked.exit_code == 0
    assert PASSWORD not in asked.output
    assert run("set-password", "ana@exemplo.com", typed="outra senha boa\noutra senha ruim\n").exit_code != 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "nada", "--password", PASSWORD], "O e-mail não é válido"),
        (["add", "bia@exemplo.com", "--password", "senha123"], "Esta senha não pode ser usada"),
        (["add", "ana@exemplo.com", "--password", PASSWORD], "Já existe uma conta"),
        (["disable", "caio@exemplo.com"], "Não há conta"),
        (["disable", "ana@exemplo.com"], "última conta admin"),
        (["role", "ana@exemplo.com", "leitor"], "última conta admin"),
        (["set-password", "ana@exemplo.com", "--password", "curta"], "pelo menos 8 caracteres"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(run, arguments, sentence):
    run("add", "ana@exemplo.com", "--role", "admin", "--password", PASSWORD)

    refused = run(*arguments)

    assert refused.exit_code == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.output


def test_an_invite_is_all_that_goes_to_standard_output(run):
    assert run("invite").exit_code == 1
    run("add", "ana@exemplo.com", "--role", "admin", "--password", PASSWORD)

    made = run("invite", "--role", "leitor")

    assert made.exit_code == 0
    assert len(made.stdout.strip()) == 43
    assert "Vale até" in made.stderr


def test_a_database_that_was_never_made_is_said_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("ALUMUSIC_DATA_DIR", str(tmp_path / "new"))

    refused = CliRunner().invoke(users, ["list"])

    assert refused.exit_code == 1
    assert "alumusic db upgrade" in refused.stderr
