"""`alumusic import`: brings files straight into the database."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from alumusic.bootstrap import Services, build_classifier, build_services, worker_terms
from alumusic.classify.drain import classify_due
from alumusic.classify.permit import Refusal
from alumusic.cli.refusals import told
from alumusic.contract.comments import ReceiptView
from alumusic.contract.problems import sentence_of
from alumusic.contract.queue import TROUBLE_SENTENCES
from alumusic.domain.batches import Receipt
from alumusic.domain.errors import RequestError
from alumusic.domain.providers import Trouble
from alumusic.ingest.defaults import clean_defaults
from alumusic.ingest.readers import Limits
from alumusic.ingest.upload import FileWishes, receive_file
from alumusic.settings import load_settings
from alumusic.store import migrate
from alumusic.store.database import reading
from alumusic.store.work import due

_TURN: Final = timedelta(seconds=5)
_SHOWN_REJECTS: Final = 10
_PATIENCE: Final = timedelta(minutes=1)
"""How long we wait for a provider that only asks for fewer calls."""
_LOOK_AGAIN_SECONDS: Final = 0.5
_KEPT: Final = (
    "Os comentários que faltam estão guardados e serão classificados quando o servidor estiver no ar (`alumusic up`)."
)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", help="Fonte das linhas que não dizem a sua (youtube, app, show…).")
@click.option("--artist", help="Artista das linhas que não dizem o seu.")
@click.option("--text-column", help="Coluna que tem o texto, se o nome for incomum.")
@click.option("--again", is_flag=True, help="Aceita de novo um arquivo que já foi importado.")
@click.option("--classify", "classify_now", is_flag=True, help="Classifica tudo antes de sair.")
@click.option("--json", "as_json", is_flag=True, help="Um objeto JSON por arquivo.")
def import_files(
    files: tuple[Path, ...],
    source: str | None,
    artist: str | None,
    text_column: str | None,
    *,
    again: bool,
    classify_now: bool,
    as_json: bool,
) -> None:
    """Importa FILES direto para o banco: cada arquivo inteiro ou nada dele.

    \b
    Exemplos:
      alumusic import comentarios.csv
      alumusic import show.xlsx --source show --artist "Banda Exemplo" --classify
    """
    with told():
        defaults = clean_defaults({"fonte": source, "artista": artist})
    services = build_services(load_settings())
    migrate.upgrade(services.engine)
    failed = False
    for path in files:
        wishes = FileWishes(path.name, text_column, defaults, again=again)
        try:
            receipt = _import(path, wishes, services)
        except RequestError as error:
            failed = True
            click.echo(f"{path}: {sentence_of(error)}", err=True)
        else:
            click.echo(_told(path, receipt, as_json=as_json))
    if classify_now and not _classify_all(services):
        failed = True
    if failed:
        raise SystemExit(1)


def _import(path: Path, wishes: FileWishes, services: Services) -> Receipt:
    limits = Limits(services.settings.max_upload_bytes, services.settings.max_upload_rows)
    with path.open("rb") as stream, _progress(path.name) as tell:
        return receive_file(
            stream,
            wishes,
            engine=services.engine,
            bell=services.bell,
            user_id=None,
            limits=limits,
            zone=services.settings.zone,
            now=services.clock(),
            watch=tell,
        )


@contextmanager
def _progress(title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on the terminal, if there is one; what it yields is told how many are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=total)
        yield lambda done: progress.update(task, completed=done)


def _told(path: Path, receipt: Receipt, *, as_json: bool) -> str:
    view = ReceiptView.of(receipt)
    if as_json:
        return orjson.dumps({"arquivo": str(path)} | view.model_dump(mode="json", by_alias=True)).decode()
    rejected = "".join(f"\n  linha {reject.line}: {reject.reason}" for reject in view.rejected[:_SHOWN_REJECTS])
    more = receipt.rejected - _SHOWN_REJECTS
    return f"{path}: {view.message}{rejected}" + (f"\n  … e mais {more}" if more > 0 else "")


def _classify_all(services: Services) -> bool:
    """Classify what is due; whether nobody said no before it was done."""
    done, refusal = 0, None
    with (
        closing(build_classifier(services.settings, engine=services.engine)) as classifier,
        _progress("classificando", total=_waiting(services)) as tell,
    ):
        terms = worker_terms(services.settings, classifier)
        while refusal is None and _waiting(services):
            until = services.clock() + _TURN
            tally = classify_due(services.engine, classifier, terms=terms, clock=services.clock, until=until)
            done += tally.done
            tell(done)
            refusal = _without_haste(tally.refusal, now=services.clock())
    click.echo("1 comentário classificado." if done == 1 else f"{done:,} comentários classificados.".replace(",", "."))
    if refusal is not None:
        click.echo(f"{TROUBLE_SENTENCES[Trouble(refusal.reason)]} {_KEPT}", err=True)
    return refusal is None


def _without_haste(refusal: Refusal | None, *, now: datetime) -> Refusal | None:
    """`refusal`, unless it is over in a moment: that long we wait here."""
    if refusal is None or refusal.reason != Trouble.RATE or (refusal.again_at or now) - now > _PATIENCE:
        return refusal
    time.sleep(_LOOK_AGAIN_SECONDS)
    return None


def _waiting(services: Services) -> int:
    with reading(services.engine) as db:
        return due(db, now=services.clock(), at_most=1_000_000)
