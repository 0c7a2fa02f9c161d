"""`alumusic subject`: the same for who runs the machine."""

import json
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from alumusic.cli.main import main
from alumusic.domain.comments import NewComment
from alumusic.store.database import open_database
from tests.examples import handed_in, stored


@pytest.fixture
def engine(migrated_sqlite_file, tmp_path):
    path = tmp_path / "alumusic.db"
    path.write_bytes(migrated_sqlite_file.read_bytes())
    engine = open_database(f"sqlite:///{path}")
    handed_in(engine, NewComment("amei", author="Caio"), NewComment("odiei", author="Caio"), NewComment("oi"))
    yield engine
    engine.dispose()


@pytest.fixture
def run(engine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "SECRET_KEY", "JWT_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALUMUSIC_DATA_DIR", str(tmp_path))

    def invoke(*arguments, typed=None):
        return CliRunner().invoke(main, ["subject", *arguments], input=typed)

    return invoke


def copy(source, target):
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def test_somebodys_data_are_written_as_json(run, tmp_path):
    ran = run("export", "caio", "--out", str(tmp_path / "caio.json"))

    assert ran.exit_code == 0, ran.output
    told = json.loads((tmp_path / "caio.json").read_bytes())
    assert [one["texto"] for one in told["comentarios"]] == ["amei", "odiei"]
    assert told["protocolo"] in ran.output
    assert json.loads(run("export", "caio").stdout)["total_de_comentarios"] == 2


def test_erasing_asks_first(run, engine):
    assert run("erase", "caio", typed="n\n").exit_code == 1
    assert len(stored(engine)) == 3

    ran = run("erase", "caio", typed="y\n")

    assert ran.exit_code == 0, ran.output
    assert "2 comentários eliminados; não resta nenhum." in ran.output
    assert [comment.text for comment in stored(engine)] == ["oi"]


def test_marks_of_what_was_erased_go_over_a_restored_backup(run, engine, tmp_path):
    copy(tmp_path / "alumusic.db", tmp_path / "backup.db")
    run("erase", "caio", "--yes")
    assert run("tombstones", "marcas.txt").exit_code == 0
    engine.dispose()
    copy(tmp_path / "backup.db", tmp_path / "alumusic.db")
    assert len(stored(engine)) == 3

    ran = run("reapply", "marcas.txt")

    assert ran.exit_code == 0, ran.output
    assert [comment.text for comment in stored(engine)] == ["oi"]


def test_what_cannot_be_is_said_in_a_line(run, tmp_path):
    (tmp_path / "nada.txt").write_text("isto não é hexadecimal\n", encoding="utf-8")

    for arguments in (["export", "Ninguém"], ["erase", "Ninguém", "--yes"], ["reapply", "nada.txt"]):
        ran = run(*arguments)
        assert ran.exit_code == 1
        assert ran.output.startswith("Error: ")
        assert "Traceback" not in ran.output
