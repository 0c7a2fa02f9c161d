"""A call goes where it was allowed to go, and nowhere else."""

import pytest

from alumusic.domain.providers import Trouble
from alumusic.llm import address
from alumusic.llm.connection import Connection
from alumusic.llm.errors import CallGivenUpError, ProviderCallError
from alumusic.llm.openai_compatible import OpenAICompatibleModel
from alumusic.llm.transport import giving_up_when
from tests.integration.test_language_models import question
from tests.llm_examples import PATIENT_SECONDS
from tests.stub_provider import StubProvider


@pytest.fixture
def stub():
    with StubProvider() as running:
        yield running


def opened(url: str, *, local: bool = False, seconds: float = PATIENT_SECONDS) -> OpenAICompatibleModel:
    return OpenAICompatibleModel(Connection("stub-1", "key", url, deadline_seconds=seconds, local=local))


def named(monkeypatch, *answers: list[str]) -> None:
    """Let names lead where a resolver of ours says, one answer after another."""
    left = list(answers)

    def resolve(host: str, port: int, *_: object, **__: object):
        if host[0].isdigit():
            return [(2, 1, 6, "", (host, port))]
        return [(2, 1, 6, "", (found, port)) for found in (left.pop(0) if len(left) > 1 else left[0])]

    monkeypatch.setattr(address.socket, "getaddrinfo", resolve)


def test_a_name_that_leads_to_this_machine_is_not_called(stub, monkeypatch):
    named(monkeypatch, ["127.0.0.1"])
    model = opened(stub.url.replace("127.0.0.1", "models.example.com"))

    with pytest.raises(ProviderCallError) as caught:
        model.ask(question())

    assert caught.value.trouble is Trouble.CONNECTION
    assert stub.seen == []
    model.close()


def test_on_the_own_network_it_is_when_somebody_allowed_it(stub, monkeypatch):
    named(monkeypatch, ["127.0.0.1"])
    model = opened(stub.url.replace("127.0.0.1", "models.example.com"), local=True)

    assert model.ask(question()).complete
    assert stub.questions[0].headers["host"].startswith("models.example.com")
    model.close()


def test_a_redirect_into_the_house_is_not_followed(stub):
    model = opened(stub.url)
    stub.script.always = "redirect"

    with pytest.raises(ProviderCallError) as caught:
        model.ask(question())

    assert caught.value.trouble is Trouble.CONFIGURATION
    assert len(stub.seen) == 1
    model.close()


def test_the_next_address_is_tried_when_the_first_is_closed(stub, monkeypatch):
    named(monkeypatch, ["127.0.0.99", "127.0.0.1"])
    model = opened(stub.url.replace("127.0.0.1", "models.example.com"), local=True)

    assert model.ask(question()).complete
    model.close()


def test_a_call_that_nobody_waits_for_ends(stub):
    model = opened(stub.url)
    stub.script.always = "hang"

    with giving_up_when(lambda: True), pytest.raises(CallGivenUpError):
        model.ask(question())

    model.close()


def test_connections_are_used_again(stub):
    model = opened(stub.url)
    for _ in range(3):
        model.ask(question())

    assert len(stub.questions) == 3
    assert stub.connections == 1
    model.close()
