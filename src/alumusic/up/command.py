"""`alumusic up`: everything on this machine, in one command."""

import secrets
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any, Final
from urllib.parse import urlsplit

import click
from filelock import FileLock, Timeout
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from alumusic.api.app import create_app
from alumusic.bell.thread import ThreadBell
from alumusic.bootstrap import (
    SECRET_BYTES,
    Services,
    build_classifier,
    build_services,
    note_who_classifies,
    prepare_data_dir,
    settle_memory,
    worker_terms,
)
from alumusic.logs import configure_logs
from alumusic.settings import Settings, load_settings
from alumusic.store import migrate
from alumusic.store.work import release_all
from alumusic.up.demo import load_demo
from alumusic.up.processes import Child, answers_at, celery_commands, dashboard_command, wait_for
from alumusic.up.server import ApiServer
from alumusic.worker.embedded import EmbeddedWorkers
from alumusic.worker.schedule import EmbeddedSchedule, chores

_LOCK: Final = "alumusic.lock"
_START_SECONDS: Final = 60.0
_GIVE_BACK_SECONDS: Final = 25.0
"""A worker that is told to stop gives back its comments within 20 seconds."""


@click.command()
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535), help="Porta da API.")
@click.option(
    "--dashboard-port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="Porta do painel."
)
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Pasta dos dados (por padrão, ./data).")
@click.option("--host", help="Endereço em que atender; por padrão só esta máquina (127.0.0.1).")
@click.option("--no-dashboard", is_flag=True, help="Não abre o painel.")
@click.option("--demo", is_flag=True, help="Carrega comentários inventados para conhecer o produto.")
def up(port: int, dashboard_port: int, data: Path | None, host: str | None, *, no_dashboard: bool, demo: bool) -> None:
    """Sobe tudo nesta máquina: banco, API, classificação, agenda e painel. Ctrl-C para tudo.

    \b
    Exemplos:
      alumusic up
      alumusic up --demo
      alumusic up --port 5050 --data /srv/alumusic --no-dashboard
    """
    overrides: dict[str, Any] = {name: value for name, value in {"data_dir": data, "host": host}.items() if value}
    settings = _with_dashboard_key(load_settings(**overrides))
    configure_logs(settings.log_level, settings.log_format)
    # From the first moment on: who stops us while we start gets the same clean end.
    asked_to_stop = _listen_for_signals()
    _require_free(settings.host, port, option="--port")
    if not no_dashboard:
        _require_free(settings.host, dashboard_port, option="--dashboard-port")
    with ExitStack() as stack:
        services = stack.enter_context(_house(settings))
        children = [] if settings.celery_broker_url is None else _celery(stack, settings)
        if demo:
            click.echo(load_demo(services))
        api = f"http://{_shown(settings.host)}:{port}"
        stack.enter_context(ApiServer(create_app(services), host=settings.host, port=port))
        _started("API", api, f"{api}/saude")
        click.echo(f"  documentação da API    {api}/docs")
        if not no_dashboard:
            command, environment = dashboard_command(port=dashboard_port, host=settings.host, api_url=api)
            child = stack.enter_context(Child("painel", command, environment | _for_dashboard(settings)))
            address = f"http://{_shown(settings.host)}:{dashboard_port}"
            _started("painel", address, f"{address}/_stcore/health", child=child)
            children.append(child)
        click.echo(f"  dados em               {settings.data_dir.absolute()}")
        settle_memory()
        click.echo("Tudo pronto. Ctrl-C para parar.")
        # On Windows a wait without a time-out is deaf to Ctrl-C.
        while not asked_to_stop.wait(0.5):
            _require_alive(children)
        click.echo("Parando…")
    click.echo("Parado. Os dados continuam onde estavam.")


def _with_dashboard_key(settings: Settings) -> Settings:
    if settings.dashboard_key is not None:
        return settings
    return settings.model_copy(update={"dashboard_key": SecretStr(secrets.token_urlsafe(SECRET_BYTES))})


def _for_dashboard(settings: Settings) -> dict[str, str]:
    """What the dashboard must know of `settings` to tell its visitors apart."""
    key = settings.dashboard_key.get_secret_value() if settings.dashboard_key else ""
    return {"ALUMUSIC_DASHBOARD_KEY": key, "ALUMUSIC_TRUSTED_PROXIES": str(settings.trusted_proxies)}


def _require_free(host: str, port: int, *, option: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"A porta {port} já está em uso; feche o outro programa ou escolha outra com {option}."
            raise click.ClickException(message) from error


@contextmanager
def _house(settings: Settings) -> Iterator[Services]:
    """The services, with their database migrated and somebody at work; all of it ends with the block."""
    prepare_data_dir(settings.data_dir)
    lock = FileLock(settings.data_dir / _LOCK, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        message = f"Outro `alumusic up` já usa a pasta {settings.data_dir.absolute()}; pare-o ou use --data."
        raise click.ClickException(message) from error
    try:
        bell = ThreadBell() if settings.celery_broker_url is None else None
        services = build_services(settings, bell=bell)
        _migrate(services)
        if settings.database_url is None:
            # The lock says that no other process works on this database: whoever held comments is dead.
            with services.engine.begin() as db:
                release_all(db, now=services.clock())
        try:
            with nullcontext() if bell is None else _embedded(settings, services, bell):
                yield services
        finally:
            services.engine.dispose()
    finally:
        lock.release()


def _migrate(services: Services) -> None:
    try:
        migrate.upgrade(services.engine)
    except OperationalError as error:
        address = _without_password(services.settings.effective_database_url)
        message = (
            f"O banco de dados em {address} não respondeu, ou não nos deixou entrar. Confira DATABASE_URL e o banco."
        )
        raise click.ClickException(message) from error


@contextmanager
def _embedded(settings: Settings, services: Services, bell: ThreadBell) -> Iterator[None]:
    """Threads of this process do what Celery's worker and beat do elsewhere."""
    classifier = build_classifier(settings, engine=services.engine)
    note_who_classifies(settings, services.engine, now=services.clock())
    schedule = EmbeddedSchedule(
        chores(services.engine, settings, model=services.language_model, clock=services.clock), clock=services.clock
    )
    workers = EmbeddedWorkers(
        services.engine,
        classifier,
        bell,
        terms=worker_terms(settings, classifier),
        clock=services.clock,
        watchdog_seconds=settings.watchdog_seconds,
        threads=settings.worker_threads,
    )
    workers.start()
    schedule.start()
    try:
        yield
    finally:
        schedule.stop()
        workers.stop()


def _celery(stack: ExitStack, settings: Settings) -> list[Child]:
    """Celery's worker and beat, as programs that live as long as `stack`."""
    # What was said on the command line must reach them too.
    environment = {"ALUMUSIC_DATA_DIR": str(settings.data_dir.absolute()), "ALUMUSIC_HOST": settings.host}
    children = []
    for name, command in celery_commands(threads=settings.worker_threads).items():
        child = Child(name, command, environment, stop_seconds=_GIVE_BACK_SECONDS)
        children.append(stack.enter_context(child))
        click.echo(f"  {name:<22} Celery, por {_without_password(settings.celery_broker_url or '')}")
    return children


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"


def _require_alive(children: Sequence[Child]) -> None:
    for child in children:
        if not child.is_alive():
            raise click.ClickException(f"{child.name}: parou sozinho. Veja as mensagens acima; vou parar o resto.")


def _started(name: str, address: str, health: str, child: Child | None = None) -> None:
    ready = wait_for(
        lambda: answers_at(health), seconds=_START_SECONDS, alive=lambda: child is None or child.is_alive()
    )
    if not ready:
        raise click.ClickException(f"{name}: não respondeu em {address}. Veja as mensagens acima.")
    click.echo(f"  {name:<22} {address}")


def _shown(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104


def _listen_for_signals() -> threading.Event:
    """An event that is set when somebody asks us to stop."""
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), ask)
    return asked
