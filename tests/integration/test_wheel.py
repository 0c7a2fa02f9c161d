"""The wheel that is built does all that the clone does, in an environment that holds nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.integration.test_readme import environment

pytestmark = pytest.mark.timeout(900)

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).parent / "uv"


def run(*command: str | Path, folder: Path) -> str:
    env = environment() | {"UV_SYSTEM_CERTS": "1"}
    done = subprocess.run([*map(str, command)], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(UV, "build", "--wheel", "--out-dir", folder, ROOT, folder=folder)
    return next(folder.glob("*.whl"))


@pytest.mark.slow
@pytest.mark.skipif(not UV.exists() or sys.platform == "win32", reason="needs the environment that make sets up")
def test_the_wheel_classifies_and_migrates_in_an_empty_environment(wheel, tmp_path):
    run(UV, "venv", "--quiet", "--python", sys.executable, tmp_path / "venv", folder=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    locked = ROOT / "requirements" / "app.txt"
    run(UV, "pip", "install", "-q", "-p", python, "--require-hashes", "-r", locked, folder=tmp_path)
    run(UV, "pip", "install", "-q", "-p", python, "--no-deps", wheel, folder=tmp_path)
    alumusic = python.parent / "alumusic"

    (tmp_path / "c.csv").write_text("texto\nAmei demais esse refrão\n", encoding="utf-8")

    assert "ELOGIO" in run(alumusic, "classify", "Amei demais esse refrão", folder=tmp_path)
    assert "1 comentário classificado" in run(alumusic, "import", "c.csv", "--classify", folder=tmp_path)
    assert "(em dia)" in run(alumusic, "db", "current", folder=tmp_path)
    assert "alumusic" in run(python, "-c", "import alumusic; print(alumusic.__file__)", folder=tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(not UV.exists(), reason="needs the environment that make sets up")
def test_the_wheel_holds_data_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    for wanted in ("migrations/versions/0001_first_tables.py", "artefact/model.npz", "py.typed", "dashboard/app.py"):
        assert any(name.endswith(wanted) for name in names), wanted
    assert not [name for name in names if name.startswith(("tests/", "corpus/", "bench/"))]
    assert wheel.stat().st_size < 15_000_000
