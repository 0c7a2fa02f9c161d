"""What the README says is done as it says."""

import csv
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120
"""How long a start or an end may take before it counts as hanging."""
EXAMPLE = re.compile(r"<!-- example.*?-->\n```bash\n(.*?)```", re.DOTALL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    """The environment without settings of ours: what a newcomer has."""
    ours = ("ALUMUSIC_", "DATABASE_URL", "CELERY_", "GOOGLE_API_KEY", "SECRET_KEY", "JWT_SECRET_KEY")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def start(folder: Path, port: int, *, stderr: int | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "alumusic", "up", "--no-dashboard", "--port", str(port), "--data", str(folder)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment(), cwd=folder.parent
    )


def said_in_vain(folder: Path, port: int) -> str:
    """What a product that cannot start says, and does nothing else."""
    process = start(folder, port, stderr=subprocess.PIPE)
    said, complained = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert said == ""
    return complained


def wait_until_it_answers(process: subprocess.Popen[str], port: int) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        try:
            httpx.get(f"http://127.0.0.1:{port}/saude", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("it does not answer")


@pytest.fixture
def product(tmp_path: Path) -> Iterator[int]:
    """The port of a product that runs as `make up` runs it."""
    port = free_port()
    process = start(tmp_path / "data", port)
    try:
        wait_until_it_answers(process, port)
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None or shutil.which("curl") is None, reason="needs bash and curl")
def test_the_example_of_the_readme_works_as_written(product, tmp_path):
    found = EXAMPLE.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    script = found[1].replace("127.0.0.1:5000", f"127.0.0.1:{product}")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")

    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=240,
        env=environment() | {"NO_PROXY": "*"}, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    assert '"papel":"admin"' in ran.stdout
    assert '"categoria":"CRÍTICA"' in ran.stdout
    with (tmp_path / "criticas.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:4] == ["id", "texto", "status", "categoria"]
    assert {row["categoria"] for row in rows} == {"CRÍTICA"}


@pytest.mark.slow
def test_starting_again_finds_everything_as_it_was(tmp_path):
    account = {"email": "ana@exemplo.com", "password": "cavalo bateria grampo"}
    port, folder = free_port(), tmp_path / "data"
    for time_around in (1, 2):
        process = start(folder, port)
        try:
            wait_until_it_answers(process, port)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
                registered = client.post("/auth/register", json=account)
                assert registered.status_code == (201 if time_around == 1 else 409)
                token = client.post("/auth/login", json=account).json()["access_token"]
                client.headers["Authorization"] = f"Bearer {token}"
                if time_around == 1:
                    assert client.post("/api/comentarios", json={"texto": "Amei o refrão"}).status_code == 202
                else:
                    assert client.get("/api/comentarios").json()["total"] == 1
        finally:
            process.send_signal(signal.SIGTERM if time_around == 1 else signal.SIGINT)
            said, _ = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0
        assert "Parado. Os dados continuam onde estavam." in said


@pytest.mark.slow
def test_two_products_never_share_a_data_folder(product, tmp_path):
    folder = tmp_path / "data"

    assert f"Outro `alumusic up` já usa a pasta {folder}; pare-o ou use --data." in said_in_vain(folder, free_port())


@pytest.mark.slow
def test_a_port_in_use_is_said_and_nothing_starts(product, tmp_path):
    folder = tmp_path / "elsewhere"

    assert f"A porta {product} já está em uso" in said_in_vain(folder, product)
    assert not list(folder.glob("*.db"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_secrets_and_data_are_for_nobody_elses_eyes(product, tmp_path):
    folder = tmp_path / "data"

    assert (folder / "secrets.json").stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0
