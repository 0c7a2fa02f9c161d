"""`alumusic up` that cannot begin says why in a sentence, without the inside of the house."""

import os
import subprocess
import sys

from tests.servers import free_port


def test_a_database_that_is_away_is_a_sentence(tmp_path):
    away = f"127.0.0.1:{free_port()}"
    surroundings = os.environ | {"DATABASE_URL": f"postgresql://ana:n8Wq3Zk7Lm@{away}/alumusic"}
    command = [sys.executable, "-m", "alumusic", "up", "--no-dashboard", "--port", str(free_port())]

    ended = subprocess.run(
        [*command, "--data", "data"], env=surroundings, cwd=tmp_path, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip

    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"Error: O banco de dados em postgresql://{away} não respondeu, ou não nos deixou entrar. "
        "Confira DATABASE_URL e o banco."
    ]
