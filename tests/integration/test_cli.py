"""The commands, as somebody types them."""

import json
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from alumusic.bootstrap import utc_now
from alumusic.cli.main import COMMANDS, main
from alumusic.contract.queue import TROUBLE_SENTENCES
from alumusic.contract.set_up import DANGEROUS, SET_UP_SENTENCES, UNREADABLE
from alumusic.domain.providers import Entry, ProviderLimits, Spent, Trouble
from alumusic.domain.weeks import day_of
from alumusic.ingest.readers import decoded_lines
from alumusic.store.database import open_database
from alumusic.store.providers import note_answer, note_trouble, pause


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `alumusic …` in an empty folder, with no settings but the defaults."""
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, arguments, input=stdin)

    return invoke


def test_the_help_lists_every_command(run):
    said = run("--help").output

    assert all(f"\n  {name} " in said for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(run, name):
    ran = run(name, "--help")

    assert ran.exit_code == 0
    assert len(ran.output.splitlines()) > 5


def test_texts_are_classified_as_json_in_their_order(run):
    ran = run("classify", "--json", "Amei demais esse refrão", "quando sai o clipe novo?")

    first, second = map(json.loads, ran.stdout.splitlines())
    assert set(first) == {"texto", "categoria", "confianca", "revisar", "origem", "tags"}
    assert (first["texto"], first["categoria"], first["origem"]) == ("Amei demais esse refrão", "ELOGIO", "local")
    assert second["categoria"] == "DÚVIDA"
    assert all(set(tag) == {"codigo", "explicacao"} for tag in first["tags"])


def test_standard_input_is_read_line_by_line(run):
    ran = run("classify", stdin="Amei demais esse refrão\n\nquando sai o clipe novo?\n")

    assert [line.split()[0] for line in ran.stdout.splitlines()] == ["ELOGIO", "DÚVIDA"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_standard_input_is_decoded_as_files_are(run, encoding):
    ran = run("classify", "--json", stdin="bom\r\nnão gostei “disso”\n".encode(encoding))

    assert [json.loads(line)["texto"] for line in ran.stdout.splitlines()] == ["bom", "não gostei “disso”"]


def test_standard_input_that_is_no_text_is_said_in_a_sentence(run):
    ran = run("classify", "--json", stdin=b"bom\nn\x00o\n")

    assert ran.exit_code == 1
    assert "linha 2" in ran.stderr
    assert "Traceback" not in ran.output


def test_a_line_of_standard_input_is_read_before_the_next_one_is_written():
    reader, writer = os.pipe()
    with open(reader, "rb") as lines, open(writer, "wb", buffering=0) as pipe:  # noqa: PTH123
        decoded = decoded_lines(lines)
        pipe.write("não gostei\n".encode())

        assert next(decoded) == "não gostei"


def test_an_argument_that_the_terminal_could_not_read_is_said_in_a_sentence(run):
    ran = run("classify", "bom", "n\udce3o gostei")

    assert ran.exit_code == 2
    assert "o texto 2 não está em UTF-8" in ran.stderr


def test_a_file_is_classified_and_its_rejects_are_told_apart(run):
    Path("c.csv").write_text("autor,texto\nCaio,Amei demais esse refrão\nBia,\n", encoding="utf-8")

    ran = run("classify", "--file", "c.csv", "--json")

    assert json.loads(ran.stdout)["categoria"] == "ELOGIO"
    assert "linha 3" in ran.stderr


def test_a_file_that_cannot_be_read_is_said_in_a_sentence(run):
    Path("c.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)

    ran = run("classify", "--file", "c.csv")

    assert ran.exit_code == 1
    assert "Error" not in ran.stdout
    assert ".csv, .json, .jsonl ou .xlsx" in ran.stderr


def test_a_file_is_imported_once_and_classified(run):
    Path("c.csv").write_text("texto\nAmei demais esse refrão\nquando sai o clipe novo?\n", encoding="utf-8")

    first = run("import", "c.csv", "--classify")
    again = run("import", "c.csv", "--json")

    assert "2 comentários recebidos" in first.stdout
    assert "2 comentários classificados" in first.stdout
    assert json.loads(again.stdout)["mensagem"] == "Este envio já tinha sido recebido; nada foi gravado de novo."


def test_an_answer_stands_alone_on_standard_output(run):
    Path("c.csv").write_text("texto\nAmei demais esse refrão\n", encoding="utf-8")

    imported = run("import", "c.csv", "--json")
    summary = run("summary")

    assert json.loads(imported.stdout)["arquivo"] == "c.csv"
    assert summary.stdout.startswith("## Semana")
    assert (imported.stderr.strip(), summary.stderr) == ("", "")


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--source", "x" * 101, "“fonte” é longo demais"),
        ("--artist", "x" * 201, "“artista” é longo demais"),
        ("--artist", "Jo\0ão", "“artista” tem caracteres de controle"),
        ("--source", "\udce3", "“fonte” tem caracteres de controle"),
    ],
)
def test_what_is_said_of_all_rows_is_refused_as_in_a_row(run, option, value, reason):
    Path("c.csv").write_text("texto\nbom\n", encoding="utf-8")

    ran = run("import", "c.csv", option, value)

    assert ran.exit_code == 1
    assert reason in ran.stderr
    assert "recebido" not in ran.stdout


def paused(db):
    pause(db, "local", now=utc_now())


def refused_for_its_key(db):
    now = utc_now()
    limits = ProviderLimits(60)
    note_trouble(db, "gemini", Entry(), Trouble.KEY, limits=limits, retry_after=None, now=now, today=now.date())


def spent(db):
    day = day_of(utc_now(), ZoneInfo("America/Sao_Paulo"))
    note_answer(db, "gemini", Entry(), spent=Spent(1000), unusable=False, now=utc_now(), today=day)


@pytest.mark.parametrize(
    ("trouble", "happen"),
    [(Trouble.PAUSED, paused), (Trouble.KEY, refused_for_its_key), (Trouble.BUDGET, spent)],
)
def test_an_import_ends_with_a_sentence_when_nobody_may_classify(run, monkeypatch, trouble, happen):
    run("db", "upgrade")
    engine = open_database("sqlite:///data/alumusic.db")
    with engine.begin() as db:
        happen(db)
    engine.dispose()
    if trouble is not Trouble.PAUSED:
        monkeypatch.setenv("GOOGLE_API_KEY", "AIza-canary")
        monkeypatch.setenv("ALUMUSIC_DAILY_BUDGET_TOKENS", "1000")
    Path("c.csv").write_text("texto\nAmei demais esse refrão\n", encoding="utf-8")

    ran = run("import", "c.csv", "--classify")

    assert ran.exit_code == 1
    assert "1 comentário recebido" in ran.stdout
    assert "0 comentários classificados" in ran.stdout
    assert TROUBLE_SENTENCES[trouble] in ran.stderr
    assert "guardados" in ran.stderr


def test_a_broken_file_does_not_keep_others_from_being_imported(run):
    Path("bad.csv").write_text('texto\n"nunca fecha\n', encoding="utf-8")
    Path("good.csv").write_text("texto\nbom\n", encoding="utf-8")

    ran = run("import", "bad.csv", "good.csv")

    assert ran.exit_code == 1
    assert "1 comentário recebido" in ran.stdout
    assert "linha 2" in ran.stderr


def test_the_database_is_migrated_once(run):
    assert "vazio" in run("db", "current").output
    assert "Banco na revisão" in run("db", "upgrade").output
    assert "Nada a fazer" in run("db", "upgrade").output
    assert "(em dia)" in run("db", "current").output


@pytest.mark.parametrize("revision", ["nada", "+99", "0001:0002:0003"])
def test_a_revision_that_is_none_is_said_in_a_sentence(run, revision):
    ran = run("db", "upgrade", revision)

    assert ran.exit_code == 1
    assert f"a revisão “{revision}”" in ran.stderr
    assert "vazio" in run("db", "current").output


def test_settings_that_make_no_sense_are_said_in_a_sentence(run, monkeypatch):
    monkeypatch.setenv("ALUMUSIC_TIMEZONE", "Lua/Mar_da_Tranquilidade")

    ran = run("db", "current")

    assert ran.exit_code == 1
    assert UNREADABLE in ran.stderr
    assert "timezone" in ran.stderr
    assert "Traceback" not in ran.output


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("ALUMUSIC_CLASSIFIER", "llm", "llm_key"),
        ("ALUMUSIC_LLM_BASE_URL", "ftp://example.com", "llm_base_url"),
        ("DATABASE_URL", "mysql://example.com/x", "database_url"),
    ],
)
def test_settings_that_cannot_work_are_said_in_a_sentence_with_their_code(run, monkeypatch, setting, value, code):
    monkeypatch.setenv(setting, value)

    ran = run("import", __file__)

    assert ran.exit_code == 1
    assert SET_UP_SENTENCES[code] in ran.stderr
    assert f"[{code}]" in ran.stderr


def test_what_is_dangerous_in_production_is_said_in_a_sentence_with_its_codes(run, monkeypatch):
    monkeypatch.setenv("ALUMUSIC_ENV", "production")
    monkeypatch.setenv("ALUMUSIC_REGISTRATION", "open")

    ran = run("users", "list")

    assert DANGEROUS in ran.stderr
    assert "[registration_open]" in ran.stderr
