"""What tests and screenshots do in a browser: sign in, go to a page, wait until it stands still."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.stand import PASSWORD, WAIT, Stand


def field(page: Page, label: str) -> Locator:
    return page.locator(f'input[aria-label="{label}"]')


def sign_in(page: Page, stand: Stand, email: str, path: str = "/") -> None:
    page.goto(stand.dashboard + path)
    field(page, "E-mail").fill(email)
    field(page, "Senha").fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.get_by_role("button", name="Sair")).to_be_attached()
    settle(page)


def settle(page: Page) -> None:
    """Wait until no script runs and nothing is drawn any more."""
    script_over(page)
    page.wait_for_load_state("networkidle")
    nothing_grey(page)
    page.wait_for_timeout(400)


def script_over(page: Page) -> None:
    """Wait until the page's script has run."""
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=\"stApp\"][data-test-script-state=\"running\"]')"
        " && document.querySelector('[data-testid=\"stApp\"]')", timeout=WAIT,
    )  # fmt: skip


def nothing_grey(page: Page) -> None:
    """Wait for what is loaded late, which shows a grey box until it is there."""
    page.wait_for_function("() => !document.querySelector('[data-testid=\"stSkeleton\"]')", timeout=WAIT)


def go(page: Page, stand: Stand, path: str, title: str) -> None:
    """Open a page of somebody who is signed in; the cookie knows them."""
    page.goto(stand.dashboard + path)
    expect(page.get_by_role("heading", name=title, exact=True).first).to_be_visible()
    settle(page)


def click_cell(page: Page, *, row: int, across: int = 250, table: int = 0) -> None:
    """Click into a row of a table, which is drawn and has no elements to click."""
    canvas = page.locator('[data-testid="stDataFrame"] canvas').nth(table)
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + across, box["y"] + 35 + 35 * row + 17)
    settle(page)
