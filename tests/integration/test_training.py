"""A model that learnt from curators comes into use only if it is no worse."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from alumusic.bootstrap import build_services, local_model_path
from alumusic.domain.comments import Category
from alumusic.evals.train_command import train
from alumusic.evals.training import Quality
from alumusic.settings import load_settings
from alumusic.store.changes import correct
from alumusic.store.migrate import upgrade
from tests.examples import MONDAY_NOON, handed_in, stored

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a small corpus, a gold set and an empty database."""
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").mkdir()
    with (ROOT / "corpus" / "comentarios_r1.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))
    with (tmp_path / "corpus" / "r1.csv").open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([rows[0], *rows[1::3]])
    shutil.copy(ROOT / "tests" / "evals" / "dataset.json", tmp_path / "gold.json")
    return tmp_path


def corrections(texts):
    services = build_services(load_settings())
    upgrade(services.engine)
    handed_in(services.engine, *texts)
    for comment in stored(services.engine):
        with services.engine.begin() as db:
            correct(
                db, comment_id=comment.id, category=Category.PRAISE, tags=["refrao"], by_user_id=None, now=MONDAY_NOON
            )
    return local_model_path(services.settings)


def run(*arguments):
    return CliRunner().invoke(train, ["--with-corrections", "--corpus", "corpus", "--gold", "gold.json", *arguments])


def test_without_corrections_there_is_nothing_to_learn(folder):
    corrections([])

    ran = run()

    assert ran.exit_code == 1
    assert "Ainda não há correções" in ran.output


def test_a_model_that_became_worse_stays_out(folder):
    out = corrections(["esse refrão gruda"])

    ran = run()  # A third of one voice teaches less than the shipped model knows.

    assert ran.exit_code == 1
    assert "piorou" in ran.output
    assert not out.exists()


def test_a_model_that_is_no_worse_comes_into_use(folder):
    out = corrections(["esse refrão gruda"])
    easy = [{"texto": "amei essa música, que voz linda", "categoria_esperada": "ELOGIO", "tags_esperadas": []}]
    (folder / "gold.json").write_text(json.dumps(easy), encoding="utf-8")

    ran = run()

    assert ran.exit_code == 0, ran.output
    assert "Promovido" in ran.output
    assert out.exists()
    assert out.with_suffix(".json").exists()


def test_no_worse_means_that_neither_figure_fell():
    assert Quality(0.9, 0.9).is_no_worse_than(Quality(0.9, 0.9))
    assert not Quality(0.95, 0.89).is_no_worse_than(Quality(0.9, 0.9))
    assert not Quality(0.89, 0.95).is_no_worse_than(Quality(0.9, 0.9))
