"""`alumusic summary`, as somebody types it."""

import pytest
from click.testing import CliRunner

from alumusic.cli.main import main
from alumusic.store.database import open_database
from alumusic.store.migrate import upgrade
from tests.insight import labelled, ordinary_week


@pytest.fixture
def run(tmp_path, monkeypatch):
    for name in ("CELERY_BROKER_URL", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    monkeypatch.chdir(tmp_path)
    engine = open_database(f"sqlite:///{tmp_path / 'a.db'}")
    upgrade(engine)
    labelled(engine, ordinary_week())
    engine.dispose()
    return lambda *arguments: CliRunner().invoke(main, ["summary", *arguments])


def test_the_summary_of_a_week_is_written_and_shown(run):
    said = run("--week", "2026-W47")
    assert said.exit_code == 0, said.output
    assert "## Semana 2026-W47" in said.output
    assert "**70 comentários**" in said.output


@pytest.mark.parametrize("week", ["2026-W60", "0001-W01", "9999-W52"])
def test_a_week_that_is_none_is_refused_in_a_sentence(run, week):
    said = run("--week", week)
    assert said.exit_code == 2
    assert "não é uma semana ISO" in said.output


def test_a_week_that_has_not_begun_is_refused_in_a_sentence(run):
    said = run("--week", "9998-W01")
    assert said.exit_code == 1
    assert "A semana 9998-W01 ainda não começou" in said.output
    assert run("--week", "2026-W47").exit_code == 0
