"""Without an extra the rest works, and who asks for what is missing is told how to get it."""

import os
import subprocess
import sys

import pytest

WITHOUT = """
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == {missing!r} else real(name, package)
from alumusic.cli.main import main
main({arguments!r}, prog_name="alumusic")
"""


@pytest.mark.parametrize(
    ("missing", "extra", "setting", "arguments"),
    [
        ("celery", "celery", "CELERY_BROKER_URL=redis://127.0.0.1/0", ["up", "--no-dashboard", "--port", "59413"]),
        ("psycopg", "postgres", "DATABASE_URL=postgresql://ana@127.0.0.1/nada", ["db", "current"]),
    ],
)
def test_a_missing_extra_is_a_sentence(missing, extra, setting, arguments, tmp_path):
    setting, value = setting.split("=", 1)
    script = WITHOUT.format(missing=missing, arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"ALUMUSIC_DATA_DIR": str(tmp_path), setting: value},
    )

    assert done.returncode == 1
    assert f"[extra_missing] {setting} pede o extra `{extra}`, que não está instalado." in done.stderr
    assert "Traceback" not in done.stderr
