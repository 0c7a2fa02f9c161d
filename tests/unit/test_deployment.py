"""What is deployed: settings that are all explained, a compose file that resolves, an image without surprises."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from alumusic.safety import dangers
from alumusic.settings import Settings
from tests.settings_page import EXAMPLE, PAGE, described, example, page

HOUSE = Path(__file__).parents[2]
SERVICES = {"migrate", "api", "worker", "beat", "streamlit", "alumusic", "redis"}
OURS = SERVICES - {"alumusic", "redis"}
SECRETS = {
    "SECRET_KEY": "vX2mQ8rT5wZ1kB9nC4jH7dL3fG6sP0aY",
    "JWT_SECRET_KEY": "Jq7Wn3Vx9Lk2Fz8Rb5Tm1Hc6Ds4Gp0Ye",
    "ALUMUSIC_DASHBOARD_KEY": "Tz4Kp9Xw2Lq7Vb5Nc8Rj3Hd6Gf1Ym0Sa",
    "POSTGRES_PASSWORD": "n8Wq3Zk7Lm",
    "REDIS_PASSWORD": "Zk7Lmn8Wq3",
}

# What is used of https://github.com/compose-spec/compose-spec; a word that is not here is a slip of the pen.
_TEXTS = {"type": "array", "items": {"type": "string"}}
_COMMAND = {"anyOf": [{"type": "string"}, _TEXTS]}
_DURATION = {"type": "string", "pattern": r"^\d+(ms|s|m|h)$"}
_MAPPING = {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}}
_CHECK = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "test": {"type": "array", "prefixItems": [{"enum": ["CMD", "CMD-SHELL", "NONE"]}], "items": {"type": "string"}},
        "interval": _DURATION, "timeout": _DURATION, "start_period": _DURATION, "retries": {"type": "integer"},
        "disable": {"type": "boolean"},
    },
}  # fmt: skip
_CONDITIONS = ["service_started", "service_healthy", "service_completed_successfully"]
_SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "image": {"type": "string", "pattern": r"^[a-z0-9./-]+:[\w.-]+$"},
        "build": {
            "type": "object", "additionalProperties": False,
            "properties": {"context": {"type": "string"}, "target": {"type": "string"}, "args": _MAPPING},
        },
        "command": _COMMAND, "environment": _MAPPING, "ports": _TEXTS, "volumes": _TEXTS, "tmpfs": _TEXTS,
        "env_file": {
            "type": "array",
            "items": {
                "type": "object", "additionalProperties": False,
                "properties": {"path": {"type": "string"}, "required": {"type": "boolean"}},
            },
        },
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object", "required": ["condition"], "additionalProperties": False,
                "properties": {"condition": {"enum": _CONDITIONS}},
            },
        },
        "healthcheck": _CHECK, "init": {"type": "boolean"}, "read_only": {"type": "boolean"},
        "user": {"type": "string"}, "cap_drop": _TEXTS, "security_opt": _TEXTS, "stop_grace_period": _DURATION,
        "shm_size": {"type": "string"},
        "logging": {
            "type": "object", "additionalProperties": False,
            "properties": {"driver": {"type": "string"}, "options": _MAPPING},
        },
    },
    "required": ["image", "restart"],
}  # fmt: skip
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string"},
        "services": {"type": "object", "additionalProperties": _SERVICE},
        "volumes": {"type": "object", "additionalProperties": {"type": ["object", "null"]}},
    },
    "required": ["services"],
}

_VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?:(:[-?])([^}]*))?\}|\$(\w+)")


def resolved(text, variables):
    """What Compose makes of `${NAME}`, `${NAME:-default}`, `${NAME:?message}` and `$$`."""

    def value(found):
        if found[0] == "$$":
            return "$"
        name, kind, rest = found[1] or found[4], found[2], found[3]
        if variables.get(name):
            return variables[name]
        if kind == ":-":
            return rest
        raise KeyError(f"{name}: {rest}")

    return _VARIABLE.sub(value, text)


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(resolved((HOUSE / "compose.yaml").read_text(), SECRETS))


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def test_the_page_of_settings_and_the_example_are_what_the_settings_say():
    missing = [one.name for one in described() if f"{one.name}=" not in EXAMPLE.read_text(encoding="utf-8")]
    assert missing == [], "run `python -m tests.settings_page`"
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.settings_page`"
    assert EXAMPLE.read_text(encoding="utf-8") == example(), "run `python -m tests.settings_page`"


def test_every_setting_is_explained_in_a_sentence():
    for one in described():
        assert len(one.sentence.split()) >= 4, one.name
        assert one.sentence.rstrip("`")[-1] in ".", one.name


def test_the_compose_file_keeps_to_the_specification(compose):
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(compose)] == []
    assert set(compose["services"]) == SERVICES


@pytest.mark.parametrize("secret", SECRETS)
def test_compose_does_not_start_without_its_secrets(secret):
    text = (HOUSE / "compose.yaml").read_text()
    with pytest.raises(KeyError, match=secret):
        resolved(text, SECRETS | {secret: ""})


def test_every_variable_of_the_compose_file_is_in_the_example():
    used = {
        found[1] or found[4] for found in _VARIABLE.finditer((HOUSE / "compose.yaml").read_text()) if found[0] != "$$"
    }
    example_text = EXAMPLE.read_text(encoding="utf-8")
    assert [name for name in used if f"{name}=" not in example_text] == []


def test_only_the_api_and_the_dashboard_can_be_reached_from_outside(services):
    assert {name: service["ports"] for name, service in services.items() if "ports" in service} == {
        "api": ["5001:5000"],
        "streamlit": ["8501:8501"],
    }


def test_every_service_is_watched_or_ends_by_itself(services):
    unwatched = {name for name, service in services.items() if service.get("healthcheck", {}).get("disable")}
    # The migration ends; a beat that is missing costs nothing, since workers look for themselves.
    assert unwatched == {"migrate", "beat"}
    assert services["worker"]["healthcheck"]["test"][-1] == "alumusic.worker.health"


def test_what_waits_waits_for_something_that_is_there_and_watched(services):
    for service in services.values():
        for name, wanted in service.get("depends_on", {}).items():
            assert name in services
            if wanted["condition"] == "service_healthy":
                has_check = "healthcheck" in services[name] or name in OURS
                assert has_check, name


def test_our_containers_can_do_no_more_than_they_must(services):
    for name in OURS:
        service = services[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["user"] == "10001:10001"
        assert service["tmpfs"]
        assert service["stop_grace_period"] == "30s"


def test_data_is_kept_in_volumes_that_have_names(compose, services):
    mounted = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert mounted == set(compose["volumes"]) == {"postgres", "data"}


def test_the_dashboard_is_given_no_secret_but_the_one_it_vouches_with(services):
    assert services["streamlit"]["env_file"] == []
    given = services["streamlit"]["environment"]
    assert set(given) == {"ALUMUSIC_API_URL", "ALUMUSIC_DASHBOARD_KEY", "ALUMUSIC_TRUSTED_PROXIES"}
    assert given["ALUMUSIC_DASHBOARD_KEY"] == services["api"]["environment"]["ALUMUSIC_DASHBOARD_KEY"]


def test_what_compose_sets_is_a_production_that_may_start(services):
    surroundings = services["api"]["environment"]
    given = {name.removeprefix("ALUMUSIC_").lower(): value for name, value in surroundings.items()}
    settings = Settings(_env_file=None, **given)
    assert settings.env == "production"
    assert list(dangers(settings, surroundings)) == []


@pytest.mark.skipif(shutil.which("docker") is None, reason="no docker client")
def test_the_client_of_docker_agrees(tmp_path):
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode != 0:
        pytest.skip("a docker client without compose")
    environment = "\n".join(f"{name}={value}" for name, value in SECRETS.items())
    (tmp_path / ".env").write_text(environment)
    shutil.copy(HOUSE / "compose.yaml", tmp_path)
    subprocess.run(["docker", "compose", "config", "--quiet"], cwd=tmp_path, check=True)


# --- the image ------------------------------------------------------------------------------------------------


def instructions():
    """The Dockerfile as (word, rest) by stage."""
    text = re.sub(r"\\\n\s*", "", (HOUSE / "Dockerfile").read_text())
    stages, current = {}, None
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            current = rest.split(" AS ")[1]
            stages[current] = []
        elif current is not None:
            stages[current].append((word, rest))
    return stages


def test_the_image_is_pinned_and_built_in_stages():
    text = (HOUSE / "Dockerfile").read_text()
    assert re.search(r"^ARG BASE=python:3\.\d+\.\d+-slim-\w+$", text, re.MULTILINE)
    assert list(instructions()) == ["builder", "runtime"]
    assert "--require-hashes" in text
    assert ":latest" not in text


def test_the_image_runs_as_nobody_with_nothing_to_build_with():
    runtime = dict(instructions()["runtime"])
    words = [word for word, _ in instructions()["runtime"]]
    everything = (HOUSE / "Dockerfile").read_text()
    assert runtime["USER"] == "10001:10001"
    assert words.index("USER") < words.index("CMD")
    assert not re.search(r"apt-get|gcc|build-essential|curl|wget|sudo", everything)
    assert "ADD" not in words
    assert "HEALTHCHECK" in words
    assert runtime["STOPSIGNAL"] == "SIGTERM"


def test_no_secret_is_in_the_image_and_none_is_sent_to_build_it():
    assert not re.search(r"(SECRET|PASSWORD|TOKEN|API_KEY)\s*=", (HOUSE / "Dockerfile").read_text())
    ignored = (HOUSE / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    assert not any(line.startswith("!") and re.search(r"\.env|data|\.git", line) for line in ignored)


def test_everything_that_is_copied_is_there_and_is_sent():
    ignored = (HOUSE / ".dockerignore").read_text().splitlines()
    sent = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    for word, rest in [*instructions()["builder"], *instructions()["runtime"]]:
        if word == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (HOUSE / source).exists(), source
                assert source in sent, source


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(os.environ.get("CI") != "true", reason="installs everything once more: minutes, so only in CI")
def test_the_steps_of_the_image_work_in_an_empty_environment(tmp_path):
    """Runs the builder's steps with our interpreter, in folders of our own, and starts the doors of the result."""
    target, source = tmp_path / "opt", tmp_path / "src"
    source.mkdir()
    for word, rest in instructions()["builder"]:
        if word == "COPY":
            *names, _ = rest.split()
            for name in names:
                _copy(HOUSE / name, source / name)
        elif word == "RUN":
            step = rest.replace("/opt/alumusic", str(target)).replace("python -m venv", f"{sys.executable} -m venv")
            done = subprocess.run(["sh", "-ec", step], cwd=source, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{rest}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    assert not list((target / "bin").glob("pip*"))
    assert (target / "dashboard" / "app.py").exists()
    for door in (
        ["alumusic", "--version"],
        ["celery", "--version"],
        ["gunicorn", "--version"],
        ["streamlit", "version"],
    ):
        subprocess.run([target / "bin" / door[0], *door[1:]], check=True, capture_output=True)


def _copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)
