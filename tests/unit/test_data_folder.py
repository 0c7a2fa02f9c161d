"""What is made in the data folder is for nobody else's eyes, whoever made the folder."""

import os
import stat

import pytest

from alumusic.bootstrap import build_services
from alumusic.safety import dangers
from alumusic.settings import Settings
from alumusic.store.migrate import upgrade

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")


@pytest.fixture(autouse=True)
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def started(folder):
    """What a first start makes in `folder`, while the database is open."""
    settings = Settings(_env_file=None, data_dir=folder)
    services = build_services(settings)
    upgrade(services.engine)
    found = {path.name: mode(path) for path in folder.iterdir()}
    services.engine.dispose()
    return settings, found


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_that_we_make_is_for_us_alone(tmp_path):
    started(tmp_path / "new" / "data")

    assert mode(tmp_path / "new" / "data") == 0o700


def test_in_a_folder_of_somebody_else_s_our_files_are_for_us_alone_and_it_stays_as_it_is(tmp_path):
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o755)

    settings, found = started(theirs)

    assert found == dict.fromkeys(["alumusic.db", "alumusic.db-wal", "alumusic.db-shm", "secrets.json"], 0o600)
    assert mode(theirs) == 0o755
    assert [danger.code for danger in dangers(settings, {})] == []


def test_a_database_that_is_there_keeps_its_mode(tmp_path):
    shared = tmp_path / "alumusic.db"
    shared.touch(mode=0o640)

    started(tmp_path)

    assert mode(shared) == 0o640
