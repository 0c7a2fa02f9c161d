"""The other pages, each against the real API: what they show, what they do, and who sees them."""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from alumusic.domain.comments import Category, Classification
from alumusic.domain.errors import UnusableAnswerError
from alumusic.domain.users import Role
from alumusic.summarize.digest import write_due_summaries
from tests.dashboard import Browser, browser_of, words
from tests.examples import MONDAY_NOON, SAO_PAULO, handed_in, stored, worked
from tests.fakes import FakeClassifier
from tests.house import build_house
from tests.insight import Labelled, labelled, ordinary_week

EVERYBODY = {"conta"}
MENUS = {
    Role.INGESTOR: EVERYBODY | {"enviar"},
    Role.READER: EVERYBODY | {"visao-geral", "historico", "resumos", "perguntar", "relatorio"},
    Role.CURATOR: EVERYBODY | {"visao-geral", "historico", "enviar", "revisao", "resumos", "perguntar", "relatorio"},
    Role.ADMIN: EVERYBODY
    | {"visao-geral", "historico", "enviar", "revisao", "resumos", "perguntar", "relatorio", "administracao"},
}


@pytest.fixture
def browser(sqlite_engine, tmp_path) -> Iterator[Browser]:
    with browser_of(build_house(sqlite_engine, tmp_path)) as browser:
        yield browser


@pytest.fixture
def engine(browser):
    return browser.house.engine


def metrics(app):
    return {one.label: one.value for one in app.metric}


@pytest.mark.parametrize("role", Role)
def test_the_menu_is_the_role_s(browser, role):
    app = browser.signed_in(role)

    assert set(app.session_state["pages"]) == MENUS[role]
    assert not app.exception


@pytest.mark.parametrize("role", Role)
def test_every_page_of_an_empty_house_teaches_and_none_breaks(browser, role):
    browser.signed_in(role)
    for page in MENUS[role]:
        app = browser.enter(browser.open(), f"{role}@exemplo.com", page)
        assert not app.exception, page
        assert not app.error, page
        assert app.title, page


@pytest.mark.parametrize(
    ("role", "page"), [(Role.READER, "administracao"), (Role.READER, "enviar"), (Role.INGESTOR, "historico")]
)
def test_a_page_of_others_says_no_more_than_whose_it_is(browser, engine, role, page):
    handed_in(engine, "segredo")

    app = browser.signed_in(role, page)

    assert "Esta página é só para" in words(app)
    assert "segredo" not in words(app)
    assert "Convidar" not in words(app)
    assert page not in app.session_state["pages"]


# --- visão geral ------------------------------------------------------------------------------------------------


def test_the_overview_counts_today_the_week_and_the_shares(browser, engine):
    labelled(engine, ordinary_week())
    labelled(engine, [Labelled("hoje não", day=MONDAY_NOON.date())])

    app = browser.signed_in(Role.READER, "visao-geral")

    found = metrics(app)
    assert (found["Hoje"], found["Últimos 7 dias"]) == ("1", "59")
    assert found["Críticas"].endswith("%")
    assert "fila vazia" in words(app)
    assert "Ainda é cedo para dizer" in words(app).replace("\\", "")


def test_a_queue_that_moves_is_not_called_done(browser, engine):
    handed_in(engine, "espero")

    app = browser.signed_in(Role.READER, "visao-geral")

    assert "Classificando: 1 comentário na fila" in words(app).replace("\\", "")
    assert "em dia" not in words(app)


def test_a_queue_that_stands_still_is_told_to_everybody(browser, engine):
    handed_in(engine, "espero", "espero também")
    browser.house.later(minutes=10)

    app = browser.signed_in(Role.READER, "visao-geral")

    assert "10 min" in app.warning[0].value


# --- enviar -----------------------------------------------------------------------------------------------------


def uploaded(app, name, content):
    app.file_uploader[0].upload(name, content, "text/csv")
    return app.run()


def test_a_file_is_shown_before_it_is_sent_and_the_uploader_is_empty_after(browser, engine):
    app = browser.signed_in(Role.CURATOR, "enviar")

    uploaded(app, "c.csv", "comment,artist\no refrão é lindo,Luna Reis\n,Luna Reis\nsom ruim,\n".encode())
    assert "2 comentários prontos para enviar · 1 linha recusada" in words(app).replace("\\", "")
    assert list(app.dataframe[0].value["Comentário"]) == ["o refrão é lindo", "som ruim"]
    assert stored(engine) == []

    app.button(key="enviar_arquivo").click().run()
    assert [one.text for one in stored(engine)] == ["o refrão é lindo", "som ruim"]
    assert "tarefa" in app.query_params
    assert not app.exception

    worked(engine, FakeClassifier())
    app.run()
    assert "2 comentários classificados" in words(app)
    app.button(key="enviar_mais").click().run()
    assert app.file_uploader[0].value is None


def test_a_preview_tells_moments_on_the_clock_of_the_account(browser):
    app = browser.signed_in(Role.CURATOR, "enviar")

    uploaded(app, "c.csv", b"texto,data\nsom ruim,21/11/2026 22:15\n")

    assert list(app.dataframe[0].value["Data"]) == ["21/11/2026 às 22:15"]


def test_the_progress_of_a_task_is_found_again_by_its_address(browser, engine):
    task = handed_in(engine, "um", "dois").batch_id
    app = browser.signed_in(Role.CURATOR, "enviar", tarefa=str(task))
    assert "**0** de 2" in app.get("progress")[0].proto.text

    worked(engine, FakeClassifier())
    again = browser.enter(browser.open(), "curador@exemplo.com", "enviar", tarefa=str(task))
    assert "2 comentários classificados" in words(again)


def test_an_address_of_no_task_leads_back_to_sending(browser):
    app = browser.signed_in(Role.CURATOR, "enviar", tarefa="abc")
    assert app.error

    app.button(key="voltar_ao_envio").click().run()

    assert not app.error
    assert app.file_uploader


def test_a_file_without_a_known_column_lets_one_choose(browser, engine):
    app = browser.signed_in(Role.CURATOR, "enviar")

    uploaded(app, "c.csv", b"coisa,outra\nsom ruim,1\n")
    assert "Não achamos a coluna" in app.error[0].value
    app.selectbox[0].set_value("coisa").run()

    assert list(app.dataframe[0].value["Comentário"]) == ["som ruim"]
    app.button(key="enviar_arquivo").click().run()
    assert [one.text for one in stored(engine)] == ["som ruim"]


def test_a_broken_file_says_where_and_keeps_nothing(browser, engine):
    app = browser.signed_in(Role.CURATOR, "enviar")

    uploaded(app, "c.csv", b'texto\n"sem fecho\nmais uma\n')

    assert "linha 2" in app.error[0].value
    assert stored(engine) == []


def test_what_was_sent_is_listed_by_the_name_it_had(browser):
    app = browser.signed_in(Role.CURATOR, "enviar")

    uploaded(app, "bom.csv", b"texto\nsom ruim\n")
    app.button(key="enviar_arquivo").click().run()
    del app.query_params["tarefa"]

    assert list(app.run().dataframe[0].value["O que"]) == ["bom.csv"]


def test_pasted_lines_are_comments_with_what_was_said_of_all(browser, engine):
    app = browser.signed_in(Role.CURATOR, "enviar")
    app.segmented_control(key="como_enviar").set_value("Colar texto").run()

    app.text_area[0].set_value("amei o show\n\n  odiei a fila  \n").run()
    app.text_input(key="sobre_artista_0").set_value("Luna Reis").run()
    app.button(key="enviar_texto").click().run()

    assert [(one.text, one.artist) for one in stored(engine)] == [
        ("amei o show", "Luna Reis"),
        ("odiei a fila", "Luna Reis"),
    ]


def test_pasted_text_may_be_one_comment_of_several_lines(browser, engine):
    app = browser.signed_in(Role.CURATOR, "enviar")
    app.segmented_control(key="como_enviar").set_value("Colar texto").run()

    app.text_area[0].set_value("amei o show\nmas odiei a fila").run()
    app.toggle[0].set_value(False).run()
    app.button(key="enviar_texto").click().run()

    assert [one.text for one in stored(engine)] == ["amei o show\nmas odiei a fila"]


def test_a_text_that_is_too_long_is_said_before_it_is_sent(browser):
    app = browser.signed_in(Role.CURATOR, "enviar")
    app.segmented_control(key="como_enviar").set_value("Colar texto").run()

    app.text_area[0].set_value("a" * 5_001).run()

    assert "5.000" in app.error[0].value.replace("\\", "")
    assert app.button(key="enviar_texto").disabled


# --- revisão ----------------------------------------------------------------------------------------------------


def test_one_keystroke_confirms_another_corrects_and_the_next_one_comes(browser, engine):
    labelled(
        engine,
        [
            Labelled("sei não", Category.CRITICISM, ("show_som",), 0.3),
            Labelled("talvez", Category.PRAISE, ("melodia",), 0.4),
            Labelled("certeza", Category.PRAISE, ("melodia",), 0.99),
        ],
    )
    app = browser.signed_in(Role.CURATOR, "revisao")
    assert [one.value for one in app.main.text] == ["sei não"]
    assert [one.proto.shortcut for one in app.button if (one.key or "").startswith("revisao_")] == [*"12345", "p"]

    app.button(key="revisao_2").click().run()  # Crítica, as the model says.
    assert [one.value for one in app.main.text] == ["talvez"]
    app.button(key="revisao_5").click().run()

    assert "Tudo revisado" in words(app)
    assert [(one.text, one.category, one.reviewed) for one in stored(engine)] == [
        ("sei não", Category.CRITICISM, True),
        ("talvez", Category.SPAM, True),
        ("certeza", Category.PRAISE, False),
    ]


def test_what_is_skipped_waits(browser, engine):
    labelled(engine, [Labelled("sei não", confidence=0.3)])
    app = browser.signed_in(Role.CURATOR, "revisao")

    app.button(key="revisao_pular").click().run()
    assert "Só restam os que você pulou" in words(app)

    app.button(key="revisao_pulados").click().run()
    assert [one.value for one in app.main.text] == ["sei não"]


def test_a_second_opinion_speaks_of_no_guess(browser, engine):
    labelled(engine, [Labelled("sei não", confidence=0.3)])
    app = browser.signed_in(Role.CURATOR, "revisao")
    assert "palpite do modelo" in words(app)
    app.button(key="revisao_2").click().run()

    again = browser.signed_in(Role.ADMIN, "revisao")
    again.segmented_control(key="revisao_leitura").set_value("segunda").run()

    assert [one.value for one in again.main.text] == ["sei não"]
    assert "palpite do modelo" not in words(again)


# --- resumos, perguntar, relatório ------------------------------------------------------------------------------


def test_a_summary_is_asked_for_awaited_and_shown_with_its_evidence(browser, engine):
    labelled(engine, ordinary_week())
    app = browser.signed_in(Role.CURATOR, "resumos")

    app.button(key="resumo_gerar").click().run()
    assert "Escrevendo o resumo" in words(app)
    write_due_summaries(engine, None, zone=SAO_PAULO, now=browser.house.clock())
    app.run()
    app.run()

    assert metrics(app)["Comentários"] == "70"
    assert "som do show" in words(app)
    assert any(one.value.startswith("“") for one in app.text)
    assert not app.exception
    assert app.get("download_button")


def test_a_question_is_answered_with_the_comments_it_rests_on(browser, engine):
    labelled(engine, ordinary_week())
    app = browser.signed_in(Role.READER, "perguntar")

    app.text_input(key="pergunta_texto").set_value("o que criticam no som?")
    app.button(key="pergunta_enviar").click().run()

    assert "o que criticam no som" in words(app).replace("\\", "")
    assert any("som do show" in one.value for one in app.text)


def test_the_report_is_the_public_one(browser, engine):
    labelled(engine, ordinary_week())

    app = browser.signed_in(Role.READER, "relatorio")

    assert "Classes: últimos 7 dias" in words(app).replace("\\", "")
    assert "e as que as revelariam, ficam ocultas" in words(app).replace("\\", "")
    assert not app.exception


def test_a_report_without_releases_says_so(browser):
    assert "Nenhum lançamento ainda neste período" in words(browser.signed_in(Role.READER, "relatorio"))


def test_a_release_is_noted_and_forgotten(browser):
    app = browser.signed_in(Role.CURATOR, "relatorio")

    app.text_input(key="lancamento_artista").set_value("Luna Reis")
    app.text_input(key="lancamento_titulo").set_value("Maré *Alta*")
    app.date_input(key="lancamento_dia").set_value(date(2026, 11, 20))
    app.button(key="lancamento_anotar").click().run()

    assert "Maré \\*Alta\\*" in words(app)
    assert not app.exception
    next(one for one in app.button if (one.key or "").startswith("remover_")).click()
    app.run()
    assert "Nenhum lançamento ainda" in words(app)


# --- administração ----------------------------------------------------------------------------------------------


def part(app, name):
    return app.segmented_control(key="administracao_parte").set_value(name).run()


def test_an_invite_is_shown_once_and_opens_the_door(browser):
    app = browser.signed_in(Role.ADMIN, "administracao")

    app.text_input(key="convite_email").set_value("caio@exemplo.com")
    app.selectbox(key="convite_papel").set_value(Role.READER)
    app.button(key="convite_botao").click().run()
    token = app.code[0].value

    answer = browser.house.register("caio@exemplo.com", convite=token)
    assert (answer.status_code, answer.json["papel"]) == (201, "leitor")
    assert not app.run().code


def test_a_role_changes_at_once(browser):
    ana = browser.house.account("ana@exemplo.com", Role.CURATOR)
    app = browser.signed_in(Role.ADMIN, "administracao")

    app.selectbox(key=f"papel_{ana.id}_curador").set_value(Role.READER).run()
    app.button(key=f"desativar_{ana.id}").click().run()

    users = {
        user["email"]: user for user in browser.house.get("/admin/users", token=admin_token(browser)).json["usuarios"]
    }
    assert (users["ana@exemplo.com"]["papel"], users["ana@exemplo.com"]["desativado"]) == ("leitor", True)
    assert not app.exception


def admin_token(browser):
    return next(iter(browser.backend.sessions._sessions.values())).tokens.access_token


def test_failures_are_told_by_reason_and_tried_again(browser, engine):
    handed_in(engine, "texto difícil")
    for _ in range(9):
        worked(engine, FakeClassifier(UnusableAnswerError("sem_json", "?")), clock=browser.house.clock)
        browser.house.later(minutes=10)
    assert stored(engine)[0].failure is not None
    app = part(browser.signed_in(Role.ADMIN, "administracao"), "Falhas")

    assert "fora do formato" in words(app)
    app.button(key="repetir_SAIDA_INVALIDA").click().run()

    worked(engine, FakeClassifier(Classification(Category.PRAISE, 0.9)), clock=browser.house.clock)
    assert stored(engine, now=browser.house.clock())[0].category is Category.PRAISE


def test_a_pause_is_made_told_and_ended(browser, engine):
    app = part(browser.signed_in(Role.ADMIN, "administracao"), "Classificação")

    assert "Quem classifica: modelo local" in words(app).replace("\\", "")
    app.button(key="pausar").click().run()
    assert metrics(app)["Classificação"] == "Pausada"
    reader = browser.signed_in(Role.READER, "visao-geral")
    assert "pausada" in reader.warning[0].value
    task = handed_in(engine, "espero").batch_id
    sender = browser.signed_in(Role.CURATOR, "enviar", tarefa=str(task))
    assert "pausada" in sender.warning[0].value
    assert "começa em instantes" not in words(sender)

    app.button(key="retomar").click().run()
    assert metrics(app)["Classificação"] == "Em ordem"


def test_settings_are_shown_without_secrets(browser):
    app = part(browser.signed_in(Role.ADMIN, "administracao"), "Configuração")

    table = app.dataframe[0].value.set_index("Nome")["Valor"]
    assert table["ALUMUSIC_TIMEZONE"] == "America/Sao_Paulo"
    assert json.dumps(list(table)).count("ssss") == 0
