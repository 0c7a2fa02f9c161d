"""The page about security names tests that exist, for every statement."""

import re
from pathlib import Path

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


def test_the_page_for_people_names_commands_and_addresses_that_exist():
    page = (ROOT / "docs/privacidade.pt-BR.md").read_text(encoding="utf-8")
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/alumusic").rglob("*.py"))

    for command in set(re.findall(r"alumusic subject (\w+)", page)):
        assert f"def {command}(" in source
    for setting in set(re.findall(r"ALUMUSIC_(\w+)", page)):
        assert f"    {setting.lower()}: " in source
