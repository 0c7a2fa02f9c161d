"""Histórico: the address holds the filters, the API does the filtering, and corrections are made in place."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest

from alumusic.domain.comments import Category
from alumusic.domain.tags import KNOWN_CODES
from alumusic.domain.users import Role
from tests.dashboard import Browser, browser_of, words
from tests.examples import MONDAY_NOON, handed_in, stored, worked
from tests.fakes import FakeClassifier
from tests.house import build_house
from tests.insight import LAST_WEEK, Labelled, labelled, many

PAGE = "historico"


@pytest.fixture
def browser(sqlite_engine, tmp_path) -> Iterator[Browser]:
    with browser_of(build_house(sqlite_engine, tmp_path)) as browser:
        yield browser


@pytest.fixture
def engine(browser):
    return browser.house.engine


def texts(app):
    return list(app.dataframe[0].value["Comentário"]) if app.dataframe else []


def exports(app):
    return [one.proto.url for one in app.get("link_button")]


def test_an_empty_house_teaches_the_first_step(browser):
    app = browser.signed_in(Role.CURATOR, PAGE)

    assert "Ainda não há comentários" in words(app)
    assert not app.exception


def test_the_newest_comments_come_first_with_class_tags_and_certainty(browser, engine):
    labelled(engine, [Labelled("som abafado", confidence=0.93, artist="Luna Reis")])
    handed_in(engine, "ainda na fila")

    table = browser.signed_in(Role.READER, PAGE).dataframe[0].value

    assert list(table["Classe"].map(list)) == [["Na fila"], ["Crítica"]]
    assert table.iloc[1].to_dict() | {"Classe": None, "Data": None} == {
        "Classe": None, "Data": None, "Comentário": "som abafado", "Certeza": "93%", "Tags": "show: som",
        "Artista": "Luna Reis",
    }  # fmt: skip


FILTERS = [
    ({"search": "REFRÃO lindo"}, ["refrao lindo demais"]),
    ({"category": "ELOGIO"}, ["refrao lindo demais"]),
    ({"category": ["ELOGIO", "DÚVIDA"]}, ["refrao lindo demais", "quando sai?"]),
    ({"tag": "lancamento"}, ["quando sai?"]),
    ({"artista": "luna reis"}, ["som abafado"]),
    ({"confianca_max": "0.5"}, ["quando sai?"]),
    ({"de": "2026-11-18", "ate": "2026-11-18"}, ["quando sai?"]),
    ({"ordem": "antigos"}, ["som abafado", "quando sai?", "refrao lindo demais"]),
    ({"revisado": "true"}, []),
    ({"task_id": str(uuid4())}, []),
    ({"status": "FALHOU"}, []),
    ({"search": "lindo", "category": "CRÍTICA"}, []),
]
NONSENSE = {
    "category": "LOUVOR",
    "tag": "'; DROP TABLE comments",
    "de": "ontem",
    "ate": "2026-13-45",
    "confianca_min": "7",
    "confianca_max": "nan",
    "task_id": "1",
    "search": "\x00",
    "ordem": "aleatoria",
    "revisado": "talvez",
    "id": "../../etc/passwd",
    "outra": "coisa",
}


def test_the_filters_of_an_address_choose_the_comments(browser, engine):
    labelled(
        engine,
        [
            Labelled("som abafado", artist="Luna Reis"),
            Labelled("quando sai?", Category.QUESTION, ("lancamento",), 0.4, LAST_WEEK.monday.replace(day=18)),
            Labelled("refrao lindo demais", Category.PRAISE, ("refrao",), day=LAST_WEEK.monday.replace(day=19)),
        ],
    )
    app = browser.signed_in(Role.READER, PAGE)

    for query, expected in FILTERS:
        app.query_params = query
        app.run()
        assert not app.exception, query
        assert texts(app) == expected, query


def test_an_address_that_makes_no_sense_shows_everything(browser, engine):
    labelled(engine, [Labelled("som abafado")])

    app = browser.signed_in(Role.READER, PAGE, **NONSENSE)

    assert not app.exception
    assert not app.error
    assert texts(app) == ["som abafado"]


def test_a_control_writes_the_address_in_the_words_of_the_api(browser, engine):
    labelled(engine, [Labelled("som abafado"), Labelled("lindo", Category.PRAISE, ("melodia",))])
    app = browser.signed_in(Role.CURATOR, PAGE)

    app.pills(key="f_category").set_value([Category.PRAISE]).run()
    app.slider(key="f_confianca").set_value((20, 100)).run()
    app.text_input(key="f_search").set_value("lin").run()

    assert app.query_params == {"category": "ELOGIO", "confianca_min": "0.2", "search": "lin"}
    assert texts(app) == ["lindo"]
    assert exports(app)
    assert all("category=ELOGIO" in url and "search=lin" in url for url in exports(app))

    app.button(key="limpar_filtros").click().run()
    assert app.query_params == {}
    assert len(texts(app)) == 2


def test_more_tags_than_the_api_takes_break_no_page(browser, engine):
    labelled(engine, [Labelled("som abafado")])

    app = browser.signed_in(Role.READER, PAGE, tag=list(KNOWN_CODES))

    assert not app.error
    assert not app.exception
    assert len(app.multiselect(key="f_tag").value) == 20


def test_no_list_offers_to_choose_all_of_it(browser, engine):
    (comment_id,) = labelled(engine, [Labelled("som abafado")])
    app = browser.signed_in(Role.CURATOR, PAGE)
    found = [one.proto.select_all for one in app.multiselect]

    app.query_params = {"id": str(comment_id)}
    found += [one.proto.select_all for one in app.run().multiselect]

    assert found == [0, 0, 0]


def test_an_artist_of_the_address_is_a_choice_although_nobody_listed_them(browser):
    app = browser.signed_in(Role.READER, PAGE, artista="come")

    artists = app.selectbox(key="f_artista")
    assert (artists.value, artists.options) == ("come", ["come"])
    assert not artists.proto.accept_new_options


def test_days_the_wrong_way_round_are_said(browser, engine):
    labelled(engine, [Labelled("som abafado")])

    app = browser.signed_in(Role.READER, PAGE, de="2026-11-19", ate="2026-11-18")

    assert "A data inicial é depois da final" in app.error[0].value
    assert app.date_input(key="f_de").value == date(2026, 11, 19)


def test_only_who_may_correct_is_told_to(browser, engine):
    labelled(engine, [Labelled("som abafado")])

    assert "corri" not in words(browser.signed_in(Role.READER, PAGE))
    assert "corrigi" in words(browser.signed_in(Role.CURATOR, PAGE))


def test_pages_follow_one_another_and_lead_back(browser, engine):
    labelled(engine, many(120, "som"))
    app = browser.signed_in(Role.READER, PAGE)
    first = texts(app)

    app.button(key="proximos").click().run()
    second = texts(app)
    app.button(key="proximos").click().run()
    third = texts(app)

    assert (len(first), len(second), len(third)) == (50, 50, 20)
    assert len({*first, *second, *third}) == 120
    assert app.button(key="proximos").disabled
    app.button(key="anteriores").click().run()
    assert texts(app) == second


def test_an_export_is_offered_in_every_form_with_the_filters(browser, engine):
    labelled(engine, [Labelled("som abafado")])

    urls = exports(browser.signed_in(Role.CURATOR, PAGE, search="som"))

    assert urls == [
        "/exportar?search=som&format=csv",
        "/exportar?search=som&format=csv&excel=true",
        "/exportar?search=som&format=json",
        "/exportar?search=som&format=ndjson",
    ]


def test_an_export_is_not_offered_to_who_only_reads(browser, engine):
    labelled(engine, [Labelled("som abafado")])

    assert exports(browser.signed_in(Role.READER, PAGE)) == []


def test_a_link_opens_one_comment_with_all_that_was_said_of_it(browser, engine):
    (comment_id,) = labelled(engine, [Labelled("som abafado", confidence=0.42)])

    app = browser.signed_in(Role.READER, PAGE, id=str(comment_id))

    assert "som abafado" in [one.value for one in app.text]
    assert "vale a pena conferir" in words(app)
    assert list(app.dataframe[0].value["Quem"]) == ["modelo local"]
    assert not app.selectbox  # A reader reads.
    assert "corri" not in words(app)


def test_a_comment_that_is_not_there_says_so(browser):
    app = browser.signed_in(Role.READER, PAGE, id=str(uuid4()))

    assert "Não encontramos este comentário" in app.error[0].value


def test_a_curator_puts_a_label_right_in_place(browser, engine):
    (comment_id,) = labelled(engine, [Labelled("que show hein, parabéns pela fila", Category.PRAISE, ("refrao",), 0.5)])
    app = browser.signed_in(Role.CURATOR, PAGE, id=str(comment_id))

    app.selectbox(key=f"classe_{comment_id}").set_value(Category.CRITICISM)
    app.multiselect(key=f"tags_{comment_id}").set_value(["show_organizacao"])
    app.button(key=f"salvar_{comment_id}").click().run()

    found = stored(engine)[0]
    assert (found.category, found.tags, found.reviewed) == (Category.CRITICISM, ("show_organizacao",), True)
    assert list(app.dataframe[0].value["Quem"]) == ["curador@exemplo.com", "modelo local"]
    assert not app.exception


def test_reprocessing_says_first_what_it_would_do(browser, engine):
    labelled(engine, [Labelled("som abafado"), Labelled("lindo", Category.PRAISE, ("melodia",))])
    app = browser.signed_in(Role.CURATOR, PAGE, category="ELOGIO")

    app.button(key="reprocessar_simular").click().run()
    assert "1 comentário" in app.info[0].value
    assert [one.generation for one in stored(engine)] == [1, 1]

    app.button(key="reprocessar_agora").click().run()
    assert sorted(one.generation for one in stored(engine)) == [1, 2]


def test_a_comment_has_an_address_to_copy(browser, engine):
    (comment_id,) = labelled(engine, [Labelled("som abafado")])

    app = browser.signed_in(Role.CURATOR, PAGE, id=str(comment_id))

    assert app.code[0].value.endswith(f"?id={comment_id}")
    assert not app.exception


def test_only_an_admin_erases_and_is_asked_twice(browser, engine):
    (comment_id,) = labelled(engine, [Labelled("meu telefone é 11 91234-5678")])
    curator = browser.signed_in(Role.CURATOR, PAGE, id=str(comment_id))
    assert f"eliminar_{comment_id}" not in [one.key for one in curator.button]

    app = browser.signed_in(Role.ADMIN, PAGE, id=str(comment_id))
    app.button(key=f"eliminar_{comment_id}").click().run()
    assert len(stored(engine)) == 1
    app.button(key="apagar_nao").click().run()
    assert len(stored(engine)) == 1

    app.button(key=f"eliminar_{comment_id}").click().run()
    app.button(key="apagar_sim").click().run()
    assert stored(engine) == []


def test_dates_are_told_on_the_clock_of_the_account(browser, engine):
    handed_in(engine, "boa tarde", now=MONDAY_NOON)
    worked(engine, FakeClassifier())
    app = browser.signed_in(Role.READER, PAGE)
    assert list(app.dataframe[0].value["Data"]) == ["23/11/26 12:00"]

    browser.backend.api_of(app.session_state["handle"]).set_zone("America/Manaus")
    assert list(app.run().dataframe[0].value["Data"]) == ["23/11/26 11:00"]


def test_what_listeners_write_is_only_ever_text(browser, engine):
    hostile = "![x](https://mal.exemplo/p.png) <script>alert(1)</script> [clique](javascript:alert(1))"
    (comment_id,) = labelled(engine, [Labelled(hostile, artist="<b>![a](https://mal.exemplo)</b>")])

    app = browser.signed_in(Role.CURATOR, PAGE, id=str(comment_id))

    assert hostile in [one.value for one in app.text]
    said = "\n".join(one.value for kind in ("markdown", "caption") for one in getattr(app, kind))
    assert "mal.exemplo" not in said.replace("\\", "") or "![a](https" not in said
