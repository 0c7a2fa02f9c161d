"""What trains and scores models stays at home: the programs that serve never load it."""

import json
import os
import subprocess
import sys

import pytest

TRAINING_TOOLS = {"sklearn", "scipy", "pandas", "threadpoolctl"}

SERVING = """
import json, sys
from alumusic.api.app import create_app
from alumusic.bell.thread import ThreadBell
from alumusic.bootstrap import build_classifier, build_services, worker_terms
from alumusic.settings import load_settings
from alumusic.store.migrate import upgrade
from alumusic.worker.embedded import EmbeddedWorkers

settings = load_settings(classifier="local")
bell = ThreadBell()
services = build_services(settings, bell=bell)
upgrade(services.engine)
app = create_app(services)
assert app.test_client().get("/saude").status_code == 200
classifier = build_classifier(settings)
workers = EmbeddedWorkers(
    services.engine, classifier, bell, terms=worker_terms(settings, classifier),
    clock=services.clock, watchdog_seconds=60,
)
workers.start()
said = classifier.classify(["que refrão lindo"])
workers.stop()
print(json.dumps({"category": said[0].category, "modules": sorted({name.split(".")[0] for name in sys.modules})}))
"""

HELP = """
import json, sys
from click.testing import CliRunner
from alumusic.cli.main import main
assert CliRunner().invoke(main, ["eval", "--help"]).exit_code == 0
print(json.dumps({"modules": sorted({name.split(".")[0] for name in sys.modules})}))
"""


@pytest.mark.parametrize("program", [SERVING, HELP], ids=["api_and_worker", "command_line"])
def test_programs_that_serve_never_load_training_tools(tmp_path, program):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALUMUSIC_")}
    environment |= {"ALUMUSIC_DATA_DIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"}

    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, cwd=tmp_path, env=environment
    )

    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout.strip().splitlines()[-1])["modules"]
    assert TRAINING_TOOLS & set(loaded) == set()
