"""Every error has a reply: a status, a title and a Portuguese sentence, whatever raises it."""

import ast
import string
from pathlib import Path
from uuid import UUID

import pytest

import alumusic
from alumusic.contract.field_problems import OWN, sentence_for_field
from alumusic.contract.problems import STATUSES, TITLES, problem_of, sentence_of, status_of
from alumusic.contract.sentences import SENTENCES
from alumusic.contract.set_up import SET_UP_SENTENCES
from alumusic.domain import errors
from alumusic.domain.comments import RejectReason
from alumusic.domain.errors import (
    ConflictError,
    FieldProblem,
    InvalidInputError,
    RequestError,
    TooManyRequestsError,
    UnavailableError,
    UnreadableFileError,
)

SOURCE = Path(alumusic.__file__).parent
ID = UUID(int=1)


TOLD = {"FieldProblem": OWN, "ValueError": OWN, "ConfigurationError": SET_UP_SENTENCES}
"""Where the sentences are of codes that are given to these; all others are in `SENTENCES`."""


def kinds(base=RequestError):
    return [base, *(below for kind in base.__subclasses__() for below in kinds(kind))]


KINDS = {kind.__name__: kind for kind in kinds() if kind.__module__ == errors.__name__}


def codes_in_source():
    """Every code that the source gives by name, what it is given to, and where."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            position = codes_go_to(path).get(name)
            if position is not None and len(node.args) > position:
                for part in ast.walk(node.args[position]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and "_" in part.value:
                        yield name, part.value, f"{path.name}:{node.lineno}"


def codes_go_to(path):
    """The calls in `path` that take a code, and as which argument."""
    calls = dict.fromkeys(KINDS, 0) | {"FieldProblem": 1, "ConfigurationError": 0}
    if path.parent.name == "contract":
        calls["ValueError"] = 0
    if path.parent.name == "readers":
        calls |= {"broken": 0, "_RefusedJsonError": 0}
    return calls


def made(kind, code=None, **details):
    if issubclass(kind, TooManyRequestsError):
        return kind(code, retry_after_seconds=3, **details)
    return kind(code, **details)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_every_kind_of_error_has_a_reply(kind):
    found = problem_of(made(kind), request_id=ID)

    assert found.status == status_of(made(kind))
    assert found.title == TITLES[found.status]
    assert found.sentence[0].isupper()
    assert "?" not in found.sentence


def test_every_code_in_the_source_has_a_sentence():
    silent = [(kind, code, place) for kind, code, place in codes_in_source() if code not in TOLD.get(kind, SENTENCES)]

    assert silent == []


def test_every_reason_for_a_reject_has_a_sentence_alone_and_after_a_field():
    assert [reason for reason in RejectReason if reason not in SENTENCES or reason not in OWN] == []


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_is_whole_and_survives_the_lack_of_details(code):
    sentence = sentence_of(RequestError(code))

    assert sentence[0].isupper()
    assert sentence.endswith((".", ")"))
    assert [name for _, name, _, _ in string.Formatter().parse(SENTENCES[code]) if name == ""] == []


def test_a_code_that_nobody_wrote_a_sentence_for_gets_the_one_of_its_kind():
    assert sentence_of(ConflictError("xyz")) == SENTENCES["conflito"]
    assert problem_of(ConflictError("xyz"), request_id=ID).status == 409


def test_a_kind_below_another_answers_with_the_same_status():
    assert status_of(UnreadableFileError()) == STATUSES[InvalidInputError] == 400


def test_a_problem_tells_where_and_which_columns():
    found = problem_of(UnreadableFileError("sem_coluna_de_texto", columns=["Nome", "Idade"], line=1), request_id=ID)

    assert found.line == 1
    assert found.columns == ("Nome", "Idade")
    assert "“Nome”, “Idade”" in found.sentence


def test_a_line_is_told_even_where_the_sentence_forgot_it():
    assert sentence_of(UnreadableFileError("arquivo_ilegivel", line=7)).endswith("(linha 7)")


def test_fields_are_told_in_the_sentence_and_listed():
    refused = InvalidInputError(fields=[FieldProblem("email", "obrigatorio"), FieldProblem("papel", "desconhecido")])

    found = problem_of(refused, request_id=ID)

    assert "“email” é obrigatório; “papel” não existe" in found.sentence
    assert [(field.field, field.reason) for field in found.fields or ()] == [
        ("email", "é obrigatório"),
        ("papel", "não existe; confira o nome"),
    ]


def test_who_must_wait_is_told_how_long():
    assert "espere 8 s" in sentence_of(TooManyRequestsError(retry_after_seconds=7.2))
    assert "em 5 s" in sentence_of(UnavailableError())


def test_a_hostile_detail_is_cut_short():
    hostile = UnreadableFileError("coluna_inexistente", column="x" * 10_000, columns=["y" * 9] * 500)

    assert len(sentence_of(hostile)) < 1_500


def test_an_unknown_reason_for_a_field_still_says_something():
    assert sentence_for_field(FieldProblem("a", "xyz")) == OWN["invalido"]


def test_a_problem_leaves_out_what_does_not_apply():
    text = problem_of(ConflictError(), request_id=ID).to_json()

    assert "null" not in text
    assert '"instance":"urn:uuid:00000000-0000-0000-0000-000000000001"' in text
