"""A browser, and the whole product to look at: without Chromium these tests are skipped on a laptop, and fail in CI."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.fill import fill
from tests.browser.stand import CHROMIUM, Stand, chromium, running


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs Chromium at {CHROMIUM}: apt-get install chromium")
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def empty_stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """The product as it comes: nobody has an account yet."""
    with running(tmp_path_factory.mktemp("empty")) as stand:
        yield stand


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """The product in use: an admin, a curator, a reader, eight weeks of comments."""
    with running(tmp_path_factory.mktemp("full")) as stand:
        fill(stand)
        yield stand
