"""People who ask what is kept of them, or to be forgotten (S38, S39)."""

import io
import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import column, func, inspect, select, table, text

from alumusic.accounts.subjects import PIECE, erase_again, forget_author
from alumusic.domain.batches import BatchKind
from alumusic.domain.comments import Category, Classification, NewComment, RejectReason
from alumusic.domain.users import Role
from alumusic.query.summaries import latest_summaries
from alumusic.settings import Settings
from alumusic.store.audit import list_entries
from alumusic.store.database import open_database, reading
from alumusic.store.housekeeping import merge_words
from alumusic.store.kept_answers import hash_asked, keep_answers
from alumusic.store.tables import (
    batch_counts,
    classifications,
    comment_tags,
    comments,
    daily_counts,
    daily_tags,
    kept_answers,
    tombstones,
)
from alumusic.store.tombstones import all_tombstones
from alumusic.summarize.digest import forget_erased, write_due_summaries
from alumusic.worker.housekeeping import clean_up
from tests.examples import MONDAY_NOON, SAO_PAULO, handed_in, stored, worked
from tests.fakes import FakeClassifier
from tests.house import bearer

TEXT = "o som do show estava abafado demais lá atrás"
CAIO = "Caio Souza"


def of(author, *texts, **more):
    return [NewComment(text, author=author, **more) for text in texts]


def sums(engine):
    """Every count that is kept beside the rows."""
    with reading(engine) as db:
        return {
            table.name: db.scalar(select(func.coalesce(func.sum(table.c.n), 0)).select_from(table))
            for table in (batch_counts, daily_counts, daily_tags)
        }


def rows(engine, table):
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(table))


@pytest.fixture
def admin(house):
    return house.client_of(Role.ADMIN)


@pytest.fixture
def two_people(house):
    handed_in(house.engine, *of(CAIO, TEXT, "amei o refrão"), *of("CAIO  SOUZA!", "voltem logo"), *of("Ana", "lindo"))
    worked(house.engine, FakeClassifier())
    return house


def forget(engine, author=CAIO, **how):
    return forget_author(author, engine=engine, forget_quotes=forget_erased, by_user_id=None, now=MONDAY_NOON, **how)


# --- access ------------------------------------------------------------------------------------------------


def test_one_call_tells_all_that_is_kept_of_somebody_however_their_name_is_spelt(two_people, admin):
    told = admin.get("/admin/titulares/" + quote("caio sõuza"))

    assert told.status_code == 200, told.text
    assert told.json["total_de_comentarios"] == 3
    assert [one["texto"] for one in told.json["comentarios"]] == [TEXT, "amei o refrão", "voltem logo"]
    assert all(one["historico"][0]["categoria"] == "CRÍTICA" for one in told.json["comentarios"])
    assert told.json["conta"] is None
    assert told.headers["Content-Disposition"].startswith('attachment; filename="titular-')


def test_somebody_with_an_account_is_told_about_it_too(house, admin):
    house.account("caio@exemplo.com", Role.READER)
    house.login("caio@exemplo.com", "errada")

    told = admin.get("/admin/titulares/Caio@Exemplo.com")

    assert told.json["conta"]["email"] == "caio@exemplo.com"
    assert [line["evento"] for line in told.json["conta"]["auditoria"]] == ["authn_login_fail"]
    assert "$argon2" not in told.text
    assert told.json["comentarios"] == []


def test_the_invites_that_went_to_somebody_are_told_and_nobody_elses(house, admin):
    sent = admin.post("/admin/invites", json={"email": "Caio@Exemplo.com", "papel": "leitor"}).json
    admin.post("/admin/invites", json={"email": "bia@exemplo.com", "papel": "admin"})
    house.register("caio@exemplo.com", convite=sent["convite"])
    house.later(minutes=5)
    admin.post("/admin/invites", json={"email": "caio@exemplo.com", "papel": "curador"})

    told = admin.get("/admin/titulares/caio@exemplo.com")

    assert told.json["conta"]["convites"] == [
        {"em": "2026-11-23T15:00:00Z", "usado_em": "2026-11-23T15:00:00Z"},
        {"em": "2026-11-23T15:05:00Z", "usado_em": None},
    ]
    assert sent["convite"] not in told.text


def test_a_long_list_comes_whole(house, admin):
    handed_in(house.engine, *of("Muitas/Palavras", *(f"comentário {n}" for n in range(2 * PIECE + 1))))

    told = json.loads(admin.get("/admin/titulares/Muitas/Palavras").data)

    assert len({one["id"] for one in told["comentarios"]}) == told["total_de_comentarios"] == 2 * PIECE + 1


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("author", ["Ninguém", "%20", "%25", "' OR 1=1 --", "a" * 5_000])
def test_who_is_not_here_is_not_found(two_people, admin, method, author):
    answer = admin.open(f"/admin/titulares/{author}", method=method)

    assert (answer.status_code, answer.json["codigo"]) == (404, "titular_nao_encontrado")
    assert rows(two_people.engine, comments) == 4


# --- erasure -----------------------------------------------------------------------------------------------


def test_who_asks_to_be_forgotten_is_gone_with_history_tags_and_counts_and_others_stay(two_people, admin):
    answer = admin.delete("/admin/titulares/" + quote(CAIO))

    assert (answer.status_code, answer.json["comentarios_eliminados"], answer.json["concluido"]) == (200, 3, True)
    assert [comment.text for comment in stored(two_people.engine)] == ["lindo"]
    assert (rows(two_people.engine, classifications), rows(two_people.engine, comment_tags)) == (1, 1)
    assert sums(two_people.engine) == {"batch_counts": 4, "daily_counts": 1, "daily_tags": 1}
    assert admin.get("/admin/titulares/" + quote(CAIO)).status_code == 404


ODD_WORD = "xyloquartzo"
TRACE = "quartzo"
"""Its end: an index may keep its beginning in the word before it."""


def places_with(engine, trace):
    """Every column of every table that holds `trace`, SQLite's shadow tables of the index included."""
    with reading(engine) as db:
        look = inspect(db)
        columns = [(name, one["name"]) for name in look.get_table_names() for one in look.get_columns(name)]
        return {
            f"{name}.{one}"
            for name, one in columns
            for value in db.scalars(select(column(one)).select_from(table(name)))
            if trace in (value.decode(errors="replace") if isinstance(value, bytes) else str(value))
        }


def test_an_erased_word_is_nowhere_any_more(house, admin):
    lines = [
        "texto,data,autor,artista,url,clima",
        f"{ODD_WORD} que show,2026-11-20,{ODD_WORD} Souza,{ODD_WORD},https://a.com/{ODD_WORD},{ODD_WORD}",
        f"voltem,dia {ODD_WORD},{ODD_WORD} Souza,,,",
        "amei,2026-11-20,Ana,,,",
    ]
    file = (io.BytesIO("\n".join(lines).encode()), f"{ODD_WORD}.csv")
    task = admin.post("/api/llm/analyze", data={"file": file}).json["task_id"]
    worked(house.engine, FakeClassifier())
    before = places_with(house.engine, TRACE)

    admin.delete(f"/admin/titulares/{ODD_WORD} Souza")
    at_once = places_with(house.engine, TRACE)
    clean_up(house.engine, house.services.settings, now=MONDAY_NOON)

    assert {"batches.name", "batches.rejects", "comments.text", "comments.words", "comments.extra"} <= before
    assert at_once <= {"comments_fts_data.block"}, "the index of words is swept within the hour"
    assert places_with(house.engine, TRACE) == set()
    told = admin.get(f"/api/tasks/{task}").json
    assert [(row["linha"], row["codigo"]) for row in told["linhas_rejeitadas"]] == [(3, "data_invalida")]
    assert [comment.text for comment in stored(house.engine)] == ["amei"]
    assert admin.get("/api/comentarios?search=amei").json["total"] == 1


def test_an_erased_word_is_not_in_the_file_of_the_database_either(sqlite_engine, tmp_path):
    handed_in(sqlite_engine, *of(CAIO, f"{ODD_WORD} que show"), *of("Ana", "amei"))
    forget(sqlite_engine)
    clean_up(sqlite_engine, Settings(_env_file=None), now=MONDAY_NOON)

    with reading(sqlite_engine) as db:
        overwrites = db.scalar(text("PRAGMA secure_delete"))
    sqlite_engine.dispose()

    assert overwrites == 1
    assert [path.name for path in tmp_path.iterdir() if TRACE.encode() in path.read_bytes()] == []


def test_the_index_is_merged_in_steps_until_no_erased_word_is_left(sqlite_engine):
    handed_in(sqlite_engine, *of("Ana", *(f"amei a faixa{n}" for n in range(4_000))), *of(CAIO, ODD_WORD))
    forget(sqlite_engine)
    stepped = []

    merge_words(sqlite_engine, at_once=1, stopping=lambda: stepped.append(1) or False)

    assert len(stepped) > 3, "others have their turn in between"
    assert places_with(sqlite_engine, TRACE) == set()
    with reading(sqlite_engine) as db:
        assert db.scalar(text("SELECT count(*) FROM comments_fts WHERE comments_fts MATCH 'amei'")) == 4_000


def test_the_task_of_an_erased_comment_still_ends(house, admin):
    receipt = handed_in(house.engine, *of(CAIO, TEXT), *of("Ana", "lindo"))

    admin.delete("/admin/titulares/" + quote(CAIO))
    worked(house.engine, FakeClassifier())

    task = house.get(f"/api/tasks/{receipt.batch_id}", token=house.token_of(Role.READER)).json
    assert (task["estado"], task["total"], task["concluidos"]) == ("CONCLUIDO", 2, 1)


def test_an_answer_in_flight_finds_nobody(house):
    handed_in(house.engine, *of(CAIO, TEXT))

    class Slow(FakeClassifier):
        def classify(self, texts):
            forget(house.engine)
            return super().classify(texts)

    worked(house.engine, Slow())

    assert (rows(house.engine, comments), rows(house.engine, classifications)) == (0, 0)
    assert sums(house.engine)["daily_counts"] == 0


def test_what_was_erased_does_not_come_back_with_the_same_file(house):
    lines = [*of(CAIO, TEXT, "amei o refrão"), *of("Ana", TEXT)]
    handed_in(house.engine, *lines, kind=BatchKind.FILE)
    forget(house.engine)

    again = handed_in(house.engine, *lines, kind=BatchKind.FILE)

    assert [(reject.line, reject.reason, reject.detail) for reject in again.rejects] == [
        (1, RejectReason.ERASED, ""),
        (2, RejectReason.ERASED, ""),
    ]
    assert {comment.author for comment in stored(house.engine)} == {"Ana"}
    assert handed_in(house.engine, *of(CAIO, "mudei de ideia, estou de volta")).total == 1


def test_words_leave_the_summaries_that_quote_them(house):
    last_week = MONDAY_NOON - timedelta(days=4)
    texts = [
        f"o som do show estava abafado demais, {word}" for word in ("pena", "droga", "poxa", "affe", "nossa", "ih")
    ]
    handed_in(house.engine, *of(CAIO, *texts, written_at=last_week))
    worked(house.engine, FakeClassifier())
    write_due_summaries(house.engine, None, zone=SAO_PAULO, now=MONDAY_NOON)
    assert "abafado" in str(kept_summaries(house.engine))

    quotes = house.client_of(Role.ADMIN).get("/admin/titulares/" + quote(CAIO)).json["citacoes_em_resumos"]
    forget(house.engine)

    assert quotes
    assert {one["semana"] for one in quotes} == {"2026-W47"}
    assert "abafado" not in str(kept_summaries(house.engine))


def kept_summaries(engine):
    with reading(engine) as db:
        return latest_summaries(db, limit=10)


def test_answers_that_were_kept_for_the_words_go_too(house):
    handed_in(house.engine, *of(CAIO, TEXT))
    said = Classification(Category.CRITICISM, 0.9, ())
    with house.engine.begin() as db:
        hashes = {hash_asked(text): said for text in (TEXT, "de outra pessoa")}
        keep_answers(db, hashes, model="m", prompt_version="1", now=MONDAY_NOON)

    forget(house.engine)

    with reading(house.engine) as db:
        assert db.scalars(select(kept_answers.c.text_hash)).all() == [hash_asked("de outra pessoa")]


def test_the_log_says_that_it_was_done_and_not_about_whom(two_people, admin):
    admin.get("/admin/titulares/" + quote(CAIO))
    done = admin.delete("/admin/titulares/" + quote(CAIO))

    with reading(two_people.engine) as db:
        erased, exported = list_entries(db, limit=2)
    assert (exported.event, exported.details) == ("sensitive_export", {"kind": "titular", "comments": 3})
    assert (erased.event, erased.details) == ("sensitive_delete", {"kind": "titular", "comments": 3, "done": True})
    assert erased.subject == done.json["protocolo"]
    assert "caio" not in str([erased, exported]).lower()


def test_an_order_that_is_stopped_says_so_and_goes_on_when_given_again(house):
    handed_in(house.engine, *of(CAIO, *(f"comentário {n}" for n in range(2 * PIECE))))
    asked = iter([False, True])

    first = forget(house.engine, stopping=lambda: next(asked))
    second = forget(house.engine)

    assert (first.comments, first.done) == (PIECE, False)
    assert (second.comments, second.done) == (PIECE, True)


def test_while_thousands_are_erased_others_write(house):
    handed_in(house.engine, *of(CAIO, *(f"comentário {n}" for n in range(6 * PIECE))))
    written = []

    def somebody_else_writes(_erased):
        written.append(handed_in(house.engine, "oi"))

    done = forget(house.engine, watch=somebody_else_writes)

    assert done.comments == 6 * PIECE
    assert len(written) == 8, "between any two pieces there is room for others"


def test_what_a_restored_backup_brings_back_is_erased_again(house, migrated_sqlite_file, tmp_path):
    path = tmp_path / "restored.db"
    path.write_bytes(migrated_sqlite_file.read_bytes())
    restored = open_database(f"sqlite:///{path}")
    for engine in (house.engine, restored):
        handed_in(engine, *of(CAIO, TEXT, "amei o refrão"), *of("Ana", TEXT))
    forget(house.engine)
    with reading(house.engine) as db:
        hashes = [hash_ for hash_, _ in all_tombstones(db)]

    erased = erase_again(hashes, engine=restored, forget_quotes=forget_erased, now=MONDAY_NOON)

    assert erased == 2
    assert [comment.author for comment in stored(restored)] == ["Ana"]
    assert handed_in(restored, *of(CAIO, TEXT)).total == 0
    assert rows(restored, tombstones) >= len(hashes)
    restored.dispose()


@pytest.mark.parametrize("role", [Role.READER, Role.CURATOR, Role.INGESTOR])
def test_only_admins_answer_people(two_people, role):
    token = two_people.token_of(role)

    for method in ("GET", "DELETE"):
        answer = two_people.client.open("/admin/titulares/Caio", method=method, headers=bearer(token))
        assert answer.status_code == 403
    assert rows(two_people.engine, comments) == 4
