"""Who is let into the dashboard, who stays, and who is shown the door; against the real API."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from starlette.testclient import TestClient

from alumusic.dashboard import app as server
from alumusic.dashboard.backend import Backend, use
from alumusic.dashboard.client import UNREACHABLE
from alumusic.dashboard.replies import ENDED
from alumusic.dashboard.routes import EXPORT_PATH, OWN_HEADER, SESSION_PATH
from alumusic.dashboard.session import COOKIE, TICKET_SECONDS
from alumusic.domain.users import Role
from tests.dashboard import Browser, browser_of, words
from tests.examples import handed_in
from tests.house import GOOD_PASSWORD, build_house

OURS = {OWN_HEADER: "1"}


@pytest.fixture
def browser(sqlite_engine, tmp_path) -> Iterator[Browser]:
    with browser_of(build_house(sqlite_engine, tmp_path)) as browser:
        yield browser


@pytest.fixture
def door(browser) -> TestClient:
    """A browser's own requests, beside the scripts."""
    return TestClient(server.app, base_url="https://painel.exemplo")


def sent_with(app):
    return app.session_state["cookie_order"]["ticket"]


def sign_up(app, email="bia@exemplo.com", password=GOOD_PASSWORD, again=None):
    app.segmented_control(key="porta_escolha").set_value("Criar conta").run()
    app.text_input(key="criar_email").set_value(email)
    app.text_input(key="criar_senha").set_value(password)
    app.text_input(key="criar_de_novo").set_value(again or password)
    return app.button(key="criar_botao").click().run()


def test_a_stranger_sees_nothing_but_the_door(browser):
    handed_in(browser.house.engine, "segredo da casa")

    for page in (None, "historico", "conta"):
        app = browser.open(page)
        assert app.text_input(key="entrar_email").label == "E-mail"
        assert "segredo" not in words(app)
        assert not app.dataframe


def test_the_first_account_is_made_at_the_door_and_is_admin(browser):
    app = sign_up(browser.open())

    assert "Administrador" in words(app)
    assert not app.exception


def test_two_different_passwords_are_asked_again(browser):
    app = sign_up(browser.open(), again="outra senha qualquer")

    assert "não são iguais" in app.error[0].value


def test_what_the_api_refuses_is_said_at_the_door(browser):
    app = sign_up(browser.open(), password="senha")

    assert "“senha”" in app.error[0].value
    assert app.text_input(key="criar_email").value == "bia@exemplo.com"


def test_a_wrong_password_is_told_from_none(browser):
    app = browser.open()
    app.button(key="entrar_botao").click().run()
    assert "Falta o e" in app.error[0].value

    app.text_input(key="entrar_email").set_value("ana@exemplo.com")
    app.text_input(key="entrar_senha").set_value("errada errada errada")
    app.button(key="entrar_botao").click().run()

    assert app.error[0].value
    assert not app.exception


def test_whoever_signs_in_is_where_they_wanted_to_be(browser):
    browser.house.account("ana@exemplo.com", Role.CURATOR)
    app = browser.open("conta")

    browser.enter(app, "ana@exemplo.com")

    assert app.title[0].value == "Minha conta"


def test_a_token_that_ended_is_exchanged_without_a_word(browser):
    app = browser.signed_in(Role.CURATOR, "historico")

    browser.house.later(minutes=20)
    app.run()

    assert not app.error
    assert app.title[0].value == "Histórico"


def test_a_session_that_ended_leads_back_to_the_door(browser):
    app = browser.signed_in(Role.CURATOR, "historico")

    browser.house.later(days=40)
    app.run()

    assert "sessão terminou" in words(app)
    assert app.text_input(key="entrar_email")


def test_an_account_that_is_disabled_is_out_at_its_next_step(browser):
    app = browser.signed_in(Role.CURATOR, "historico")
    users = browser.house.get("/admin/users", token=browser.house.token_of(Role.ADMIN)).json["usuarios"]
    ana = next(user for user in users if user["papel"] == "curador")

    browser.house.patch(
        f"/admin/users/{ana['id']}", {"desativado": True}, token=browser.house.session_of(
            browser.house.account("bia@exemplo.com", Role.ADMIN)).access_token
    )  # fmt: skip
    app.run()

    assert app.text_input(key="entrar_email")
    assert not browser.backend.sessions._sessions


def test_leaving_ends_the_session_on_the_server_too(browser):
    app = browser.signed_in(Role.CURATOR)
    tokens = next(iter(browser.backend.sessions._sessions.values())).tokens

    app.button(key="sair").click().run()

    assert browser.house.get("/auth/me", token=tokens.access_token).status_code == 401
    assert app.session_state["cookie_order"]["ticket"] is None
    assert "visit" not in app.session_state
    assert "handle" not in app.session_state


def test_an_api_that_is_away_signs_nobody_out(browser):
    app = browser.signed_in(Role.CURATOR, "historico")

    def refuse(request):
        raise httpx.ConnectError("connection refused")

    with httpx.Client(transport=httpx.MockTransport(refuse), base_url="http://api.exemplo") as http:
        use(Backend(http, browser.backend.sessions))
        app.run()
        assert UNREACHABLE.split("(", maxsplit=1)[0] in words(app).replace("\\", "")
        assert "exceção" not in words(app)

    use(browser.backend)
    app.button(key="tentar_de_novo").click().run()
    assert app.title[0].value == "Histórico"


def test_a_ticket_becomes_a_cookie_that_scripts_cannot_read_and_other_sites_do_not_send(browser, door):
    ticket = sent_with(browser.signed_in(Role.CURATOR))

    answer = door.post(SESSION_PATH, content=ticket, headers=OURS)

    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" in cookie
    assert browser.backend.sessions.find(door.cookies[COOKIE]) is not None
    assert ticket not in cookie


def test_a_ticket_is_good_once_for_a_minute_and_only_from_our_own_page(browser, door):
    ticket = sent_with(browser.signed_in(Role.CURATOR))

    assert door.post(SESSION_PATH, content=ticket).status_code == 403
    assert door.post(SESSION_PATH, content="x" * 43, headers=OURS).status_code == 410
    assert door.post(SESSION_PATH, content=ticket, headers=OURS).status_code == 204
    assert door.post(SESSION_PATH, content=ticket, headers=OURS).status_code == 410


def test_an_old_ticket_is_good_for_nothing(browser, door):
    ticket = sent_with(browser.signed_in(Role.CURATOR))

    browser.house.later(seconds=TICKET_SECONDS + 1)

    assert door.post(SESSION_PATH, content=ticket, headers=OURS).status_code == 410


def test_leaving_takes_the_cookie_back(browser, door):
    door.post(SESSION_PATH, content=sent_with(browser.signed_in(Role.CURATOR)), headers=OURS)

    assert door.delete(SESSION_PATH).status_code == 403
    assert door.delete(SESSION_PATH, headers=OURS).status_code == 204
    assert COOKIE not in door.cookies


@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
def test_an_export_is_what_the_api_gives_byte_for_byte(browser, door, form):
    handed_in(browser.house.engine, "amei o refrão", "=cmd|' /C calc'!A0", "que som ruim")
    app = browser.signed_in(Role.CURATOR)
    door.post(SESSION_PATH, content=sent_with(app), headers=OURS)
    token = next(iter(browser.backend.sessions._sessions.values())).tokens.access_token

    passed = door.get(f"{EXPORT_PATH}?format={form}&search=som")
    direct = browser.house.get(f"/api/comentarios?format={form}&search=som", token=token)

    assert passed.content == direct.data
    assert "que som ruim" in passed.text
    assert passed.headers["content-disposition"] == direct.headers["Content-Disposition"]
    assert passed.headers["content-type"] == direct.headers["Content-Type"]


def test_an_export_is_for_who_is_signed_in(browser, door):
    assert door.get(f"{EXPORT_PATH}?format=csv").status_code == 401

    door.post(SESSION_PATH, content=sent_with(browser.signed_in(Role.CURATOR)), headers=OURS)
    assert door.get(f"{EXPORT_PATH}?format=exe").status_code == 400
    assert door.get(f"{EXPORT_PATH}?format=csv&limit=x").status_code == 400

    browser.house.later(days=40)
    answer = door.get(f"{EXPORT_PATH}?format=csv")
    assert (answer.status_code, answer.text) == (401, ENDED)


def test_every_answer_keeps_strangers_out(door):
    answer = door.get(f"{EXPORT_PATH}?format=csv")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_threads_that_come_at_once_exchange_a_token_once(browser):
    app = browser.signed_in(Role.CURATOR)
    api = browser.backend.api_of(app.session_state["handle"])
    old = api.access_token()
    browser.house.later(minutes=20)

    with ThreadPoolExecutor(8) as pool:
        found = {profile.email for profile in pool.map(lambda _: api.me(), range(16))}

    # A refresh token that is used twice ends the session: nobody used one twice.
    assert found == {"curador@exemplo.com"}
    assert api.access_token() != old


def test_what_one_account_saw_is_gone_before_the_next_signs_in(browser):
    app = browser.signed_in(Role.ADMIN, "historico")
    app.session_state["perguntas"] = [("segredo?", None)]

    app.button(key="sair").click().run()

    assert "perguntas" not in app.session_state
