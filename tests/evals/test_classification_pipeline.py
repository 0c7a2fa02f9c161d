"""The whole way, as a client goes it: register, sign in, send the gold set, wait for the task, read it page by page.

By default against an API and a worker of this process. With `ALUMUSIC_EVAL_URL` against that server, whichever
classifier it has; `ALUMUSIC_EVAL_INVITE` lets in where registration needs an invite, `ALUMUSIC_EVAL_EMAIL` and
`ALUMUSIC_EVAL_PASSWORD` name an account that exists, `ALUMUSIC_EVAL_SECONDS` is how long the task may take.
"""

import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from alumusic.api.app import create_app
from alumusic.bell.thread import ThreadBell
from alumusic.bootstrap import build_classifier, build_services, worker_terms
from alumusic.domain.comments import Category
from alumusic.evals.answers import Answered, AnsweredSet, Effort, Said
from alumusic.evals.floors import ACCURACY, MACRO_F1, SPAM_RECALL, TAG_F1, Floor, fallen
from alumusic.evals.reading import read_dataset
from alumusic.evals.scoring import Score, score
from alumusic.settings import Settings
from alumusic.store.migrate import upgrade
from alumusic.worker.embedded import EmbeddedWorkers

GOLD = read_dataset(Path(__file__).with_name("dataset.json"))
SECONDS = float(os.environ.get("ALUMUSIC_EVAL_SECONDS", "240"))
FLOORS = [Floor(ACCURACY, 0.93), Floor(MACRO_F1, 0.93), Floor(SPAM_RECALL, 0.96), Floor(TAG_F1, 0.69)]
"""A little under those of `make evals`: whatever comes through the API is what the classifier said."""

pytestmark = [pytest.mark.evals, pytest.mark.timeout(SECONDS + 60)]


@contextmanager
def in_this_process(folder: Path) -> Iterator[httpx.Client]:
    """A client of an API and a worker in this process, on an empty database."""
    settings = Settings(_env_file=None, data_dir=folder, database_url=None, classifier="local", registration="open")
    bell = ThreadBell()
    services = build_services(settings, bell=bell)
    upgrade(services.engine)
    classifier = build_classifier(settings)
    workers = EmbeddedWorkers(
        services.engine,
        classifier,
        bell,
        terms=worker_terms(settings, classifier),
        clock=services.clock,
        watchdog_seconds=settings.watchdog_seconds,
    )
    workers.start()
    try:
        with httpx.Client(transport=httpx.WSGITransport(create_app(services)), base_url="http://127.0.0.1") as client:
            yield client
    finally:
        workers.stop()
        services.engine.dispose()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    url = os.environ.get("ALUMUSIC_EVAL_URL")
    if url:
        with httpx.Client(base_url=url, timeout=60) as live:
            yield live
    else:
        with in_this_process(tmp_path_factory.mktemp("data")) as own:
            yield own


@pytest.fixture(scope="module")
def account(client: httpx.Client) -> dict[str, str]:
    """An account that may send: a new one, unless the environment names one."""
    email = os.environ.get("ALUMUSIC_EVAL_EMAIL")
    if email:
        return {"email": email, "password": os.environ["ALUMUSIC_EVAL_PASSWORD"]}
    made = {"email": f"avaliacao-{secrets.token_hex(6)}@exemplo.com", "password": secrets.token_urlsafe(24)}
    invite = os.environ.get("ALUMUSIC_EVAL_INVITE")
    answer = client.post("/auth/register", json=made | ({"convite": invite} if invite else {}))
    assert answer.status_code == 201, answer.text
    return made


def sign_in(client: httpx.Client, account: dict[str, str]) -> None:
    answer = client.post("/auth/login", json=account)
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def get(client: httpx.Client, account: dict[str, str], path: str, **query: object) -> dict:
    """A page of JSON; a slow classifier outlives an access token, so signing in again is part of it."""
    answer = client.get(path, params=query)
    if answer.status_code == 401:
        sign_in(client, account)
        answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@dataclass
class Outcome:
    """What came of the gold set."""

    receipt: dict
    task: dict
    comments: dict[str, dict]
    sent: list[dict]
    score: Score


def finished_task(client: httpx.Client, account: dict[str, str], path: str) -> dict:
    """The task when nothing is left to do: asked for again when it may be done, and no later than the deadline."""
    deadline = time.monotonic() + SECONDS
    pause, nobody = 0.01, threading.Event()
    while True:
        task = get(client, account, path)
        if task["estado"] in {"CONCLUIDO", "FALHOU"}:
            return task
        left = deadline - time.monotonic()
        assert left > 0, f"not done after {SECONDS:.0f} s: {task}"
        # The task itself says how long it will take; until it knows, ask less and less often.
        pause = min(pause * 2, 2.0)
        nobody.wait(min(task["previsao_segundos"] or pause, pause, left))


def all_pages(client: httpx.Client, account: dict[str, str], task_id: str) -> Iterator[dict]:
    cursor: dict[str, str] = {}
    while True:
        page = get(client, account, "/api/comentarios", task_id=task_id, limit=100, **cursor)
        yield from page["comentarios"]
        if page["proximo_cursor"] is None:
            return
        cursor = {"cursor": page["proximo_cursor"]}


@pytest.fixture(scope="module")
def outcome(client: httpx.Client, account: dict[str, str]) -> Outcome:
    sign_in(client, account)
    sent = [{"id": str(uuid4()), "texto": comment.text, "fonte": "avaliacao"} for comment in GOLD.comments]
    began = time.monotonic()
    answer = client.post("/api/comentarios", json=sent)
    assert answer.status_code == 202, answer.text
    task = finished_task(client, account, answer.headers["Location"])
    seconds = time.monotonic() - began
    comments = {comment["id"]: comment for comment in all_pages(client, account, task["task_id"])}
    answers = tuple(
        Answered(labelled, said(comments[row["id"]])) for labelled, row in zip(GOLD.comments, sent, strict=True)
    )
    effort = Effort(seconds, len(sent) / seconds, own_time=False)
    return Outcome(answer.json(), task, comments, sent, score(AnsweredSet("gold", answers, effort)))


def said(comment: dict) -> Said:
    if comment["categoria"] is None:
        return Said(None)
    tags = tuple(tag["codigo"] for tag in comment["tags"])
    return Said(Category(comment["categoria"]), comment["confianca"], tags)


def test_every_comment_is_accepted_and_classified(outcome):
    count = len(GOLD.comments)
    assert (outcome.receipt["total"], outcome.receipt["duplicados"], outcome.receipt["rejeitados"]) == (count, 0, [])
    assert (outcome.task["estado"], outcome.task["concluidos"], outcome.task["falhas"]) == ("CONCLUIDO", count, 0)
    assert outcome.task["progresso"] == 1.0
    assert sum(outcome.task["por_categoria"].values()) == count


def test_every_comment_is_read_once_with_its_text_as_it_was_sent(outcome):
    assert {comment["id"]: comment["texto"] for comment in outcome.comments.values()} == {
        row["id"]: row["texto"] for row in outcome.sent
    }
    assert {comment["status"] for comment in outcome.comments.values()} == {"CONCLUIDO"}


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.figure.option.removeprefix("--min-"))
def test_what_comes_out_is_good_enough(outcome, floor):
    assert fallen([outcome.score], [floor]) == []


def test_comments_that_fit_no_category_are_mostly_marked_for_review(outcome):
    neutral = [
        outcome.comments[row["id"]]
        for labelled, row in zip(GOLD.comments, outcome.sent, strict=True)
        if labelled.category is None
    ]
    assert sum(comment["revisar"] for comment in neutral) / len(neutral) >= 0.65


def test_wanted_categories_are_found_without_accents(client, account, outcome):
    page = get(client, account, "/api/comentarios", task_id=outcome.task["task_id"], category="critica", limit=500)

    assert page["total"] == outcome.task["por_categoria"]["CRÍTICA"] == len(page["comentarios"])
