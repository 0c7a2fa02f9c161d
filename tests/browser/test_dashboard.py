"""The dashboard as people meet it, in a real browser, on the whole product as `alumusic up` starts it."""

import csv
import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Download, Locator, Page, expect

from tests.browser.attacks import ATTACKS
from tests.browser.fill import ADMIN, CURATOR, READER
from tests.browser.pages import click_cell, go, settle, sign_in
from tests.browser.pages import field as input_named
from tests.browser.stand import PASSWORD, WAIT, Stand

pytestmark = pytest.mark.browser


@dataclass
class Witness:
    """What a page did that it must not do."""

    page: Page
    dialogs: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    downloads: list[Download] = field(default_factory=list)

    def downloaded(self) -> bytes:
        """The file that came; it comes in a tab of its own, which the browser closes."""
        end = time.monotonic() + WAIT / 1000
        while not self.downloads:
            assert time.monotonic() < end, f"no file came within {WAIT / 1000} s"
            self.page.wait_for_timeout(100)
        return self.downloads[0].path().read_bytes()


@pytest.fixture
def witness(chrome: Browser, request: pytest.FixtureRequest) -> Iterator[Witness]:
    """A fresh browser profile that notes every dialog and every request to somebody else."""
    context = chrome.new_context(
        viewport={"width": 1280, "height": 1000}, locale="pt-BR", timezone_id="America/Sao_Paulo", accept_downloads=True
    )
    page = context.new_page()
    found = Witness(page)

    def look(one: Page) -> None:
        one.on("download", lambda download: found.downloads.append(download))  # noqa: PLW0108 - Playwright marks it
        one.on("dialog", lambda dialog: (found.dialogs.append(dialog.message), dialog.dismiss()))
        one.on("request", lambda asked: None if is_ours(asked.url) else found.foreign.append(asked.url))

    look(page)
    context.on("page", look)
    yield found
    context.close()
    assert found.dialogs == []
    assert found.foreign == []


def is_ours(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:http://127.0.0.1:", "about:"))


def button(page: Page, name: str, *, exact: bool = False):
    return page.get_by_role("button", name=name, exact=exact)


def heading(page: Page, name: str):
    return page.get_by_role("heading", name=name, exact=True).first


def said(page: Page) -> Locator:
    """The comment that the page shows: the first text in its main part, whatever the menu says beside it."""
    return page.locator('[data-testid="stMain"] [data-testid="stText"]').first


def test_from_the_first_account_to_finished_labels(empty_stand: Stand, witness: Witness):
    page = witness.page
    page.goto(empty_stand.dashboard)
    expect(input_named(page, "E-mail")).to_be_visible()
    assert "Histórico" not in page.content()

    page.get_by_text("Criar conta", exact=True).click()
    expect(input_named(page, "Repita a senha")).to_be_visible()
    # The other form stays in the page until the script has run to its end.
    expect(input_named(page, "E-mail")).to_have_count(1)
    input_named(page, "Repita a senha").fill(PASSWORD)
    input_named(page, "E-mail").fill(ADMIN)
    input_named(page, "Senha").fill(PASSWORD)
    button(page, "Criar conta e entrar").click()
    expect(heading(page, "Visão geral")).to_be_visible()
    expect(page.get_by_text("Nada classificado ainda")).to_be_visible()

    page.get_by_role("link", name="Enviar comentários").click()
    expect(heading(page, "Enviar comentários")).to_be_visible()
    rows = "".join(f"o refrão {n} é lindo demais,Luna Reis\r\n" for n in range(300))
    file = {"name": "meus comentários.csv", "mimeType": "text/csv", "buffer": f"comentário,artista\r\n{rows}".encode()}
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_text("300 comentários prontos para enviar")).to_be_visible()
    button(page, "Enviar 300 comentários").click()
    page.wait_for_url(re.compile("tarefa="))

    page.reload()
    expect(page.get_by_text("300 comentários classificados")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Ver no histórico").click()
    expect(page.get_by_text("300 comentários", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("task_id="))


def test_a_session_outlives_a_reload_and_a_new_tab_and_ends_with_leaving(stand: Stand, witness: Witness):
    page = witness.page
    sign_in(page, stand, CURATOR)
    cookie = next(one for one in page.context.cookies() if one["name"] == "alumusic_painel")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert "alumusic_painel" not in page.evaluate("document.cookie")

    go(page, stand, "/historico", "Histórico")
    other = page.context.new_page()
    go(other, stand, "/revisao", "Revisão")

    button(page, "Sair").click()
    expect(page.get_by_text("Você saiu. Até logo!")).to_be_visible()
    settle(page)
    page.reload()
    expect(input_named(page, "E-mail")).to_be_visible()
    # The other tab is out as well, and the cookie is gone.
    other.reload()
    expect(input_named(other, "E-mail")).to_be_visible()
    assert "alumusic_painel" not in [one["name"] for one in page.context.cookies()]


def test_the_door_leads_to_the_page_that_was_asked_for(stand: Stand, witness: Witness):
    sign_in(witness.page, stand, READER, "/historico?category=ELOGIO")

    expect(heading(witness.page, "Histórico")).to_be_visible()
    expect(witness.page).to_have_url(re.compile("category=ELOGIO"))


def test_filtered_corrected_and_exported_comments_are_the_same_everywhere(stand: Stand, witness: Witness):
    page = witness.page
    sign_in(page, stand, CURATOR)
    go(page, stand, "/historico?search=farol", "Histórico")
    found = int(re.match(r"(\d+) comentários", page.get_by_text(re.compile(r"^\d+ comentários$")).inner_text())[1])

    click_cell(page, row=0)
    page.get_by_label("Classe certa").click()
    page.get_by_role("option", name="Sugestão").click()
    button(page, "Confirmar ou corrigir").click()
    expect(page.get_by_text("Revisado por uma pessoa")).to_be_visible()

    button(page, "Exportar").click()
    page.get_by_role("link", name="CSV", exact=True).click()
    exported = witness.downloaded()
    with stand.client(stand.token(CURATOR)) as client:
        direct = client.get("/api/comentarios", params={"search": "farol", "format": "csv"}).content
    assert exported == direct
    rows = list(csv.DictReader(io.StringIO(exported.decode())))
    assert len(rows) == found
    assert [row["revisado"] for row in rows].count("sim") == 1
    assert next(row for row in rows if row["revisado"] == "sim")["categoria"] == "SUGESTÃO"


def test_a_review_takes_one_keystroke(stand: Stand, witness: Witness):
    page = witness.page
    sign_in(page, stand, CURATOR, "/revisao")
    before = said(page).inner_text()

    page.keyboard.press("5")

    expect(said(page)).not_to_have_text(before)
    expect(page.get_by_text("Spam: ").or_(page.get_by_text("1 já revisado")).first).to_be_visible()


def test_a_summary_is_written_while_one_waits(stand: Stand, witness: Witness):
    page = witness.page
    sign_in(page, stand, CURATOR, "/resumos")

    button(page, "Gerar").first.click()

    expect(button(page, "Baixar (Markdown)")).to_be_visible(timeout=60_000)
    settle(page)
    page.locator('[data-testid="stExpander"] summary').first.click()
    expect(page.get_by_role("link", name="Abrir").first).to_be_visible()


def test_a_bar_leads_to_the_comments_behind_it(stand: Stand, witness: Witness):
    page = witness.page
    sign_in(page, stand, READER)

    critiques = page.locator('[data-testid="stVegaLiteChart"]').nth(2)
    critiques.locator(".mark-rect path").first.click()

    expect(page).to_have_url(re.compile("category=CR"))
    expect(page).to_have_url(re.compile("artista="))
    expect(heading(page, "Histórico")).to_be_visible()


def test_two_people_see_what_their_roles_allow(stand: Stand, witness: Witness, chrome: Browser):
    sign_in(witness.page, stand, ADMIN)
    other = chrome.new_context(locale="pt-BR").new_page()
    sign_in(other, stand, READER)
    menu, smaller = (page.get_by_test_id("stSidebarNav") for page in (witness.page, other))

    expect(menu.get_by_text("Administração")).to_be_visible()
    expect(smaller.get_by_text("Histórico")).to_be_visible()
    for hidden in ("Administração", "Enviar", "Revisão"):
        expect(smaller.get_by_text(hidden)).to_have_count(0)
    expect(other.get_by_text(READER)).to_be_visible()
    other.context.close()


def test_no_text_ever_becomes_more_than_text(stand: Stand, witness: Witness):
    """Statement S24: every attack, in every field that a listener fills, on every page that shows it."""
    comments = [
        {
            "texto": text,
            "artista": text[:100],
            "album": text[:100],
            "autor": text[:100],
            "fonte": text[:90],
            "url": text,
        }
        for text in ATTACKS
    ]
    admin = stand.token(ADMIN)
    with stand.client(admin) as client:
        receipt = client.post("/api/comentarios", json=comments).json()
        assert receipt["total"] == len(ATTACKS), receipt["rejeitados"]
        stand.finish(admin, receipt["task_id"])
        kept = client.get("/api/comentarios", params={"task_id": receipt["task_id"], "limit": 200}).json()[
            "comentarios"
        ]
    page = witness.page
    sign_in(page, stand, ADMIN)

    for path, title in (
        (f"/historico?task_id={receipt['task_id']}", "Histórico"),
        ("/", "Visão geral"),
        ("/revisao", "Revisão"),
        ("/relatorio", "Relatório ao vivo"),
        (f"/enviar?tarefa={receipt['task_id']}", "Enviar comentários"),
    ):
        go(page, stand, path, title)
    for comment in kept:
        page.goto(f"{stand.dashboard}/historico?id={comment['id']}")
        shown = said(page)
        shown.wait_for()
        assert shown.evaluate("one => one.textContent") == comment["texto"]
        assert page.locator("[data-testid='stMain'] :is(img, iframe, object, embed, form[action], base)").count() == 0
        assert page.locator(f"a[href*='{'mal.exemplo'}']").count() == 0


def test_a_hostile_file_and_question_stay_text_too(stand: Stand, witness: Witness):
    page = witness.page
    sign_in(page, stand, CURATOR, "/enviar")
    columns = ["<img src=x onerror=alert(1)>", "![a](https://mal.exemplo.invalid/p.png)"]
    broken = io.StringIO()
    csv.writer(broken).writerows([columns, ["x", "y"]])
    page.locator('input[type="file"]').set_input_files(
        {"name": "<svg onload=alert(1)>.csv", "mimeType": "text/csv", "buffer": broken.getvalue().encode()}
    )
    expect(page.get_by_text("Não achamos a coluna com o texto")).to_be_visible()

    go(page, stand, "/perguntar", "Perguntar")
    question = page.locator('input[aria-label="Sua pergunta"]')
    question.fill("![a](https://mal.exemplo.invalid/p.png) <img src=x onerror=alert(1)> o que acham do som?")
    button(page, "Perguntar", exact=True).click()
    expect(page.get_by_text("Texto gerado")).to_be_visible()
    settle(page)
    assert page.locator("[data-testid='stMain'] img").count() == 0
