"""What pydantic finds is said in Portuguese, with the contract's names, and without what was sent."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

import pytest
from pydantic import Field, ValidationError

from alumusic.contract.field_problems import problems_of, sentence_for_field
from alumusic.contract.message import PlainLine, Request


class Colour(StrEnum):
    RED = "VERMELHO"
    BLUE = "AZUL"


class Inner(Request):
    text: str = Field(alias="texto", max_length=3)


class Form(Request):
    name: PlainLine = Field(alias="nome", min_length=2, max_length=5)
    age: int = Field(0, alias="idade", ge=0, le=9)
    share: float = Field(0, alias="parte", gt=0, lt=1)
    on: bool = Field(default=False, alias="ligado")
    when: datetime | None = Field(None, alias="quando")
    colour: Colour = Field(Colour.RED, alias="cor")
    size: Literal["P", "G"] = Field("P", alias="tamanho")
    id: UUID | None = None
    items: list[Inner] = Field([], alias="itens", max_length=2)
    note: PlainLine | None = Field(None, alias="nota", min_length=2, max_length=5)
    code: Literal[tuple(f"code_{n}" for n in range(60))] | None = Field(None, alias="codigo")  # type: ignore[valid-type]


def trouble(**fields):
    with pytest.raises(ValidationError) as refused:
        Form.model_validate({"nome": "Ana"} | fields)
    return {problem.field: sentence_for_field(problem) for problem in problems_of(refused.value)}


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"nome": 5}, "nome", "precisa ser um texto"),
        ({"nome": "A"}, "nome", "precisa de pelo menos 2 caractere(s)"),
        ({"nome": "Anastácia"}, "nome", "pode ter no máximo 5 caracteres"),
        ({"nome": "A\nB"}, "nome", "tem caracteres de controle, que não são aceitos"),
        ({"idade": "x"}, "idade", "precisa ser um número inteiro"),
        ({"idade": 1.5}, "idade", "precisa ser um número inteiro, sem casas decimais"),
        ({"idade": 10}, "idade", "precisa ser no máximo 9"),
        ({"idade": -1}, "idade", "precisa ser no mínimo 0"),
        ({"parte": 0}, "parte", "precisa ser maior que 0"),
        ({"parte": 1}, "parte", "precisa ser menor que 1"),
        ({"parte": "x"}, "parte", "precisa ser um número, como 0.75"),
        ({"ligado": "x"}, "ligado", "precisa ser true ou false"),
        ({"quando": "ontem"}, "quando", "não é uma data no formato ISO 8601"),
        ({"cor": "VERDE"}, "cor", "não é um valor aceito; use 'VERMELHO' ou 'AZUL'"),
        ({"tamanho": "M"}, "tamanho", "não é um valor aceito; use 'P' ou 'G'"),
        ({"id": "x"}, "id", "não é um identificador (UUID)"),
        ({"itens": "x"}, "itens", "precisa ser uma lista"),
        ({"itens": [{"texto": "a"}, {"texto": "longo"}]}, "itens[1].texto", "pode ter no máximo 3 caracteres"),
        ({"itens": [{"texto": "a"}] * 3}, "itens", "pode ter no máximo 2 itens"),
        ({"itens": [{}]}, "itens[0].texto", "é obrigatório"),
        ({"itens": [5]}, "itens[0]", "precisa ser um objeto"),
        ({"nota": "comprida"}, "nota", "pode ter no máximo 5 caracteres"),
        ({"nota": "x"}, "nota", "precisa de pelo menos 2 caractere(s)"),
        ({"codigo": "x"}, "codigo", "não é um valor aceito; veja os que existem em /docs"),
        ({"extra": 1}, "extra", "não existe; confira o nome"),
        ({"name": "Ana"}, "name", "não existe; confira o nome"),
    ],
)
def test_a_finding_is_said_in_portuguese(fields, field, sentence):
    found = trouble(**fields)

    assert found[field].startswith(sentence)


def test_all_findings_are_told_at_once():
    assert set(trouble(nome=5, idade="x", extra=1)) == {"nome", "idade", "extra"}


def test_a_body_of_the_wrong_kind_is_told_as_such():
    with pytest.raises(ValidationError) as refused:
        Form.model_validate([1])

    [found] = problems_of(refused.value)
    assert (found.field, sentence_for_field(found)) == ("corpo", "precisa ser um objeto")


def test_nothing_of_what_was_sent_is_repeated():
    assert "segredo" not in str(trouble(idade="segredo", quando="segredo"))
