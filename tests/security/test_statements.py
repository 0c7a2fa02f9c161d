"""The page about security names tests that exist, for every statement."""

import re
from pathlib import Path

from alumusic.cli.subject import subject
from alumusic.settings import Settings
from tests.house import build_house

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| S(\d+) \|.*\| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(test_\w+)::(test_\w+)`")


def names_there_are():
    return {
        (path.stem, name)
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def test_every_statement_has_a_row_with_a_test():
    rows = ROW.findall(PAGE)

    assert [int(number) for number, _ in rows] == list(range(1, 45))
    assert all(NAMED.search(shown) for _, shown in rows)


def test_every_test_that_the_page_names_is_there():
    named = set(NAMED.findall(PAGE))

    assert named - names_there_are() == set()


def test_the_page_for_people_names_commands_addresses_and_settings_that_exist(sqlite_engine, tmp_path):
    page = (ROOT / "docs/privacidade.pt-BR.md").read_text(encoding="utf-8")
    paths = build_house(sqlite_engine, tmp_path).get("/openapi.json").json["paths"]
    there_are = {f"{method.upper()} {plain(path)}" for path, methods in paths.items() for method in methods}

    commands = set(re.findall(r"alumusic subject (\w+)", page))
    addresses = {plain(call) for call in re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`]+)`", page)}
    settings = set(re.findall(r"ALUMUSIC_(\w+)", page))

    assert commands
    assert commands <= set(subject.commands)
    assert addresses
    assert addresses <= there_are
    assert settings
    assert {name.lower() for name in settings} <= set(Settings.model_fields)


def plain(path):
    """A path without the names of its parameters: the page says them in Portuguese."""
    return re.sub(r"\{\w+\}|<\w+>", "<>", path)
