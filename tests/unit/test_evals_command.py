"""`alumusic eval` from the outside: what it prints, writes and ends with."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from alumusic.cli.main import COMMANDS
from alumusic.evals import command

ROWS = [
    {"texto": "amei essa música, que voz linda", "categoria_esperada": "elogio", "fatias": ["curto"], "tags": []},
    {"texto": "o som do show estava horrível, péssimo", "categoria_esperada": "CRITICA", "fatias": ["<b>show</b>"]},
    {"texto": "ganhe dinheiro em casa, link na bio", "categoria_esperada": "SPAM"},
    {"texto": "alguém sabe o nome dessa música?", "categoria_esperada": "SPAM"},
    {"texto": "08:15 de terça", "categoria_esperada": "NEUTRO"},
    {"texto": "<script>alert(1)</script> que lixo", "categoria_esperada": "elogio"},
]
SET_KEYS = (
    "nome n acuracia acuracia_ic95 macro_f1 por_categoria matriz_confusao ece cobertura tags comentarios_por_segundo"
)


@pytest.fixture
def dataset(tmp_path):
    path = tmp_path / "ouro.json"
    path.write_text(json.dumps(ROWS, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALUMUSIC_CLASSIFIER", "local")

    def invoke(*arguments):
        return CliRunner().invoke(command.evaluate, [str(argument) for argument in arguments])

    return invoke


def test_the_command_is_the_one_that_the_command_line_lists():
    assert COMMANDS["eval"] == f"{command.__name__}:{command.evaluate.callback.__name__}"


def test_figures_are_printed(run, dataset):
    result = run(dataset)

    assert result.exit_code == 0, result.output
    for words in ("acurácia", "macro-F1", "ECE", "revocação", "Matriz de confusão", "Confiabilidade", "comentários/s"):
        assert words in result.stdout


def test_the_json_is_that_of_the_contract(run, dataset, tmp_path):
    out = tmp_path / "novo" / "saida.json"

    run(dataset, "--json", out)

    (found,) = json.loads(out.read_text(encoding="utf-8"))["conjuntos"]
    assert set(SET_KEYS.split()) <= set(found)
    assert (found["nome"], found["n"]) == ("ouro", 5)
    low, high = found["acuracia_ic95"]
    assert low <= found["acuracia"] <= high
    assert list(found["por_categoria"]) == ["ELOGIO", "CRÍTICA", "SUGESTÃO", "DÚVIDA", "SPAM"]
    assert set(found["por_categoria"]["SPAM"]) == {"precisao", "revocacao", "f1", "n"}
    assert set(found["cobertura"][0]) == {"limiar", "cobertura", "acuracia"}
    assert found["neutros"]["n"] == 1
    assert "CRÍTICA" in out.read_text(encoding="utf-8")


def test_tags_are_scored_where_they_are_given(run, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("texto,categoria,tags\nque voz linda,elogio,qualidade_vocal\n", encoding="utf-8")

    run(path, "--json", tmp_path / "a.json")

    (found,) = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["conjuntos"]
    assert {"micro_f1", "ao_menos_uma"} <= set(found["tags"])


class Page(HTMLParser):
    """What a page would run or fetch, and the words it shows."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.fetched, self.words = [], [], ""
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.fetched += [value for name, value in attrs if name in {"src", "href", "srcset", "action", "data"}]

    def handle_data(self, data):
        self.words += data


def test_the_page_runs_nothing_and_fetches_nothing_and_shows_texts_as_texts(run, dataset, tmp_path):
    run(dataset, "--html", tmp_path / "r.html", "--save-baseline", tmp_path / "b.json")
    run(dataset, "--html", tmp_path / "r.html", "--compare", tmp_path / "b.json")

    content = (tmp_path / "r.html").read_text(encoding="utf-8")
    page = Page(content)
    assert page.fetched == []
    assert not {"script", "link", "img", "iframe", "object", "b>show"} & set(page.tags)
    assert re.findall(r"url\(|@import|https?://", content) == []
    assert "default-src 'none'" in content
    assert page.tags.count("svg") == 4
    assert "<script>alert(1)</script> que lixo" in page.words
    assert "<b>show</b>" in page.words


def test_under_a_floor_it_ends_with_one_and_says_which(run, dataset):
    result = run(dataset, "--min-accuracy", "0.99", "--min-spam-recall", "10%", "--min-macro-f1", "0,1")

    assert result.exit_code == 1
    assert re.search(r"REPROVADO  ouro: acurácia 0\.\d{4} está abaixo do mínimo 0\.9900", result.stderr)
    assert "SPAM" not in result.stderr


def test_a_floor_is_a_share(run, dataset):
    result = run(dataset, "--min-accuracy", "85")

    assert result.exit_code == 2
    assert "não é um valor de 0 a 1" in result.stderr


def test_several_sets_are_several_entries(run, dataset, tmp_path):
    other = tmp_path / "outro.csv"
    other.write_text("texto,categoria\nque voz linda,elogio\n", encoding="utf-8")

    run(dataset, other, "--json", tmp_path / "s.json")

    sets = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["conjuntos"]
    assert [found["nome"] for found in sets] == ["ouro", "outro"]


def test_a_comparison_with_itself_shows_no_change(run, dataset, tmp_path):
    run(dataset, "--save-baseline", tmp_path / "b.json")

    result = run(dataset, "--compare", tmp_path / "b.json", "--json", tmp_path / "s.json")

    assert result.exit_code == 0
    (compared,) = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["comparacao"]
    assert compared["fora_da_referencia"] == 0
    assert {change["p_mcnemar"] for change in compared["mudancas"]} == {1.0}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nada.csv"], "nada.csv: não consigo abrir"),
        (["ouro.json", "--compare", "nada.json"], "nada.json: não consigo abrir"),
        (["ouro.json", "--json", "ouro.json/x.json"], "Não consegui gravar"),
    ],
)
def test_what_cannot_be_read_or_written_ends_with_two_and_a_sentence(run, dataset, arguments, sentence):
    result = run(*arguments)

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output


WITHOUT_EXTRA = """
import sys
sys.modules["sklearn"] = None
from alumusic.evals.command import evaluate
evaluate(["nada.csv"])
"""


def test_without_the_extra_it_says_what_to_install(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRA], check=False, capture_output=True, text=True, cwd=tmp_path
    )

    assert done.returncode == 2
    assert "extra `evals`" in done.stderr


def test_every_option_is_in_the_documentation():
    documented = (Path(__file__).parents[2] / "docs" / "evals.md").read_text(encoding="utf-8")

    options = [name for option in command.evaluate.params for name in option.opts if name.startswith("--")]
    assert [name for name in options if f"`{name}" not in documented] == []
