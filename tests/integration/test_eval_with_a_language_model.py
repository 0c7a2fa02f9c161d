"""`alumusic eval` scores whoever answers, and says what the answers cost."""

import json

import pytest
from click.testing import CliRunner

from alumusic.evals import command
from tests.stub_provider import KEY, StubProvider

TEXTS = (
    [("amei essa música, que voz linda", "ELOGIO"), ("que lixo de show, som péssimo", "CRÍTICA")]
    + [(f"comentário morno {n}", "DÚVIDA") for n in range(40)]
)  # fmt: skip


@pytest.fixture
def stub():
    with StubProvider() as provider:
        yield provider


@pytest.fixture
def scored(monkeypatch, tmp_path, stub):
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "LLM_PROVIDER": "openai", "LLM_BASE_URL": f"{stub.url}/v1", "LLM_API_KEY": KEY, "LLM_MODEL": "m",
        "LLM_PRICES": '{"m": [1.0, 2.0]}', "DATA_DIR": str(tmp_path / "data"),
    }.items():  # fmt: skip
        monkeypatch.setenv(f"ALUMUSIC_{name}", value)
    rows = [{"texto": text, "categoria_esperada": category} for text, category in TEXTS]
    (tmp_path / "ouro.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")

    def score(classifier):
        result = CliRunner().invoke(command.evaluate, ["ouro.json", "--classifier", classifier, "--json", "saida.json"])
        assert result.exit_code == 0, result.output
        return result.stdout, json.loads((tmp_path / "saida.json").read_text(encoding="utf-8"))["conjuntos"][0]

    return score


def test_a_language_model_is_scored_with_its_calls_tokens_and_cost(scored, stub):
    printed, found = scored("llm")

    assert found["n"] == len(TEXTS)
    assert sum(len(texts) for texts in stub.asked) == len(TEXTS)
    assert found["uso"]["calls"] == len(stub.asked) == 2
    assert found["uso"]["cost_usd"] == pytest.approx(
        (found["uso"]["input_tokens"] + 2 * found["uso"]["output_tokens"]) / 1e6, abs=1e-5
    )
    assert "tokens" in printed


def test_a_cascade_asks_only_about_what_the_house_is_not_sure_of(scored, stub):
    _, found = scored("cascade")

    asked = {text for texts in stub.asked for text in texts}
    assert "amei essa música, que voz linda" not in asked
    assert "comentário morno 7" in asked
    assert found["uso"]["calls"] == len(stub.asked) >= 1
