"""`alumusic up` with a broker: Celery's worker and beat are programs beside the API, and end with it."""

import signal
import sys

import psutil
import pytest

from tests.examples import handed_in
from tests.servers import Program, free_port, wait_until
from tests.workers import a_worker_was_seen, drained, environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def product(redis, engine, tmp_path):
    env = environment(engine, tmp_path, CELERY_BROKER_URL=redis.url, ALUMUSIC_WATCHDOG_SECONDS=1)
    command = [sys.executable, "-m", "alumusic", "up", "--no-dashboard", "--port", str(free_port())]
    with_everything = Program(command, log=tmp_path / "up.log", env=env).start()
    try:
        wait_until(lambda: "Tudo pronto" in with_everything.output() or not with_everything.is_alive(), seconds=180)
        assert with_everything.is_alive(), with_everything.output()
        yield with_everything
    finally:
        for child in children(with_everything) if with_everything.is_alive() else []:
            child.kill()
        with_everything.kill()


def children(program):
    return [child for child in psutil.Process(program.pid).children() if "celery" in " ".join(child.cmdline())]


def test_celery_classifies_and_ctrl_c_ends_all_of_it(product, engine):
    handed_in(engine, *(f"comentário {n}" for n in range(50)))

    drained(engine, seconds=180)

    assert a_worker_was_seen(engine)
    began = children(product)
    assert sorted("beat" in child.cmdline() for child in began) == [False, True]
    product.send(signal.SIGINT)
    wait_until(lambda: not product.is_alive(), seconds=180)
    assert product.exit_code == 0, product.output()
    assert not any(child.is_running() for child in began)


def test_a_worker_that_ends_by_itself_ends_the_rest_with_a_sentence(product):
    worker = next(child for child in children(product) if "worker" in child.cmdline())

    worker.kill()

    wait_until(lambda: not product.is_alive(), seconds=180)
    assert product.exit_code == 1
    assert "worker: parou sozinho" in product.output()
