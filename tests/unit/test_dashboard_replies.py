"""What a person at a screen is told when the API says no."""

import re
from uuid import UUID

import pytest

from alumusic.contract.problems import problem_of
from alumusic.contract.sentences import SENTENCES
from alumusic.dashboard.replies import REPLIES, reply_to
from alumusic.domain.errors import ConflictError, FieldProblem, InvalidInputError, TooLargeError

A_ROUTE = re.compile(r"\b(GET|POST|PATCH|PUT|DELETE) /")


def reply(error):
    return reply_to(problem_of(error, request_id=UUID(int=1)))


def test_no_route_of_the_api_is_told_on_a_screen():
    told = SENTENCES | REPLIES

    assert [code for code, sentence in told.items() if A_ROUTE.search(sentence)] == []


def test_every_reply_is_to_an_error_that_there_is():
    assert REPLIES.keys() <= SENTENCES.keys()


@pytest.mark.parametrize(("field", "name"), [("password", "senha"), ("senha_nova", "senha nova"), ("de", "de")])
def test_a_field_is_called_what_its_control_is_called(field, name):
    weak = InvalidInputError("senha_fraca", fields=[FieldProblem(field, "senha_igual")])

    assert reply(weak) == f"Esta senha não pode ser usada: “{name}” precisa ser diferente da atual."


def test_who_has_an_account_already_is_led_to_the_door():
    assert reply(ConflictError("email_em_uso")).endswith("escolha “Entrar” ou use outro.")


def test_what_the_api_says_well_is_left_as_it_is():
    assert reply(TooLargeError("linhas_demais", max_rows=9)) == SENTENCES["linhas_demais"].format(max_rows=9)
