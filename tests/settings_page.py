"""Makes docs/settings.md and .env.example from the settings themselves: `python -m tests.settings_page`."""

import ast
import inspect
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pydantic import AliasChoices
from pydantic_core import PydanticUndefined

from alumusic import settings
from alumusic.settings import Settings

HOUSE = Path(__file__).parents[1]
PAGE, EXAMPLE = HOUSE / "docs" / "settings.md", HOUSE / ".env.example"

HEAD = """# Settings

Read from the environment and from a file `.env` in the folder where a command starts; the environment wins. Everything
has a default that suits one machine: `alumusic up` needs none of these. This page is made from
`src/alumusic/settings.py` (`python -m tests.settings_page`), and a test compares the two.

"""

COMPOSE = """# AluMusic Insights: copy to `.env` and fill in what is empty in the first block.
# Made from src/alumusic/settings.py by `python -m tests.settings_page`; a test compares the two.

# --- compose.yaml needs these; `openssl rand -base64 36 | tr -d '/+'` makes one -------------------------------
SECRET_KEY=
JWT_SECRET_KEY=
# With it the dashboard vouches for its visitors' addresses; it is the only secret that the dashboard has.
ALUMUSIC_DASHBOARD_KEY=
# Password of the database's user; letters and digits only, since it becomes part of an address.
POSTGRES_PASSWORD=
# Password of Redis; letters and digits only.
REDIS_PASSWORD=

# --- compose.yaml has defaults for these ---------------------------------------------------------------------
# POSTGRES_USER=alumusic
# POSTGRES_DB=alumusic
# Processes of the worker; each has ALUMUSIC_WORKER_THREADS threads.
# WORKER_PROCESSES=2
# Where the dashboard finds the API; compose.yaml and `alumusic up` set it.
# ALUMUSIC_API_URL=http://127.0.0.1:5000

# --- everything else, with its default ---------------------------------------------------------------------
"""

# compose.yaml makes these out of the ones above.
MADE_BY_COMPOSE = {"SECRET_KEY", "JWT_SECRET_KEY", "ALUMUSIC_DASHBOARD_KEY"}


@dataclass(frozen=True)
class Described:
    """One setting as people meet it."""

    name: str
    default: str
    sentence: str
    section: str


def described() -> list[Described]:
    """Every setting, in the order of the source, with the sentence under it."""
    source = inspect.getsource(settings)
    sentences = _sentences(source)
    lines = source.splitlines()
    found = []
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        shown = alias.choices[0] if isinstance(alias, AliasChoices) else f"ALUMUSIC_{name.upper()}"
        found.append(Described(str(shown), _shown(field.default), sentences[name], _section(lines, name)))
    return found


def _sentences(source: str) -> dict[str, str]:
    [body] = [
        node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == "Settings"
    ]
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }


def _section(lines: list[str], name: str) -> str:
    section = "one machine"
    for line in lines:
        if line.strip().startswith("# --- "):
            section = line.strip().removeprefix("# --- ").rstrip("- ")
        if line.startswith(f"    {name}:"):
            return section
    raise LookupError(name)


def _shown(default: object) -> str:
    if default is None or default is PydanticUndefined:
        return ""
    if isinstance(default, bool):
        return "1" if default else "0"
    if isinstance(default, dict):
        return str({name: list(prices) for name, prices in default.items()}).replace("'", '"')
    return str(default)


def page() -> str:
    parts, section = [HEAD], None
    for one in described():
        if one.section != section:
            section = one.section
            parts.append(
                f"\n## {section[0].upper()}{section[1:]}\n\n| setting | default | what it is |\n|---|---|---|\n"
            )
        default = f"`{one.default}`" if one.default else "–"
        parts.append(f"| `{one.name}` | {default} | {' '.join(one.sentence.split())} |\n")
    return "".join(parts).replace("\n\n\n", "\n\n")


def example() -> str:
    parts, section = [COMPOSE], None
    for one in described():
        if one.name in MADE_BY_COMPOSE:
            continue
        if one.section != section:
            section = one.section
            parts.append(f"\n# {section}\n")
        parts.append(f"# {' '.join(one.sentence.split())}\n# {one.name}={one.default}\n")
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    EXAMPLE.write_text(example(), encoding="utf-8")
