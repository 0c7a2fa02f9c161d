"""What is wrong with one field, as a Portuguese sentence: our own reasons and pydantic's."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from alumusic.domain.errors import FieldProblem

OWN: Final[Mapping[str, str]] = {
    "obrigatorio": "é obrigatório",
    "desconhecido": "não existe; confira o nome",
    "repetido": "só pode aparecer uma vez",
    "invalido": "tem um valor que não dá para entender",
    "caracteres_invalidos": "tem caracteres de controle, que não são aceitos",
    "email_invalido": "não é um e-mail válido, como ana@exemplo.com.br",
    "senha_curta": "precisa de pelo menos 8 caracteres (15 ou mais é melhor)",
    "senha_longa": "pode ter no máximo 128 caracteres",
    "senha_comum": "é uma senha que muita gente usa; escolha outra, como três ou quatro palavras sem relação",
    "senha_parecida": "não pode ser igual ao seu e-mail; escolha outra",
    "senha_igual": "precisa ser diferente da atual",
    "fuso_invalido": "não é um fuso horário, como America/Sao_Paulo",
    "chave_invalida": "pode ter de 1 a 255 caracteres, só letras, números e sinais comuns",
    "correcao_vazia": "precisa de “categoria”, de “tags” ou das duas",
    "tag_desconhecida": "tem uma tag que não existe; veja as que existem em GET /api/tags",
    "ids_ou_filtros": "precisa de “ids” ou de “filtros”, e não dos dois",
    "texto_vazio": "está vazio; envie de 1 a 5.000 caracteres",
    "texto_longo": "passa de 5.000 caracteres",
    "data_invalida": "não é uma data ISO 8601, como 2026-11-24 ou 2026-11-24T10:00:00-03:00",
    "id_invalido": "não é um UUID",
    "campo_longo": "é longo demais",
    "formato_da_linha": "precisa ser um texto, ou um objeto com o campo “texto”",
    "tipo_do_campo": "precisa ser um texto",
    "celulas_demais": "tem mais células do que o cabeçalho",
    "conflito": "já é de um comentário com outro texto",
    "eliminado": "é de um comentário que foi eliminado a pedido e não pode voltar",
    "confirmar_ou_corrigir": "precisa de “confirmar” verdadeiro, ou de “categoria” ou “tags” com a correção",
    "semana_invalida": "não é uma semana ISO de 1970 em diante, como 2026-W47",
    "cursor_invalido": "não é um cursor desta lista; use o proximo_cursor como veio, com os mesmos filtros",
}
"""Sentences for the codes that this product gives itself; each goes on after the field's name."""

_PYDANTIC: Final[Mapping[str, str]] = {
    "missing": OWN["obrigatorio"],
    "extra_forbidden": OWN["desconhecido"],
    "string_type": "precisa ser um texto",
    "string_too_short": "precisa de pelo menos {min_length} caractere(s)",
    "string_too_long": "pode ter no máximo {max_length} caracteres",
    "string_pattern_mismatch": "não tem a forma esperada",
    "string_unicode": OWN["caracteres_invalidos"],
    "int_type": "precisa ser um número inteiro",
    "int_parsing": "precisa ser um número inteiro",
    "int_parsing_size": "é um número grande demais",
    "int_from_float": "precisa ser um número inteiro, sem casas decimais",
    "float_type": "precisa ser um número",
    "float_parsing": "precisa ser um número, como 0.75",
    "finite_number": "precisa ser um número finito",
    "bool_type": "precisa ser true ou false",
    "bool_parsing": "precisa ser true ou false",
    "greater_than": "precisa ser maior que {gt}",
    "greater_than_equal": "precisa ser no mínimo {ge}",
    "less_than": "precisa ser menor que {lt}",
    "less_than_equal": "precisa ser no máximo {le}",
    "list_type": "precisa ser uma lista",
    "tuple_type": "precisa ser uma lista",
    "set_type": "precisa ser uma lista",
    "frozen_set_type": "precisa ser uma lista",
    "dict_type": "precisa ser um objeto",
    "model_type": "precisa ser um objeto",
    "model_attributes_type": "precisa ser um objeto",
    "too_short": "precisa de pelo menos {min_length} item(ns)",
    "too_long": "pode ter no máximo {max_length} itens",
    "enum": "não é um valor aceito; use {expected}",
    "literal_error": "não é um valor aceito; use {expected}",
    "uuid_parsing": "não é um identificador (UUID)",
    "uuid_type": "não é um identificador (UUID)",
    "uuid_version": "não é um identificador (UUID) da versão esperada",
    "none_required": "precisa ser null",
    "timezone_aware": "precisa dizer o fuso, como em 2026-11-24T10:00:00-03:00",
    "url_parsing": "não é um endereço (URL)",
    "url_type": "não é um endereço (URL)",
    "url_scheme": "precisa começar com http:// ou https://",
}

_DATES: Final = ("date", "datetime", "time")
_LENGTHS: Final = {"too_short": "string_too_short", "too_long": "string_too_long"}
"""What pydantic says of a text whose length is checked after a validator of ours: it takes it for a list."""
_MOST_VALUES_TOLD: Final = 300
"""Characters of a list of accepted values; the sixty tags would bury the sentence."""


def sentence_for_field(problem: FieldProblem) -> str:
    """What is wrong with the field of `problem`."""
    sentence = OWN.get(problem.code)
    if sentence is None:
        return problem.detail or OWN["invalido"]
    return f"{sentence}: {problem.detail}" if problem.detail else sentence


def problems_of(error: ValidationError) -> list[FieldProblem]:
    """Pydantic's findings, with the contract's field names; nothing of what was sent is repeated."""
    found = error.errors(include_url=False, include_input=False)
    return [FieldProblem(_path(one["loc"]), *_reason(one["type"], one.get("ctx", {}))) for one in found]


def _path(location: Sequence[str | int]) -> str:
    """`("itens", 3, "texto")` as a person would write it; an empty path is the whole body."""
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path[:200] or "corpo"


def _reason(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    if kind == "value_error":
        code = str(context.get("error", ""))
        return (code, "") if code in OWN else ("invalido", "")
    if context.get("field_type") == "Value":
        kind = _LENGTHS.get(kind, kind)
    if kind in {"enum", "literal_error"} and len(str(context.get("expected"))) > _MOST_VALUES_TOLD:
        return f"pydantic_{kind}", "não é um valor aceito; veja os que existem em /docs"
    if kind in _PYDANTIC:
        return f"pydantic_{kind}", _PYDANTIC[kind].format_map(_Portuguese(context))
    if kind.startswith(_DATES):
        return f"pydantic_{kind}", "não é uma data no formato ISO 8601, como 2026-11-24 ou 2026-11-24T10:00:00-03:00"
    return "invalido", ""


class _Portuguese(dict[str, Any]):
    """Pydantic's context with its English joints replaced."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return value.replace(" or ", " ou ") if isinstance(value, str) else value

    def __missing__(self, key: str) -> str:
        return "?"
