"""Comments over HTTP: from a file to labelled history, and every way in which a request can be wrong."""

import csv
import io
import json
from uuid import uuid4

import pytest

from alumusic.domain.comments import Category
from alumusic.domain.users import Role
from tests.examples import worked
from tests.fakes import CRITICISM, PRAISE, FakeClassifier

CSV = "Comentário;Autor;Artista\nAmei o refrão;Caio;Anitta\nSom péssimo;Bia;Anitta\n"


@pytest.fixture
def ana(house):
    return house.client_of(Role.CURATOR)


@pytest.fixture
def bia(house):
    return house.client_of(Role.ADMIN)


def classify_all(house):
    worked(house.engine, FakeClassifier(lambda text: CRITICISM if "péssimo" in text else PRAISE), clock=house.clock)


def upload(client, content, name="c.csv", **fields):
    data = {"file": (io.BytesIO(content if isinstance(content, bytes) else content.encode()), name), **fields}
    return client.post("/api/llm/analyze", data=data)


def test_a_comment_is_accepted_with_the_address_of_its_progress(ana):
    answer = ana.post("/api/comentarios", json={"texto": "Que música linda", "curtidas": 3})

    assert answer.status_code == 202
    assert answer.json["total"] == 1
    assert answer.headers["Location"] == f"/api/tasks/{answer.json['task_id']}"
    assert answer.json["mensagem"].startswith("1 comentário recebido.")


def test_an_accepted_comment_is_found_as_the_contract_says(house, ana):
    sent = ana.post(
        "/api/comentarios",
        json={"texto": "Som péssimo", "artista": "Anitta", "curtidas": 3, "data": "2026-11-20T10:00:00-03:00"},
    )
    classify_all(house)

    found = ana.get(f"/api/comentarios/{sent.json['ids_enfileirados'][0]}").json

    assert found["categoria"] == "CRÍTICA"
    assert found["status"] == "CONCLUIDO"
    assert found["confianca"] == 0.9
    assert found["tags"] == [{"codigo": "refrao", "explicacao": "Refrão / trecho chiclete"}]
    assert found["data"] == "2026-11-20T13:00:00Z"
    assert found["metadados"] == {"curtidas": 3}
    assert found["erro"] is None
    assert [entry["modelo"] for entry in found["historico"]] == ["fake-1"]


def test_accents_leave_as_they_are(house, ana):
    ana.post("/api/comentarios", json={"texto": "Som péssimo"})
    classify_all(house)

    assert "CRÍTICA" in ana.get("/api/comentarios").get_data(as_text=True)


def test_an_empty_text_alone_is_refused_with_the_field(ana):
    answer = ana.post("/api/comentarios", json={"texto": "  "})

    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert answer.json["codigo"] == "texto_vazio"
    assert answer.json["campos"][0]["campo"] == "texto"


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"texto": "a" * 5_001}, "texto", "passa de 5.000 caracteres"),
        ({"texto": "a", "data": "ontem"}, "data", "não é uma data ISO 8601"),
        ({"texto": "a", "id": "7"}, "id", "não é um UUID"),
        ({"texto": "a", "artista": "x" * 201}, "artista", "é longo demais"),
        ({"texto": "a\0"}, "texto", "tem caracteres de controle"),
        ({"texto": 5}, "texto", "precisa ser um texto"),
    ],
)
def test_a_bad_field_alone_is_named_with_what_is_wrong_about_it(ana, body, field, reason):
    answer = ana.post("/api/comentarios", json=body)

    assert answer.status_code == 400
    assert answer.json["campos"][0]["campo"] == field
    assert answer.json["campos"][0]["motivo"].startswith(reason)


@pytest.mark.parametrize("sent", [{"json": {"text": " \n"}}, {"data": {"text": ""}}])
def test_a_blank_text_to_analyze_is_refused_with_the_field(ana, sent):
    answer = ana.post("/api/llm/analyze", **sent)

    assert answer.status_code == 400
    assert answer.json["codigo"] == "texto_vazio"
    assert answer.json["campos"][0]["campo"] == "text"


def test_blank_lines_within_a_text_to_analyze_are_part_of_it(ana):
    sent = ana.post("/api/llm/analyze", data={"text": "Amei\n \n\nde verdade\n"})

    assert (sent.status_code, sent.json["total"]) == (202, 1)
    assert ana.get("/api/comentarios").json["comentarios"][0]["texto"] == "Amei\n \n\nde verdade"


def test_too_long_a_text_to_analyze_is_refused_with_the_field(ana):
    answer = ana.post("/api/llm/analyze", data={"text": "a" * 5_001})

    assert (answer.status_code, answer.json["codigo"]) == (400, "texto_longo")
    assert answer.json["campos"][0]["campo"] == "text"


def test_a_bad_comment_in_a_list_is_a_reject_and_the_others_are_kept(ana):
    answer = ana.post("/api/comentarios", json=["bom", {"texto": ""}, {"texto": "x", "data": "ontem"}])

    assert answer.status_code == 202
    assert answer.json["total"] == 1
    assert [(reject["linha"], reject["codigo"]) for reject in answer.json["rejeitados"]] == [
        (2, "texto_vazio"),
        (3, "data_invalida"),
    ]


def test_the_same_comment_twice_is_a_duplicate_and_another_text_a_conflict(ana):
    id_ = str(uuid4())
    ana.post("/api/comentarios", json={"id": id_, "texto": "a"})

    same = ana.post("/api/comentarios", json={"id": id_, "texto": "a"})
    other = ana.post("/api/comentarios", json={"id": id_, "texto": "b"})
    listed = ana.post("/api/comentarios", json=[{"id": id_, "texto": "b"}])

    assert (same.status_code, same.json["duplicados"]) == (202, 1)
    assert other.status_code == 409
    assert (listed.status_code, listed.json["rejeitados"][0]["codigo"]) == (202, "conflito")


def test_a_key_that_comes_again_gets_the_same_answer(ana):
    first = ana.post("/api/comentarios", json={"texto": "a"}, headers={"Idempotency-Key": "k"})

    again = ana.post("/api/comentarios", json={"texto": "a"}, headers={"Idempotency-Key": "k"})
    other = ana.post("/api/comentarios", json={"texto": "b"}, headers={"Idempotency-Key": "k"})

    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert ana.get("/api/comentarios").json["total"] == 1


def test_too_long_a_list_is_refused(ana):
    answer = ana.post("/api/comentarios", json=["a"] * 10_001)

    assert answer.status_code == 413
    assert ana.get("/api/comentarios").json["total"] == 0


def test_a_file_is_labelled_filtered_and_downloaded(house, ana):
    sent = upload(ana, CSV)
    assert sent.status_code == 202
    classify_all(house)

    task = ana.get(sent.headers["Location"]).json
    assert (task["estado"], task["concluidos"], task["progresso"]) == ("CONCLUIDO", 2, 1.0)
    assert task["por_categoria"] == {"ELOGIO": 1, "CRÍTICA": 1}

    critical = ana.get("/api/comentarios?category=critica").json["comentarios"]
    assert [comment["texto"] for comment in critical] == ["Som péssimo"]

    download = ana.get("/api/comentarios?category=critica&format=csv")
    rows = list(csv.DictReader(io.StringIO(download.get_data(as_text=True))))
    assert [(row["texto"], row["categoria"], row["tags"]) for row in rows] == [("Som péssimo", "CRÍTICA", "refrao")]
    assert download.headers["Content-Disposition"].startswith('attachment; filename="comentarios-')


def test_the_same_file_twice_adds_nothing_unless_it_is_forced(ana):
    first = upload(ana, CSV)

    again = upload(ana, CSV)
    forced = upload(ana, CSV, forcar="1")

    assert again.json["task_id"] == first.json["task_id"]
    assert again.json["mensagem"] == "Este envio já tinha sido recebido; nada foi gravado de novo."
    assert forced.json["task_id"] != first.json["task_id"]
    assert ana.get("/api/comentarios").json["total"] == 4


def test_a_key_that_comes_with_a_known_file_is_kept_for_that_file(ana):
    first = upload(ana, CSV)

    known = ana.post(
        "/api/llm/analyze", data={"file": (io.BytesIO(CSV.encode()), "c.csv")}, headers={"Idempotency-Key": "k"}
    )
    other = ana.post("/api/llm/analyze", json={"text": "outro"}, headers={"Idempotency-Key": "k"})

    assert known.json["task_id"] == first.json["task_id"]
    assert (other.status_code, other.json["codigo"]) == (422, "chave_reutilizada")


def test_two_listeners_may_say_the_same(ana):
    for sent in ({"json": {"text": "Amei"}}, {"data": {"text": "Amei"}}):
        assert ana.post("/api/llm/analyze", **sent).json["total"] == 1

    assert ana.get("/api/comentarios").json["total"] == 2


def test_a_conflict_in_a_file_is_told_with_the_line_where_it_begins(ana):
    id_ = str(uuid4())
    ana.post("/api/comentarios", json={"id": id_, "texto": "outro"})

    answer = upload(ana, f'texto,id\n"a\nb\nc",\n"d\ne",{id_}\n,x\n')

    assert [(one["linha"], one["codigo"]) for one in answer.json["rejeitados"]] == [
        (5, "conflito"),
        (7, "texto_vazio"),
    ]


@pytest.mark.parametrize("first_id", [[1], {}, {"a": 1}])
def test_an_id_of_no_kind_is_a_reject_wherever_it_stands(ana, first_id):
    answer = upload(ana, json.dumps([{"id": first_id, "texto": "a"}, {"texto": "b"}]), "c.json")

    assert answer.status_code == 202
    assert [(one["linha"], one["codigo"]) for one in answer.json["rejeitados"]] == [(1, "tipo_do_campo")]


@pytest.mark.parametrize("address", ["/api/llm/analyze", "/api/llm/previa"])
def test_a_column_whose_name_no_text_can_hold_is_told_all_the_same(ana, address):
    data = {"file": (io.BytesIO(b'[{"\\ud800abc":"x"}]'), "c.json")}

    answer = ana.post(address, data=data)

    assert (answer.status_code, answer.json["codigo"]) == (400, "sem_coluna_de_texto")
    assert answer.json["colunas"] == ["�abc"]


def test_too_large_a_text_in_a_form_is_told_its_own_limit(ana):
    body = f'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n{"a" * 600_000}\r\n--x--\r\n'

    answer = ana.post("/api/llm/analyze", data=body.encode(), content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 413
    assert "500000 bytes" in answer.json["erro"]


def test_a_broken_file_keeps_nothing_and_says_where_it_broke(ana):
    answer = upload(ana, 'texto\nbom\n"nunca fecha\n')

    assert answer.status_code == 400
    assert answer.json["codigo"] == "aspas_sem_fecho"
    assert answer.json["linha"] == 3
    assert ana.get("/api/comentarios").json["total"] == 0


def test_a_file_of_no_known_kind_is_refused_whatever_its_name(ana):
    assert upload(ana, b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "c.csv").status_code == 415


def test_columns_that_nobody_knows_are_listed(ana):
    answer = upload(ana, "a;b\n1;2\n3;4\n")

    assert answer.status_code == 400
    assert answer.json["colunas"] == ["a", "b"]


def test_a_file_gives_its_rows_what_they_lack(ana):
    upload(ana, "texto;artista\num;\ndois;Gil\n", artista="Anitta", fonte="show")

    found = {row["texto"]: (row["artista"], row["fonte"]) for row in ana.get("/api/comentarios").json["comentarios"]}
    assert found == {"um": ("Anitta", "show"), "dois": ("Gil", "show")}


def test_what_a_form_says_of_all_rows_is_held_to_the_rules_of_a_row(ana):
    answer = upload(ana, "texto\num\n", artista="An\0itta", fonte="a" * 101)

    assert answer.status_code == 400
    assert [one["campo"] for one in answer.json["campos"]] == ["fonte", "artista"]
    assert ana.get("/api/comentarios").json["total"] == 0

    upload(ana, "texto\num\n", artista=" An\aitta ")
    assert [one["artista"] for one in ana.get("/api/comentarios").json["comentarios"]] == ["Anitta"]


def test_a_lone_text_is_a_comment_as_form_and_as_json(ana):
    assert ana.post("/api/llm/analyze", data={"text": "bom"}).status_code == 202
    assert ana.post("/api/llm/analyze", json={"text": "ruim"}).status_code == 202
    assert ana.post("/api/llm/analyze", json={"texto": "x"}).status_code == 400
    assert ana.post("/api/llm/analyze", data={}).status_code == 400


def test_a_preview_shows_a_file_and_keeps_nothing(ana):
    data = {"file": (io.BytesIO(CSV.encode()), "c.csv")}

    answer = ana.post("/api/llm/previa", data=data)

    assert answer.json["reconhecidas"] == {"Comentário": "texto", "Autor": "autor", "Artista": "artista"}
    assert answer.json["linhas"][0]["texto"] == "Amei o refrão"
    assert (answer.json["total"], answer.json["separador"]) == (2, ";")
    assert ana.get("/api/comentarios").json["total"] == 0


def test_words_are_found_without_accents_letter_case_or_endings(ana):
    ana.post("/api/comentarios", json=["A música é ótima", "MUSICAL demais", "outra coisa", "🔥🔥"])

    def found(words):
        listed = ana.get("/api/comentarios", query_string={"search": words}).json["comentarios"]
        return {comment["texto"] for comment in listed}

    assert found("musica") == {"A música é ótima", "MUSICAL demais"}
    assert found("ÓTIMA música") == {"A música é ótima"}
    assert found("🔥") == {"🔥🔥"}
    assert found("' OR 1=1 --") == set()
    assert found('"*') == set()


def test_pages_follow_each_other_without_gaps(ana):
    ana.post("/api/comentarios", json=[f"texto {n}" for n in range(25)])
    seen, cursor = [], None
    while True:
        page = ana.get("/api/comentarios", query_string={"limit": 10, **({"cursor": cursor} if cursor else {})}).json
        seen += [comment["texto"] for comment in page["comentarios"]]
        cursor = page["proximo_cursor"]
        if cursor is None:
            break

    assert seen == [f"texto {n}" for n in reversed(range(25))]
    assert (page["total"], page["total_exato"]) == (25, True)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=501", "limit=x", "cursor=zzz", "status=ABERTO", "category=outra", "tag=nada",
        "de=ontem", "ate=2026-13-01", "confianca_min=2", "confianca_max=nan", "task_id=1", "revisado=talvez",
        "ordem=azul", "format=xml", "desconhecido=1", "limit=1&limit=2", "search=a%00b",
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused_with_its_name(ana, query):
    answer = ana.get(f"/api/comentarios?{query}")

    assert answer.status_code == 400
    assert answer.json["erro"]


@pytest.mark.parametrize(
    "query",
    [
        "ate=9999-12-31", "ate=9999-12-31T23:59:59", "ate=9999-12-31T23:59:59-03:00",
        "de=0001-01-01", "de=0001-01-01T00:00:00%2B14:00", "de=0001-01-01&ate=9999-12-31",
    ],
)  # fmt: skip
def test_the_ends_of_the_calendar_bound_nothing(ana, query):
    ana.post("/api/comentarios", json={"texto": "Que refrão", "data": "2026-01-10"})

    answer = ana.get(f"/api/comentarios?{query}")

    assert (answer.status_code, [one["texto"] for one in answer.json["comentarios"]]) == (200, ["Que refrão"])


@pytest.mark.parametrize("query", ["ate=0001-01-01T00:00:00%2B14:00", "de=9999-12-31T23:59:59-03:00"])
def test_nothing_was_written_before_the_calendar_begins_or_after_it_ends(ana, query):
    ana.post("/api/comentarios", json={"texto": "Que refrão", "data": "2026-01-10"})

    answer = ana.get(f"/api/comentarios?{query}")

    assert (answer.status_code, answer.json["comentarios"]) == (200, [])


def test_filters_combine(house, ana):
    upload(ana, CSV)
    ana.post("/api/comentarios", json={"texto": "Som péssimo também", "artista": "Gil", "data": "2026-01-10"})
    classify_all(house)

    def texts(query):
        return [comment["texto"] for comment in ana.get(f"/api/comentarios?{query}").json["comentarios"]]

    assert texts("category=CRÍTICA&artista=ANITTA") == ["Som péssimo"]
    assert texts("category=critica&category=elogio&tag=refrao") == ["Som péssimo", "Som péssimo também"]
    assert texts("ate=2026-01-10") == ["Som péssimo também"]
    assert texts("de=2026-01-10&ate=2026-01-10") == ["Som péssimo também"]
    assert texts("de=2026-01-11&tag=melodia") == ["Amei o refrão"]
    assert texts("status=pendente") == []
    assert texts("confianca_max=0.85") == ["Amei o refrão"]
    assert texts("ordem=antigos&limit=1") == ["Som péssimo também"]
    assert texts("ordem=confianca&limit=1") == ["Som péssimo também"] or texts("ordem=confianca&limit=1") == [
        "Som péssimo"
    ]


def test_a_correction_enters_the_history_and_survives_reprocessing(house, ana):
    ana.post("/api/comentarios", json={"texto": "Som péssimo"})
    classify_all(house)
    id_ = ana.get("/api/comentarios").json["comentarios"][0]["id"]

    corrected = ana.patch(f"/api/comentarios/{id_}", json={"categoria": "duvida", "tags": ["show_som"]}).json
    rerun = ana.post("/api/comentarios/reprocessar", json={"ids": [id_]})

    assert (corrected["categoria"], corrected["origem"], corrected["revisado"]) == ("DÚVIDA", "curador", True)
    last = corrected["historico"][-1]
    assert (last["por"], last["origem"], last["modelo"]) == ("curador@exemplo.com", "curador", "humano")
    assert (rerun.status_code, rerun.json["total"], rerun.json["mantidos"]) == (202, 0, 1)


@pytest.mark.parametrize(
    "body", [{}, {"categoria": "OUTRA"}, {"tags": ["inventada"]}, {"categoria": "SPAM", "status": "FALHOU"}, [1]]
)
def test_a_correction_that_says_nothing_or_nonsense_is_refused(house, ana, body):
    ana.post("/api/comentarios", json={"texto": "Som péssimo"})
    classify_all(house)
    id_ = ana.get("/api/comentarios").json["comentarios"][0]["id"]

    assert ana.patch(f"/api/comentarios/{id_}", json=body).status_code == 400
    assert ana.get(f"/api/comentarios/{id_}").json["categoria"] == "CRÍTICA"


@pytest.mark.parametrize("path", ["/api/comentarios/{}", "/api/revisao/{}"])
def test_a_tag_that_is_named_twice_is_meant_once(house, ana, path):
    ana.post("/api/comentarios", json={"texto": "Som péssimo"})
    classify_all(house)
    id_ = ana.get("/api/comentarios").json["comentarios"][0]["id"]

    answer = ana.open(
        path.format(id_), method="PATCH" if "comentarios" in path else "POST", json={"tags": ["show_som", "show_som"]}
    )

    assert answer.status_code == 200
    assert [tag["codigo"] for tag in ana.get(f"/api/comentarios/{id_}").json["tags"]] == ["show_som"]


def test_an_unknown_tag_is_told_by_its_field(house, ana):
    ana.post("/api/comentarios", json={"texto": "Som péssimo"})
    classify_all(house)
    id_ = ana.get("/api/comentarios").json["comentarios"][0]["id"]

    answer = ana.patch(f"/api/comentarios/{id_}", json={"tags": ["inventada"]})

    assert [one["campo"] for one in answer.json["campos"]] == ["tags"]
    assert "GET /api/tags" in answer.json["campos"][0]["motivo"]
    assert len(ana.get("/api/comentarios?tag=inventada").json["erro"]) < 200


@pytest.mark.parametrize("body", ["5", "true", "null"])
def test_a_body_that_is_no_comment_is_told_what_one_is(ana, body):
    answer = ana.post("/api/comentarios", data=body, content_type="application/json")

    assert (answer.status_code, answer.json["codigo"]) == (400, "formato_da_linha")
    listed = ana.post("/api/comentarios", data=f'[{body}, "bom"]', content_type="application/json")
    assert [(one["linha"], one["codigo"]) for one in listed.json["rejeitados"]] == [(1, "formato_da_linha")]


def test_tags_alone_cannot_be_corrected_before_there_is_a_category(ana):
    ana.post("/api/comentarios", json={"texto": "novo"})
    id_ = ana.get("/api/comentarios").json["comentarios"][0]["id"]

    answer = ana.patch(f"/api/comentarios/{id_}", json={"tags": ["refrao"]})

    assert answer.status_code == 400
    assert answer.json["codigo"] == "sem_categoria"


def test_reprocessing_can_be_rehearsed(house, ana):
    upload(ana, CSV)
    classify_all(house)

    rehearsed = ana.post("/api/comentarios/reprocessar", json={"filtros": {"category": ["critica"]}, "simular": True})
    assert rehearsed.json["mensagem"] == "1 comentário seria classificado de novo."
    done = ana.post("/api/comentarios/reprocessar", json={"filtros": {"category": ["critica"]}})

    assert (rehearsed.status_code, rehearsed.json["total"], rehearsed.json["task_id"]) == (200, 1, None)
    assert (done.status_code, done.json["total"]) == (202, 1)
    assert ana.get(f"/api/tasks/{done.json['task_id']}").json["pendentes"] == 1
    classify_all(house)
    assert ana.get(f"/api/tasks/{done.json['task_id']}").json["estado"] == "CONCLUIDO"
    listed = ana.get("/api/comentarios", query_string={"task_id": done.json["task_id"]}).json["comentarios"]
    assert [comment["texto"] for comment in listed] == ["Som péssimo"]


def test_an_erased_comment_is_gone_and_may_not_come_back(ana, bia):
    id_ = str(uuid4())
    ana.post("/api/comentarios", json={"id": id_, "texto": "a"})

    assert ana.delete(f"/api/comentarios/{id_}").status_code == 403
    assert bia.delete(f"/api/comentarios/{id_}").status_code == 204
    assert bia.get(f"/api/comentarios/{id_}").status_code == 404
    assert bia.delete(f"/api/comentarios/{id_}").status_code == 404
    assert ana.post("/api/comentarios", json={"id": id_, "texto": "a"}).status_code == 409


def test_an_export_holds_no_formula_and_json_holds_the_raw_text(house, ana):
    texts = ["=cmd()", "+1", "-1", "@x", "＝1", " =1", "'=1", "normal"]
    ana.post("/api/comentarios", json=texts)
    classify_all(house)

    table = ana.get("/api/comentarios?format=csv&ordem=antigos").get_data(as_text=True)
    cells = [row["texto"] for row in csv.DictReader(io.StringIO(table))]
    raw = json.loads(ana.get("/api/comentarios?format=json&ordem=antigos").get_data(as_text=True))
    lines = ana.get("/api/comentarios?format=ndjson&ordem=antigos").get_data(as_text=True).splitlines()

    assert cells == ["'=cmd()", "'+1", "'-1", "'@x", "'＝1", "' =1", "''=1", "normal"] or cells[-1] == "normal"
    assert not [cell for cell in cells if cell.lstrip(" '\"")[:1] in "=+-@＝" and not cell.startswith("'")]
    assert {comment["texto"] for comment in raw} == {text.strip() for text in texts}
    assert len(lines) == len(texts)


def test_who_only_reads_takes_no_file_away(house, ana):
    upload(ana, CSV)
    reader = house.client_of(Role.READER)

    assert reader.get("/api/comentarios").json["total"] == 2
    assert reader.get("/api/comentarios?format=csv").status_code == 403


def test_a_csv_for_excel_opens_with_a_double_click(house, ana):
    ana.post("/api/comentarios", json=["coração"])

    table = ana.get("/api/comentarios?format=csv&excel=true").get_data()

    assert table.startswith(b"\xef\xbb\xbfid;texto;")


def test_machines_may_send_and_follow_but_not_read(house):
    robot = house.client_of(Role.INGESTOR)

    sent = robot.post("/api/comentarios", json={"texto": "a"})

    assert sent.status_code == 202
    assert robot.get(sent.headers["Location"]).status_code == 200
    assert robot.get("/api/comentarios").status_code == 403


def test_the_taxonomy_is_told(ana):
    tags = ana.get("/api/tags").json["tags"]

    assert len(tags) == 61
    assert {"codigo": "refrao", "explicacao": "Refrão / trecho chiclete", "grupo": "música / obra"} in tags


def test_every_category_can_be_asked_for_in_any_spelling(ana):
    for name in [*Category, *(category.lower() for category in Category), "critica", "SUGESTAO", "Duvida"]:
        assert ana.get("/api/comentarios", query_string={"category": name}).status_code == 200
