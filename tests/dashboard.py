"""The dashboard over a whole house: its scripts run in this process and talk to the API in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import alumusic.dashboard
from alumusic.dashboard.backend import Backend, use
from alumusic.dashboard.session import SessionStore
from alumusic.domain.users import Role
from tests.house import GOOD_PASSWORD, House

MAIN = Path(alumusic.dashboard.__file__).with_name("main.py")


@dataclass
class Browser:
    """People in front of the dashboard."""

    house: House
    backend: Backend

    def open(self, page: str | None = None, **query: str | list[str]) -> AppTest:
        """A new tab of somebody whom nobody knows."""
        app = AppTest.from_file(str(MAIN), default_timeout=120)
        app.query_params.update(query)
        return app.run() if page is None else _at(app, page)

    def signed_in(self, role: Role, page: str | None = None, **query: str | list[str]) -> AppTest:
        """A new tab of a new account of this role, signed in, at that page."""
        email = f"{role}@exemplo.com"
        self.house.account(email, role)
        return self.enter(self.open(), email, page, **query)

    def enter(self, app: AppTest, email: str, page: str | None = None, **query: str | list[str]) -> AppTest:
        app.text_input(key="entrar_email").set_value(email)
        app.text_input(key="entrar_senha").set_value(GOOD_PASSWORD)
        app.button(key="entrar_botao").click().run()
        if page is not None:
            app.query_params.update(query)
            _at(app, page)
        return app


def _at(app: AppTest, page: str) -> AppTest:
    app._page_hash = calc_hash(page)
    return app.run()


@contextmanager
def browser_of(house: House) -> Iterator[Browser]:
    """The dashboard of `house`, until the block ends."""
    transport = httpx.WSGITransport(app=house.app, remote_addr="127.0.0.1")
    with httpx.Client(transport=transport, base_url="http://api.exemplo") as http:
        backend = Backend(http, SessionStore(lambda: house.clock().timestamp()))
        use(backend)
        try:
            yield Browser(house, backend)
        finally:
            use(None)


def words(app: AppTest) -> str:
    """Everything that is written on the page, as Markdown."""
    kinds = (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "info",
        "warning",
        "error",
        "success",
        "text",
        "toast",
    )
    return "\n".join(str(element.value) for kind in kinds for element in getattr(app, kind))
