"""Production refuses what is only good enough for one's own machine, and says what and why (security statement S14)."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from alumusic.domain.errors import ConfigurationError
from alumusic.safety import dangers, refuse_dangers
from alumusic.settings import Settings
from tests.servers import free_port

HOUSE = Path(__file__).parents[2]

KEYS = {
    "SECRET_KEY": "vX2mQ8rT5wZ1kB9nC4jH7dL3fG6sP0aY",
    "JWT_SECRET_KEY": "Jq7Wn3Vx9Lk2Fz8Rb5Tm1Hc6Ds4Gp0Ye",
}
GOOD = {
    "ALUMUSIC_ENV": "production",
    **KEYS,
    "DATABASE_URL": "postgresql://alumusic:n8Wq3Zk7Lm@banco/alumusic",
    "CELERY_BROKER_URL": "redis://:Zk7Lmn8Wq3@redis/0",
    "ALUMUSIC_CORS_ORIGINS": "https://painel.exemplo.com",
}
"""A production that may start."""

BAD = {
    "secret_key_short": {"SECRET_KEY": "Zx9!"},
    "secret_key_example": {"SECRET_KEY": "change-me-to-something-long-and-random"},
    "secret_key_missing": {"SECRET_KEY": None},
    "jwt_secret_key_short": {"JWT_SECRET_KEY": "a1b2c3d4e5f6g7h8"},
    "jwt_secret_key_example": {"JWT_SECRET_KEY": "abababababababababababababababababab"},
    "jwt_secret_key_missing": {"JWT_SECRET_KEY": None},
    "jwt_previous_secret_key_short": {"ALUMUSIC_JWT_PREVIOUS_SECRET_KEY": "Jq7Wn3"},
    "metrics_token_short": {"ALUMUSIC_METRICS_TOKEN": "prometheus"},
    "dashboard_key_short": {"ALUMUSIC_DASHBOARD_KEY": "painel"},
    "same_key_twice": {"SECRET_KEY": KEYS["JWT_SECRET_KEY"]},
    "debug": {"FLASK_DEBUG": "1"},
    "debug_log": {"ALUMUSIC_LOG_LEVEL": "DEBUG"},
    "cors_any": {"ALUMUSIC_CORS_ORIGINS": "https://painel.exemplo.com, *"},
    "cors_http": {"ALUMUSIC_CORS_ORIGINS": "http://painel.exemplo.com"},
    "registration_open": {"ALUMUSIC_REGISTRATION": "open"},
    "database_without_password": {"DATABASE_URL": "postgresql://alumusic@banco/alumusic"},
    "database_password_example": {"DATABASE_URL": "postgresql://alumusic:alumusic@banco/alumusic"},
    "database_without_tls": {"DATABASE_URL": "postgresql://alumusic:n8Wq3Zk7Lm@db.exemplo.com/alumusic"},
    "database_in_memory": {"DATABASE_URL": "sqlite://"},
    "broker_without_password": {"CELERY_BROKER_URL": "redis://redis/0"},
    "broker_password_example": {"CELERY_BROKER_URL": "amqp://guest:guest@rabbit//"},
    "broker_without_tls": {"CELERY_BROKER_URL": "redis://:Zk7Lmn8Wq3@fila.exemplo.com/0"},
    "llm_key_missing": {"ALUMUSIC_LLM_BASE_URL": "https://modelos.exemplo.com/v1"},
    "llm_without_tls": {"ALUMUSIC_LLM_BASE_URL": "http://203.0.113.9/v1", "ALUMUSIC_LLM_API_KEY": "k"},
}
"""What is wrong, by the reason that must be named."""


def settings_of(variables):
    given = {name.removeprefix("ALUMUSIC_").lower(): value for name, value in variables.items() if value is not None}
    given.pop("flask_debug", None)
    return Settings(_env_file=None, **given)


def codes(variables, **options):
    return [danger.code for danger in dangers(settings_of(variables), variables, **options)]


def variables_of(code):
    return {name: value for name, value in (GOOD | BAD[code]).items() if value is not None}


def test_a_good_production_starts():
    assert codes(GOOD) == []
    refuse_dangers(settings_of(GOOD), GOOD)


@pytest.mark.parametrize("code", BAD)
def test_each_danger_is_named(code):
    variables = variables_of(code)
    assert codes(variables) == [code]
    with pytest.raises(ConfigurationError, match=rf"\[{code}\]") as refused:
        refuse_dangers(settings_of(variables), variables)
    assert refused.value.code == code


def test_all_dangers_are_named_at_once_and_no_secret_is():
    variables = variables_of("debug") | {"SECRET_KEY": "Zx9!curta", "ALUMUSIC_CORS_ORIGINS": "*"}
    with pytest.raises(ConfigurationError) as refused:
        refuse_dangers(settings_of(variables), variables)
    assert all(f"[{code}]" in str(refused.value) for code in ("secret_key_short", "debug", "cors_any"))
    assert not any(secret in str(refused.value) for secret in ("Zx9!curta", KEYS["JWT_SECRET_KEY"], "n8Wq3Zk7Lm"))


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://api.openai.com/v1", ["llm_without_tls"]),
        ("http://8.8.8.8/v1", ["llm_without_tls"]),
        ("http://ollama:11434/v1", []),
        ("http://10.0.0.7/v1", []),
    ],
)
def test_a_model_of_the_own_network_may_be_spoken_to_in_clear_and_no_other(url, found):
    assert codes(GOOD | {"ALUMUSIC_LLM_LOCAL": "1", "ALUMUSIC_LLM_BASE_URL": url}) == found


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_one_s_own_machine_may_be_careless(host):
    refuse_dangers(Settings(_env_file=None, host=host, cors_origins="*", secret_key="x"), {"FLASK_DEBUG": "1"})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "musica.exemplo.com"])  # noqa: S104 - a careless setting
@pytest.mark.parametrize(
    "code",
    ["secret_key_short", "secret_key_example", "jwt_secret_key_short", "jwt_secret_key_example", "debug", "cors_any",
     "jwt_previous_secret_key_short", "metrics_token_short", "same_key_twice"],
)  # fmt: skip
def test_where_others_can_reach_us_nobody_gets_in_by_carelessness_whatever_the_house_is_for(code, host):
    variables = BAD[code] if code != "same_key_twice" else GOOD | BAD[code]
    local = {**variables, "ALUMUSIC_ENV": "local", "ALUMUSIC_HOST": host}

    with pytest.raises(ConfigurationError, match=rf"\[{code}\]") as refused:
        refuse_dangers(settings_of(local), local)

    assert refused.value.code == code


def test_a_house_without_the_word_may_serve_its_own_network():
    refuse_dangers(Settings(_env_file=None, host="0.0.0.0", database_url="postgresql://a@banco/a"), {})  # noqa: S104


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize(
    ("folder", "file", "found"),
    [
        (0o755, 0o644, ["database_readable"]),
        (0o755, 0o600, []),
        (0o700, 0o644, []),
        (0o755, 0o646, ["database_readable"]),
    ],
)
def test_a_database_file_that_everybody_can_read_is_a_danger(tmp_path, folder, file, found):
    data = tmp_path / "data"
    data.mkdir()
    database = data / "alumusic.db"
    database.touch()
    database.chmod(file)
    data.chmod(folder)
    only_keys = {"ALUMUSIC_ENV": "production", **KEYS, "DATABASE_URL": f"sqlite:///{database}"}

    assert codes(only_keys) == found


def test_a_database_that_is_not_there_yet_is_no_danger(tmp_path):
    assert codes({"ALUMUSIC_ENV": "production", **KEYS, "DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"}) == []


def test_servers_of_the_own_network_need_no_tls_and_those_of_this_machine_no_password():
    inside = {"DATABASE_URL": "postgresql://a:n8Wq3Zk7Lm@10.0.0.3/a", "CELERY_BROKER_URL": "redis://127.0.0.1/0"}
    assert codes(GOOD | inside) == []
    encrypted = {
        "DATABASE_URL": "postgresql://a:n8Wq3Zk7Lm@db.exemplo.com/a?sslmode=verify-full",
        "CELERY_BROKER_URL": "rediss://:Zk7Lmn8Wq3@fila.exemplo.com/0",
    }
    assert codes(GOOD | encrypted) == []


# --- from outside ---------------------------------------------------------------------------------------------

START = (
    "import os; from alumusic.safety import refuse_dangers; from alumusic.settings import load_settings; "
    "refuse_dangers(load_settings(), dict(os.environ))"
)
DOORS = {
    "flask": [sys.executable, "-m", "flask", "--app", "wsgi", "routes"],
    "celery": [sys.executable, "-m", "celery", "-A", "celery_app.celery", "worker"],
    "alumusic": [sys.executable, "-m", "alumusic", "up", "--no-dashboard", "--port", str(free_port())],
}


def run(command, variables, folder):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ALUMUSIC_", "FLASK_"))}
    return subprocess.run(
        command, env=clean | {"ALUMUSIC_DATA_DIR": str(folder), **variables}, cwd=HOUSE, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def test_every_bad_set_up_ends_a_real_process_with_its_reason(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        tries = {code: pool.submit(run, [sys.executable, "-c", START], variables_of(code), tmp_path) for code in BAD}
        good = pool.submit(run, [sys.executable, "-c", START], GOOD, tmp_path)
    for code, tried in tries.items():
        assert tried.result().returncode != 0, code
        assert f"[{code}]" in tried.result().stderr
    assert good.result().returncode == 0, good.result().stderr


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS)
def test_no_door_opens_in_danger(door, tmp_path):
    ended = run(DOORS[door], variables_of("cors_any"), tmp_path)

    assert ended.returncode != 0
    assert "[cors_any]" in ended.stderr
    assert "Traceback" not in ended.stderr
