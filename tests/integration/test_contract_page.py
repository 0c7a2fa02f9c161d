"""The page of the public contract names every call and every command, and none that is not there."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from alumusic.cli.main import main
from tests.house import build_house

PAGE = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
CALL = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[^\s`?]*)`")
COMMAND = re.compile(r"`alumusic ([^`]+)`")


def plain(path: str) -> str:
    """A path without the names of its parameters: the page says them in Portuguese."""
    return re.sub(r"\{\w+\}|<\w+>", "<>", path)


def commands(group: click.Group, *before: str) -> Iterator[str]:
    """Every command that does something, with the names of the groups it stands in."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
        else:
            yield " ".join((*before, name))


@pytest.fixture
def calls(sqlite_engine, tmp_path) -> set[tuple[str, str]]:
    """The operations of the OpenAPI document."""
    paths = build_house(sqlite_engine, tmp_path).get("/openapi.json").json["paths"]
    return {(method.upper(), plain(path)) for path, methods in paths.items() for method in methods}


def test_every_call_is_on_the_page(calls):
    named = {(method, plain(path)) for method, path in CALL.findall(PAGE)}

    assert sorted(calls - named) == []


def test_every_call_on_the_page_exists(calls):
    named = {(method, plain(path)) for method, path in CALL.findall(PAGE)}

    assert sorted(named - calls) == []


def test_every_command_is_on_the_page():
    named = COMMAND.findall(PAGE)

    assert [name for name in commands(main) if not any(f"{said} ".startswith(f"{name} ") for said in named)] == []


def test_every_command_on_the_page_exists():
    known = list(commands(main))

    assert [
        said for said in COMMAND.findall(PAGE) if not any(f"{said} ".startswith(f"{name} ") for name in known)
    ] == []
