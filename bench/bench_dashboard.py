"""How long a curator waits for the dashboard, many comments behind it: `make bench-dashboard` (ARGS="--rows 10000").

The whole product as `alumusic up` starts it, on SQLite, looked at with Debian's Chromium on the same machine.
"""

import argparse
import json
import os
import platform
import statistics
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, expect
from rich.console import Console
from rich.table import Table

from alumusic.logs import configure_logs
from bench.bench import fill, seconds, timed
from tests.browser.fill import ADMIN
from tests.browser.pages import nothing_grey, script_over, sign_in
from tests.browser.stand import WAIT, Stand, chromium, running

PAGES = {
    "Histórico": "Histórico", "Enviar": "Enviar comentários", "Revisão": "Revisão", "Resumos": "Resumos da semana",
    "Perguntar": "Perguntar", "Relatório": "Relatório ao vivo",
    "Administração": "Administração", "Visão geral": "Visão geral",
}  # fmt: skip
"""What the menu says, and what stands above the page."""
ROUNDS = 5
FIRST_PAINT, NEXT_PAGE = 3.0, 1.0
"""Seconds that somebody may have to wait for."""


def door(page: Page, stand: Stand) -> None:
    page.goto(stand.dashboard)
    page.get_by_role("button", name="Entrar", exact=True).wait_for(timeout=WAIT)


def first_figures(page: Page, stand: Stand) -> None:
    """A new tab of somebody who is signed in, until there is something to read."""
    page.goto(stand.dashboard)
    page.get_by_text("Últimos 7 dias", exact=True).first.wait_for(timeout=WAIT)


def next_page(page: Page, name: str) -> None:
    """From one page to another by the menu, until nothing runs any more."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=PAGES[name], exact=True).first).to_be_visible(timeout=WAIT)
    script_over(page)
    nothing_grey(page)


def measure(folder: Path, rows: int) -> dict[str, list[float]]:
    """Seconds of each round, the first visit included."""
    (folder / "data").mkdir()
    engine, _ = fill(f"sqlite:///{folder / 'data' / 'alumusic.db'}", rows)
    engine.dispose()
    figures: dict[str, list[float]] = {}
    with running(folder) as stand, chromium() as browser:
        stand.register(ADMIN)
        context = browser.new_context(viewport={"width": 1280, "height": 1000}, locale="pt-BR")
        page = context.new_page()
        figures["the door"] = timed(lambda: door(page, stand), ROUNDS)
        sign_in(page, stand, ADMIN)
        figures["a new tab, until the figures are there"] = []
        for _ in range(ROUNDS):
            tab = context.new_page()
            figures["a new tab, until the figures are there"].append(seconds(lambda tab=tab: first_figures(tab, stand)))
            tab.close()
        for _ in range(ROUNDS):
            for name in PAGES:
                figures.setdefault(f"to {name}", []).append(seconds(lambda name=name: next_page(page, name)))
        context.close()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path, default=Path("bench/out/dashboard.json"))
    asked = parser.parse_args()
    configure_logs("WARNING")
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), asked.rows)
    table = Table(title=f"{datetime.now(UTC):%Y-%m-%d} · {asked.rows:,} comments · {os.cpu_count()} cores")
    for heading in ("seconds", "first", "median", "longest", "wanted"):
        table.add_column(heading, justify="left" if heading == "seconds" else "right")
    for name, taken in figures.items():
        wanted = NEXT_PAGE if name.startswith("to ") else FIRST_PAINT
        shown = (taken[0], statistics.median(taken), max(taken))
        table.add_row(name, *(f"{value:.2f}" for value in shown), f"≤ {wanted:.0f}")
    Console().print(table)
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    told = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "python": platform.python_version(), "rows": asked.rows}
    asked.json.write_text(json.dumps(told | figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
