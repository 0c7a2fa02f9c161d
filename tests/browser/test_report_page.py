"""The live report in a real browser: it asks for nothing, runs nothing, and fits a phone and paper."""

import threading
from datetime import timedelta

import pytest
from werkzeug.serving import make_server

from alumusic.domain.comments import Category
from tests.examples import MONDAY_NOON
from tests.house import build_house
from tests.insight import labelled, many

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TODAY = MONDAY_NOON.date()


@pytest.fixture
def address(sqlite_engine, tmp_path):
    house = build_house(sqlite_engine, tmp_path)
    comments = [
        one
        for back in range(28)
        for one in (
            *many(9, f"som ruim {back}", category=Category.CRITICISM, tags=("show_som",),
                  day=TODAY - timedelta(days=back), artist='<img src=x onerror="alert(1)">'),
            *many(14, f"voz linda {back}", category=Category.PRAISE, tags=("qualidade_vocal",),
                  day=TODAY - timedelta(days=back), artist="Um nome de artista comprido demais para caber"),
        )
    ]  # fmt: skip
    labelled(sqlite_engine, comments)
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/relatorio/semana"
    server.shutdown()
    thread.join()


@pytest.fixture
def browser(chrome):
    """The run's one browser: two of them would each want an event loop of their own."""
    return chrome


def test_the_page_asks_for_nothing_and_complains_of_nothing(browser, address):
    page = browser.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))

    page.goto(address)

    assert [url for url in asked if not url.endswith("/favicon.ico")] == [address]
    assert said == []
    assert page.locator("main svg[role=img]").count() >= 4
    assert page.locator("main svg[role=img] title").first.text_content()
    # The style sheet was let through by its hash.
    assert page.evaluate("getComputedStyle(document.querySelector('section')).borderRadius") == "12px"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_is_never_wider_than_the_screen(browser, address, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_every_row_of_a_table_is_there(browser, address):
    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto(address)
    assert page.locator("nav").is_hidden()
    table = page.locator("#volume .tabela")
    assert table.evaluate("node => node.scrollHeight <= node.clientHeight")


def test_who_reads_by_headings_and_tables_finds_both_named(browser, address):
    page = browser.new_page()
    page.goto(address)
    assert page.locator("h1").count() == 1
    for section in page.locator("main section").all():
        heading = section.locator("h2").text_content()
        for table in section.locator("table").all():
            assert heading in table.locator("caption").text_content()
            assert table.locator("thead th[scope=col]").count() >= 2
            assert table.locator("tbody th[scope=row]").count() >= 1
