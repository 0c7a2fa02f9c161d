"""What docs/llm.md says is so."""

import re
from pathlib import Path

from alumusic.domain.providers import Trouble
from alumusic.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "llm.md").read_text(encoding="utf-8")


def test_every_trouble_is_on_the_page():
    assert [trouble for trouble in Trouble if f"`{trouble}`" not in PAGE] == []


def test_every_setting_on_the_page_exists():
    named = {name.lower() for name in re.findall(r"ALUMUSIC_([A-Z_]+)", PAGE)}
    assert named - set(Settings.model_fields) == set()
