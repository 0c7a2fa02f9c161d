"""Both kinds of model keep the protocol's promises, against a provider on loopback with every fault."""

from collections.abc import Iterator

import pytest

from alumusic.classify.prompts.question import ask_about, current_prompt
from alumusic.domain.comments import Failure
from alumusic.domain.errors import ProviderTroubleError, UnusableAnswerError
from alumusic.domain.providers import Trouble
from alumusic.llm.connection import Connection
from alumusic.llm.errors import AnswerTooLargeError, BlockedError, InputRefusedError, ProviderCallError
from alumusic.llm.gemini import GeminiModel
from alumusic.llm.model import LanguageModel, Question
from alumusic.llm.openai_compatible import OpenAICompatibleModel
from tests.llm_examples import HASTY_SECONDS, PATIENT_SECONDS
from tests.servers import wait_until
from tests.stub_provider import KEY, StubProvider

KINDS = {"gemini": GeminiModel, "openai": OpenAICompatibleModel}


@pytest.fixture
def stub() -> Iterator[StubProvider]:
    with StubProvider(api_key=KEY) as provider:
        yield provider


def model_of(
    kind: str, url: str, *, name: str = "stub-1", key: str = KEY, seconds: float = PATIENT_SECONDS
) -> LanguageModel:
    return KINDS[kind](Connection(name, key, url, deadline_seconds=seconds))


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def model(kind: str, stub: StubProvider) -> Iterator[LanguageModel]:
    made = model_of(kind, stub.url)
    yield made
    made.close()


@pytest.fixture
def hasty_model(kind: str, stub: StubProvider) -> Iterator[LanguageModel]:
    """A model that soon gives up a call which nobody answers."""
    made = model_of(kind, stub.url, seconds=HASTY_SECONDS)
    yield made
    made.close()


def question(*texts: str) -> Question:
    return ask_about(current_prompt(), texts or ("que refrão",))[0]


def test_an_answer_comes_back_with_what_it_cost(model, stub):
    answer = model.ask(question("que refrão", "cadê o show"))

    assert answer.complete
    assert answer.text.startswith('{"r":[')
    assert answer.usage.input_tokens == stub.input_tokens
    assert answer.usage.output_tokens == stub.output_tokens


def test_what_never_changes_is_sent_first_and_apart_from_the_comments(model, stub):
    model.ask(question("um"))
    model.ask(question("outro"))

    first, second = (seen.messages for seen in stub.questions)
    assert first[0] == second[0] == current_prompt().instructions
    assert "um" in first[1]
    assert "outro" not in first[1]


def test_the_answer_is_asked_for_coldly_in_a_schema_and_without_thinking(kind, model, stub):
    model.ask(question())

    sent = stub.questions[0].body
    if kind == "gemini":
        config = sent["generationConfig"]
        assert config["temperature"] == 0
        assert config["responseJsonSchema"] == current_prompt().schema
        assert config["thinkingConfig"] == {"thinking_level": "MINIMAL"}
        assert "tools" not in sent
    else:
        assert sent["temperature"] == 0
        assert sent["response_format"]["json_schema"]["strict"] is True
        assert sent["response_format"]["json_schema"]["schema"] == current_prompt().schema
        assert "tools" not in sent


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("gemini", "gemini-2.5-flash", {"thinkingConfig": {"thinking_budget": 0}}),
        ("gemini", "gemini-3.1-flash-lite", {"thinkingConfig": {"thinking_level": "MINIMAL"}}),
        ("openai", "gpt-5-mini", {"reasoning_effort": "minimal"}),
        ("openai", "gpt-5.1", {"reasoning_effort": "none", "temperature": 0}),
        ("openai", "o4-mini", {"reasoning_effort": "low"}),
        ("openai", "gpt-4.1-mini", {"temperature": 0}),
        ("openai", "llama3.2", {"temperature": 0}),
    ],
)
def test_each_kind_of_model_is_told_in_its_own_way_not_to_think(stub, kind, name, said):
    asked = model_of(kind, stub.url, name=name)
    asked.ask(question())
    asked.close()

    sent = stub.questions[0].body
    sent = sent.get("generationConfig", sent)
    assert {key: sent[key] for key in said} == said
    assert ("temperature" in sent) == ("temperature" in said or kind == "gemini")


@pytest.mark.parametrize(
    ("fault", "trouble", "retry_after"),
    [
        ("429", Trouble.BUSY, None),
        ("429-after", Trouble.BUSY, 7.0),
        ("429-info", Trouble.BUSY, 11.5),
        ("quota", Trouble.QUOTA, None),
        ("500", Trouble.SERVER, None),
        ("503", Trouble.SERVER, None),
        ("503-html", Trouble.SERVER, None),
        ("529", Trouble.SERVER, None),
        ("401", Trouble.KEY, None),
        ("402", Trouble.QUOTA, None),
        ("403", Trouble.KEY, None),
        ("bad-key", Trouble.KEY, None),
        ("404", Trouble.MODEL, None),
        ("redirect", Trouble.CONFIGURATION, None),
        ("html", Trouble.SERVER, None),
        ("drop", Trouble.CONNECTION, None),
    ],
)
def test_what_is_not_the_comments_fault_says_what_it_is_and_when_to_come_back(model, stub, fault, trouble, retry_after):
    stub.script.always = fault

    with pytest.raises(ProviderCallError) as caught:
        model.ask(question())

    assert isinstance(caught.value, ProviderTroubleError)
    assert caught.value.trouble is trouble
    assert caught.value.retry_after_seconds == retry_after


@pytest.mark.parametrize("fault", ["hang", "dribble", "dribble-head"])
def test_the_deadline_is_for_the_whole_call_however_it_dribbles(hasty_model, stub, fault):
    stub.script.always = fault
    # Longer than any test may take: only the deadline ends the call.
    stub.script.hang_seconds = 3_600

    with pytest.raises(ProviderCallError) as caught:
        hasty_model.ask(question())

    assert caught.value.trouble is Trouble.TIMEOUT


@pytest.mark.parametrize(
    ("fault", "error", "failure"),
    [
        ("400", InputRefusedError, Failure.INPUT_REFUSED),
        ("413", InputRefusedError, Failure.INPUT_REFUSED),
        ("safety", BlockedError, Failure.BLOCKED),
        ("blocked-prompt", BlockedError, Failure.BLOCKED),
        ("huge", AnswerTooLargeError, Failure.UNUSABLE_ANSWER),
        ("gzip", AnswerTooLargeError, Failure.UNUSABLE_ANSWER),
    ],
)
def test_what_may_be_the_comments_fault_says_which_failure_it_would_be(model, stub, fault, error, failure):
    stub.script.always = fault

    with pytest.raises(error) as caught:
        model.ask(question())

    assert isinstance(caught.value, UnusableAnswerError)
    assert caught.value.failure is failure


def test_nothing_is_tried_twice_behind_our_back(model, hasty_model, stub):
    for fault in ("429", "500", "503", "drop"):
        stub.script.faults.append(fault)
        with pytest.raises(ProviderCallError):
            model.ask(question())
    stub.script.faults.append("hang")
    with pytest.raises(ProviderCallError):
        hasty_model.ask(question())

    wait_until(lambda: len(stub.questions) >= 5)
    assert len(stub.questions) == 5


def test_an_answer_that_was_cut_off_says_so(model, stub):
    stub.script.always = "truncated"

    assert not model.ask(question("a", "b")).complete


def test_an_empty_answer_is_an_answer(model, stub):
    stub.script.always = "empty"

    assert model.ask(question()).text == ""


def test_a_closed_port_is_no_connection(kind):
    with StubProvider() as gone:
        url = gone.url
    model = model_of(kind, url)

    with pytest.raises(ProviderCallError) as caught:
        model.ask(question())

    assert caught.value.trouble is Trouble.CONNECTION
    model.close()


def test_a_model_that_exists_passes_the_check_without_using_up_tokens(model, stub):
    model.check()

    assert stub.questions == []


def test_a_bad_key_does_not_pass_the_check(kind, stub):
    model = model_of(kind, stub.url, key="wrong")

    with pytest.raises(ProviderCallError) as caught:
        model.check()

    assert caught.value.trouble is Trouble.KEY
    model.close()


def test_a_withdrawn_model_of_gemini_does_not_pass_the_check(stub):
    model = model_of("gemini", stub.url, name="gemini-1.5-flash")

    with pytest.raises(ProviderCallError) as caught:
        model.check()

    assert caught.value.trouble is Trouble.MODEL
    model.close()


def test_no_error_of_ours_quotes_the_provider(model, stub):
    for fault in ("429", "500", "400", "401", "404", "bad-key"):
        stub.script.faults.append(fault)
        with pytest.raises((ProviderTroubleError, UnusableAnswerError)) as caught:
            model.ask(question())
        assert "something the provider says" not in str(caught.value)
        assert KEY not in str(caught.value)


def test_the_environment_changes_neither_host_nor_key(kind, stub, monkeypatch):
    for name in ("GOOGLE_GEMINI_BASE_URL", "OPENAI_BASE_URL", "HTTP_PROXY", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "someone-elses")
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    model = model_of(kind, stub.url)

    model.ask(question())

    assert "someone-elses" not in str(stub.questions[0].headers)
    model.close()
