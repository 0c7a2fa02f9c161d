"""Takes the pictures of the documentation: `make screenshots` fills a house through its API and looks at every page.

Each page is taken on light, on dark and at the width of a phone; some also in the middle of something.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.fill import ADMIN, fill
from tests.browser.pages import click_cell, go, settle, sign_in
from tests.browser.stand import Stand, chromium, running

IMAGES = Path(__file__).parents[2] / "docs" / "images"
LARGEST_BYTES = 150 * 1024

Step = Callable[[Page], None]

WIDE = {"width": 1200, "height": 860}
PHONE = {"width": 390, "height": 844}


def no_step(page: Page) -> None:
    pass


def open_a_comment(page: Page) -> None:
    click_cell(page, row=1)
    expect(page.get_by_text("Classe certa")).to_be_visible()
    settle(page)


def choose_a_file(page: Page) -> None:
    rows = (
        "comentário,artista,data\n"
        "O refrão não sai da cabeça!,Lua de Maracatu,2026-11-20\n"
        "O som do show estava muito baixo,Os Cometas de Bairro,21/11/2026 22:15\n"
        "Quando sai o clipe?,MC Farol Alto,2026-11-22\n"
        ",MC Farol Alto,2026-11-22\n"
    )
    page.locator('input[type="file"]').set_input_files(
        {"name": "comentarios.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    expect(page.get_by_text("prontos para enviar")).to_be_visible()
    settle(page)


def ask_for_a_summary(page: Page) -> None:
    if page.get_by_role("button", name="Gerar agora").count():
        page.get_by_role("button", name="Gerar agora").click()
        expect(page.get_by_role("button", name="Baixar (Markdown)")).to_be_visible(timeout=60_000)
        page.wait_for_timeout(5_000)
    page.locator('[data-testid="stExpander"] summary').first.click()
    settle(page)


def ask_a_question(page: Page) -> None:
    page.get_by_role("button", name="O que mais criticaram").click()
    expect(page.get_by_text("Texto gerado")).to_be_visible()
    page.locator('[data-testid="stExpander"] summary').first.click()
    settle(page)


PAGES: tuple[tuple[str, str, str, Step], ...] = (
    ("visao-geral", "/", "Visão geral", no_step),
    ("historico", "/historico", "Histórico", open_a_comment),
    ("enviar", "/enviar", "Enviar comentários", choose_a_file),
    ("revisao", "/revisao", "Revisão", no_step),
    ("resumos", "/resumos", "Resumos da semana", ask_for_a_summary),
    ("perguntar", "/perguntar", "Perguntar", ask_a_question),
    ("relatorio", "/relatorio", "Relatório ao vivo", no_step),
    ("administracao", "/administracao", "Administração", no_step),
    ("conta", "/conta", "Minha conta", no_step),
)


def pictures(browser: Browser, stand: Stand) -> Iterator[tuple[str, bytes]]:
    """The name of each picture, and the picture."""
    yield from _of_the_door(browser, stand)
    looks: tuple[tuple[str, dict[str, int], Literal["light", "dark"]], ...] = (
        ("", WIDE, "light"),
        ("-escuro", WIDE, "dark"),
        ("-celular", PHONE, "light"),
    )
    for suffix, size, scheme in looks:
        page = _page(browser, size, scheme)
        sign_in(page, stand, ADMIN)
        for name, path, title, step in PAGES:
            go(page, stand, path, title)
            step(page)
            page.mouse.move(0, 0)
            yield f"painel-{name}{suffix}", page.screenshot()
        page.context.close()


def _of_the_door(browser: Browser, stand: Stand) -> Iterator[tuple[str, bytes]]:
    page = _page(browser, WIDE, "light")
    page.goto(stand.dashboard)
    expect(page.get_by_role("heading", name="AluMusic Insights")).to_be_visible()
    settle(page)
    yield "painel-entrar", page.screenshot()
    page.context.close()


def _page(browser: Browser, size: dict[str, int], scheme: Literal["light", "dark"]) -> Page:
    return browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme=scheme,
        locale="pt-BR",
        timezone_id="America/Sao_Paulo",
    ).new_page()


def save(name: str, picture: bytes, folder: Path) -> Path:
    """Keep a picture with as many colours as its size allows."""
    path = folder / f"{name}.png"
    path.write_bytes(picture)
    for colours in (256, 128, 64):
        with Image.open(path) as image:
            image.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST_BYTES:
            return path
    raise ValueError(f"{path.name} has {path.stat().st_size} bytes, and may have {LARGEST_BYTES}")


def main(folder: Path = IMAGES) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as stand, chromium() as browser:
        fill(stand)
        for name, picture in pictures(browser, stand):
            path = save(name, picture, folder)
            sys.stdout.write(f"{path.name} {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
