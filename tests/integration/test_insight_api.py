"""Summaries, the live report, trends, questions and reviews over HTTP."""

import re
from datetime import timedelta

import pytest

from alumusic.domain.comments import Category
from alumusic.domain.users import Role
from alumusic.domain.weeks import Week
from alumusic.summarize.digest import write_due_summaries
from tests.examples import MONDAY_NOON, SAO_PAULO
from tests.house import bearer, build_house
from tests.insight import LAST_WEEK, Labelled, labelled, many, ordinary_week

TODAY = MONDAY_NOON.date()


@pytest.fixture
def ana(house):
    return house.token_of(Role.CURATOR)


def written(house):
    return write_due_summaries(house.engine, None, zone=SAO_PAULO, now=house.clock())


# --- summaries ----------------------------------------------------------------------------------------------------


def test_a_summary_is_asked_for_written_by_a_worker_and_read(house, ana):
    labelled(house.engine, ordinary_week())
    assert house.get("/admin/weekly_summary/latest", token=ana).status_code == 404

    answer = house.post("/admin/weekly_summary", {}, token=ana)

    assert (answer.status_code, answer.json["semana"]) == (202, "2026-W47")
    assert answer.headers["Location"] == "/admin/weekly_summary/2026-W47"
    written(house)
    read = house.get("/admin/weekly_summary/latest", token=ana).json
    assert read == house.get(answer.headers["Location"], token=ana).json
    assert read == house.get("/admin/weekly_summary", token=ana).json["resumos"][0]
    assert (read["semana"], read["inicio"], read["fim"]) == ("2026-W47", "2026-11-16", "2026-11-22")
    assert read["numeros"]["total"] == 70
    assert read["numeros"]["por_categoria"]["CRÍTICA"] == 24
    assert read["numeros"]["variacao"] == dict.fromkeys(Category, None)
    assert {"codigo": "show_som", "total": 24, "anterior": 0} in read["numeros"]["tags"]
    assert read["cobertura"]["comentarios"] == 70
    assert read["cobertura"]["considerados"] <= 65
    assert (read["origem"], read["modelo"]) == ("local", "modelo-de-texto-1")
    assert read["destaques"][0]["comentarios"][0]["trecho"].startswith("o som do show")


def test_the_latest_summary_is_for_any_account_and_the_others_are_for_readers(house):
    labelled(house.engine, ordinary_week())
    written(house)
    machine = house.token_of(Role.INGESTOR)

    assert house.get("/admin/weekly_summary/latest", token=machine).json["semana"] == "2026-W47"
    assert house.get("/admin/weekly_summary/2026-W47", token=machine).status_code == 403
    assert house.get("/admin/weekly_summary", token=machine).status_code == 403


def test_who_asks_for_a_summary_need_not_say_anything(house, ana):
    labelled(house.engine, ordinary_week())

    for options in ({}, {"content_type": "application/json"}, {"json": {"semana": None}}):
        answer = house.client.post("/admin/weekly_summary", headers=bearer(ana), **options)
        assert (answer.status_code, answer.json["semana"]) == (202, "2026-W47"), options
    for options in ({"data": "2026-W47"}, {"data": "semana", "content_type": "application/json"}):
        assert house.client.post("/admin/weekly_summary", headers=bearer(ana), **options).status_code in {400, 415}


def test_a_week_that_is_none_or_has_not_begun_is_refused(house, ana):
    for week in ("2026-W54", "semana", "2026-47", "2027-W01", "0001-W01", "1969-W52", "9999-W52"):
        answer = house.post("/admin/weekly_summary", {"semana": week}, token=ana)
        assert answer.status_code == 400, week
    assert house.get("/admin/weekly_summary/2026-W99", token=ana).status_code == 400
    assert house.get("/admin/weekly_summary/0001-W01", token=ana).status_code == 400
    assert house.get("/admin/weekly_summary/2026-W40", token=ana).status_code == 404


# --- the live report ----------------------------------------------------------------------------------------------


def report_of(house, **options):
    answer = house.get("/api/relatorio/semana", **options)
    assert answer.status_code == 200
    return {chart["id"]: chart["dados"] for chart in answer.json["graficos"]}


def month(engine):
    """Four weeks of a house with two artists."""
    comments = []
    for back in range(28):
        day = TODAY - timedelta(days=back)
        comments += many(
            9, f"som ruim {back}", category=Category.CRITICISM, tags=("show_som",), day=day, artist="Anitta"
        )
        comments += many(14, f"voz linda {back}", category=Category.PRAISE, tags=("qualidade_vocal",), day=day,
                         artist="Zé <b>da</b> Rua", confidence=0.5)  # fmt: skip
    comments += many(3, "spam", category=Category.SPAM, tags=("spam_venda",), day=TODAY)
    return labelled(engine, comments)


def test_the_report_shows_six_charts_and_no_small_count(house, ana):
    month(house.engine)
    answer = house.post("/api/lancamentos", {"artista": "ANITTA", "titulo": "Nova", "data": "2026-11-15"}, token=ana)
    assert answer.status_code == 201

    charts = report_of(house)

    assert list(charts) == ["classes", "volume", "tags", "artistas", "lancamentos", "confianca"]
    by_class = {row["categoria"]: row for row in charts["classes"]}
    assert (by_class["ELOGIO"]["atual"], by_class["ELOGIO"]["anterior"]) == (98, 98)
    assert by_class["SPAM"]["atual"] is None
    # The sum of the days would give SPAM's 3 away: something else that is no small count stays blank for it.
    large = [row["atual"] for name, row in by_class.items() if name in {"CRÍTICA", "ELOGIO"}]
    assert None in [*large, *(row["total"] for row in charts["volume"][-7:])]
    assert charts["volume"][0]["total"] == 23
    assert charts["volume"][0]["criticas"] == 9
    assert {row["codigo"] for row in charts["tags"]} == {"show_som", "qualidade_vocal"}
    assert charts["artistas"][0]["por_categoria"]["ELOGIO"] == 14 * 28
    [release] = charts["lancamentos"]
    assert release["pontos"][0] == {"dia": -7, "criticas": 9}
    assert len(release["pontos"]) == 7 + 1 + 8
    small = re.findall(r'"(?:atual|anterior|total|criticas)":([0-4])[,}]', house.get("/api/relatorio/semana").text)
    assert small == []


def test_the_page_stands_alone_and_tells_nobody_what_a_comment_says(house):
    month(house.engine)

    answer = house.client.get("/relatorio/semana", headers={"Accept": "text/html"})

    page = answer.text
    assert answer.content_type == "text/html; charset=utf-8"
    assert page.count('<svg viewBox="0 0 360') == 5
    assert page.count("<table>") == 5
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert "url(" not in page
    assert "som ruim" not in page
    assert "voz linda" not in page
    assert "<b>da</b>" not in page
    assert 'style="' not in page
    assert "sha256-" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_report_is_json_for_who_asks_for_json_and_a_page_for_others(house):
    assert house.client.get("/relatorio/semana", headers={"Accept": "application/json"}).json["graficos"]
    assert house.get("/relatorio/semana").content_type.startswith("text/html")
    assert house.client.get("/relatorio/semana", headers={"Accept": "text/html,*/*;q=0.8"}).content_type.startswith(
        "text/html"
    )


def test_an_empty_house_has_a_report_all_the_same(house):
    assert "Relatório ao vivo" in house.get("/relatorio/semana").text
    assert all(row["atual"] is None for row in report_of(house)["classes"])


def test_the_report_is_at_most_a_minute_old(house):
    report_of(house)
    labelled(house.engine, many(30, "refrão chato", category=Category.CRITICISM, day=TODAY))
    house.later(seconds=5)
    assert report_of(house)["classes"][1]["atual"] is None

    house.later(seconds=56)

    assert report_of(house)["classes"][1]["atual"] == 30


def test_a_closed_report_wants_an_account(engine, tmp_path):
    house = build_house(engine, tmp_path, public_report=False)
    reader, machine = house.token_of(Role.READER), house.token_of(Role.INGESTOR)

    for path in ("/relatorio/semana", "/api/relatorio/semana"):
        assert house.client.get(path).status_code == 401
        assert house.client.get(path, headers=bearer(machine)).status_code == 403
        assert house.client.get(path, headers=bearer(reader)).status_code == 200


def test_releases_are_kept_once_listed_and_deleted(house, ana):
    body = {"artista": " Anitta ", "titulo": "Nova", "data": "2026-11-15"}
    made = house.post("/api/lancamentos", body, token=ana).json

    assert made["artista"] == "Anitta"
    assert house.post("/api/lancamentos", body | {"artista": "anitta"}, token=ana).status_code == 409
    assert house.post("/api/lancamentos", body | {"data": "ontem"}, token=ana).status_code == 400
    assert house.get("/api/lancamentos", token=ana).json["lancamentos"] == [made]
    assert house.client.delete(f"/api/lancamentos/{made['id']}", headers=bearer(ana)).status_code == 204
    assert house.client.delete(f"/api/lancamentos/{made['id']}", headers=bearer(ana)).status_code == 404


# --- trends -------------------------------------------------------------------------------------------------------


def test_a_crisis_shows_on_its_day_with_counts_and_what_was_expected(house, ana):
    usual = [one for back in range(1, 57) for one in (
        *many(12, f"voz linda {back}", category=Category.PRAISE, tags=("qualidade_vocal",),
              day=TODAY - timedelta(days=back)),
        *many(3, f"fila {back}", tags=("show_organizacao",), day=TODAY - timedelta(days=back)),
    )]  # fmt: skip
    labelled(house.engine, usual)
    quiet = house.get("/api/tendencias?dia=2026-11-22", token=ana).json
    assert (quiet["tendencias"], quiet["historico_suficiente"], quiet["parcial"]) == ([], True, False)
    labelled(house.engine, [
        *many(12, "voz linda hoje", category=Category.PRAISE, tags=("qualidade_vocal",), day=TODAY),
        *many(14, "o app caiu", tags=("app_desempenho",), day=TODAY),
    ])  # fmt: skip

    found = house.get("/api/tendencias", token=ana).json

    first = found["tendencias"][0]
    assert (first["categoria"], first["codigo"], first["total"]) == ("CRÍTICA", "app_desempenho", 14)
    assert first["esperado"] < 1
    assert (found["dia"], found["parcial"], found["comentarios"]) == ("2026-11-23", True, 26)
    assert found["alarmes_falsos_por_semana"] == 0.05


def test_without_history_nobody_can_tell_what_is_rising(house, ana):
    labelled(house.engine, many(30, "som ruim", day=TODAY))
    found = house.get("/api/tendencias", token=ana).json
    assert (found["tendencias"], found["historico_suficiente"]) == ([], False)


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31", "ontem"])
def test_a_day_at_the_ends_of_the_calendar_has_no_trends_and_is_refused_by_its_name(house, ana, day):
    answer = house.get(f"/api/tendencias?dia={day}", token=ana)

    assert answer.status_code == 400
    assert [one["campo"] for one in answer.json["campos"]] == ["dia"]


@pytest.mark.parametrize(("day", "looked_at"), [("1970-01-01", "1970-01-01"), ("9998-12-31", "2026-11-23")])
def test_any_other_day_may_be_asked_for_and_one_to_come_means_today(house, ana, day, looked_at):
    found = house.get(f"/api/tendencias?dia={day}", token=ana)

    assert (found.status_code, found.json["dia"], found.json["tendencias"]) == (200, looked_at, [])


# --- reviews ------------------------------------------------------------------------------------------------------


def test_one_call_confirms_or_corrects_and_hands_out_the_next(house, ana):
    ids = labelled(house.engine, [Labelled("c", confidence=0.5), Labelled("a", confidence=0.2),
                                  Labelled("b", confidence=0.3)])  # fmt: skip
    queue = house.get("/api/revisao", token=ana).json
    assert [one["texto"] for one in queue["comentarios"]] == ["a", "b", "c"]
    assert queue["a_revisar"] == 3

    confirmed = house.post(f"/api/revisao/{ids[1]}", {"confirmar": True}, token=ana).json
    corrected = house.post(
        f"/api/revisao/{confirmed['proximo']['id']}", {"categoria": "elogio", "tags": ["refrao"]}, token=ana
    ).json

    assert (confirmed["categoria"], confirmed["confirmado"], confirmed["a_revisar"]) == ("CRÍTICA", True, 2)
    assert (corrected["categoria"], corrected["tags"][0]["codigo"]) == ("ELOGIO", "refrao")
    assert corrected["proximo"]["texto"] == "c"
    history = house.get(f"/api/comentarios/{ids[2]}", token=ana).json["historico"]
    assert [entry["origem"] for entry in history] == ["local", "curador"]
    assert history[-1]["por"] == "curador@exemplo.com"


def test_who_says_only_the_tags_or_only_the_class_leaves_what_a_colleague_corrected(house, ana):
    bia = house.token_of(Role.ADMIN)
    [id_] = labelled(house.engine, [Labelled("a", confidence=0.2)])
    house.post(f"/api/revisao/{id_}", {"categoria": "SPAM", "tags": ["spam_venda"]}, token=ana)

    tagged = house.post(f"/api/revisao/{id_}", {"tags": ["refrao"]}, token=bia).json
    kept = house.get(f"/api/comentarios/{id_}", token=ana).json
    praised = house.post(f"/api/revisao/{id_}", {"categoria": "ELOGIO"}, token=ana).json

    assert (tagged["categoria"], [tag["codigo"] for tag in tagged["tags"]]) == ("SPAM", ["refrao"])
    assert (kept["categoria"], kept["tags"]) == ("SPAM", tagged["tags"])
    assert (praised["categoria"], praised["tags"]) == ("ELOGIO", tagged["tags"])


def test_a_second_reading_leaves_what_the_model_said_and_not_what_the_first_one_did(house, ana):
    bia = house.token_of(Role.ADMIN)
    [id_] = labelled(house.engine, [Labelled("a", confidence=0.2)])
    house.post(f"/api/revisao/{id_}", {"categoria": "SPAM", "tags": []}, token=ana)

    tagged = house.post(f"/api/revisao/{id_}", {"tags": ["refrao"], "leitura": "segunda"}, token=bia).json
    confirmed = house.post(f"/api/revisao/{id_}", {"confirmar": True}, token=bia).json

    assert (tagged["categoria"], [tag["codigo"] for tag in tagged["tags"]]) == ("CRÍTICA", ["refrao"])
    assert (confirmed["categoria"], [tag["codigo"] for tag in confirmed["tags"]]) == ("CRÍTICA", ["show_som"])


def test_a_review_must_say_one_thing_and_be_about_a_comment(house, ana):
    [id_] = labelled(house.engine, [Labelled("a")])
    for body in ({}, {"confirmar": True, "categoria": "SPAM"}, {"tags": ["inventada"]}, {"confirmar": "talvez"}):
        assert house.post(f"/api/revisao/{id_}", body, token=ana).status_code == 400, body
    missing = "00000000-0000-4000-8000-000000000000"
    assert house.post(f"/api/revisao/{missing}", {"confirmar": True}, token=ana).status_code == 404


def test_two_curators_are_compared_week_by_week(house, ana):
    bia = house.token_of(Role.ADMIN)
    ids = labelled(house.engine, [Labelled(f"texto {n}", confidence=0.3) for n in range(4)])
    for n, id_ in enumerate(ids):
        house.post(f"/api/revisao/{id_}", {"categoria": "ELOGIO"} if n < 2 else {"confirmar": True}, token=ana)
    second = house.get("/api/revisao?leitura=segunda", token=bia).json["comentarios"]
    assert {one["categoria"] for one in second} == {"CRÍTICA"}  # Not what Ana said.
    for n, id_ in enumerate(ids):
        body = {"categoria": "ELOGIO"} if n < 1 else {"confirmar": True}
        house.post(f"/api/revisao/{id_}", {**body, "leitura": "segunda"}, token=bia)

    found = house.get("/api/revisao/concordancia", token=ana).json

    assert found["entre_curadores"] == [
        {"semana": "2026-W48", "leitores": ["curador@exemplo.com", "admin@exemplo.com"], "comentarios": 4,
         "concordam": 3, "kappa": 0.5}
    ]  # fmt: skip
    assert found["curadoria_e_modelo"][0]["comentarios"] == 8


# --- questions ----------------------------------------------------------------------------------------------------


def test_a_question_is_answered_with_figures_and_comments_that_exist(house, ana):
    ids = labelled(house.engine, ordinary_week())
    written(house)

    answer = house.post("/api/insights/perguntar", {"pergunta": "O que reclamam do som do show?"}, token=ana).json

    assert answer["respondida"]
    assert len(answer["texto_gerado"].split()) <= 150
    assert "24 críticas" in answer["texto_gerado"]
    assert answer["semanas_citadas"] == ["2026-W47"]
    assert {one["id"] for one in answer["comentarios_citados"]} <= set(map(str, ids))
    assert answer["comentarios_citados"]
    assert all("som do show" in one["trecho"] for one in answer["comentarios_citados"])


def test_a_question_that_the_data_cannot_answer_is_told_so(house, ana):
    labelled(house.engine, ordinary_week())
    answer = house.post("/api/insights/perguntar", {"pergunta": "Qual a capital da Mongólia?"}, token=ana).json
    assert (answer["respondida"], answer["semanas_citadas"], answer["comentarios_citados"]) == (False, [], [])
    assert "não respondem" in answer["texto_gerado"]


def test_a_question_needs_words(house, ana):
    for body in ({}, {"pergunta": ""}, {"pergunta": "  "}, {"pergunta": "x" * 501}, {"pergunta": 3}):
        assert house.post("/api/insights/perguntar", body, token=ana).status_code == 400


def test_weeks_are_named_as_iso_does(house, ana):
    assert str(Week.of(TODAY).back(1)) == str(LAST_WEEK)
