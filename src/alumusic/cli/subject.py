"""`alumusic subject`: tell people what is kept of them and forget them, for who runs this machine (LGPD, art. 18)."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, TextIO

import click

from alumusic.accounts.emails import folded_email
from alumusic.accounts.subjects import check_author, erase_again, forget_author, note_export
from alumusic.bootstrap import Services
from alumusic.cli.services import with_services
from alumusic.contract.subjects import ErasureView, OwnAccountView, QuoteView, SubjectView, written
from alumusic.query.subjects import account_of, quoted_of_author, told_of_author
from alumusic.store.database import reading
from alumusic.store.tombstones import all_tombstones
from alumusic.summarize.digest import forget_erased

_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@click.group()
def subject() -> None:
    """Atende titulares de dados: entrega ou elimina o que se guarda de um autor.

    \b
    Exemplos:
      alumusic subject export "Caio Souza" --out caio.json
      alumusic subject erase "Caio Souza"
    """


@subject.command()
@click.argument("author")
@click.option("--out", type=_FILE, help="Arquivo a escrever; sem isto, a saída padrão.")
@with_services
def export(kept: Services, *, author: str, out: Path | None) -> None:
    """Escreve em JSON tudo o que se guarda de AUTHOR, o nome do autor ou o e-mail de uma conta."""
    now = kept.clock()
    with reading(kept.engine) as db:
        account, quotes = account_of(db, folded_email(author)), quoted_of_author(db, author)
    total = check_author(kept.engine, author, may_be_none=account is not None)
    view = SubjectView(
        request_id=note_export(kept.engine, by_user_id=None, comments_told=total, now=now),
        author=author,
        made_at=now,
        account=OwnAccountView.of(account) if account else None,
        quotes=tuple(QuoteView.of(quote) for quote in quotes),
        total=total,
    )
    with reading(kept.engine) as db:
        pieces = written(view, ((one.comment, one.history) for one in told_of_author(db, author, now=now)))
        if out is None:
            _write(sys.stdout.buffer, pieces)
        else:
            with out.open("wb") as file:
                _write(file, pieces)
    told = "1 comentário entregue" if total == 1 else f"{total} comentários entregues"
    click.echo(f"{told}; protocolo {view.request_id}.", err=True)


def _write(file: BinaryIO, pieces: Iterator[bytes]) -> None:
    for piece in pieces:
        file.write(piece)
    file.write(b"\n")
    file.flush()


@subject.command()
@click.argument("author")
@click.option("--yes", is_flag=True, help="Não pergunta antes.")
@with_services
def erase(kept: Services, *, author: str, yes: bool) -> None:
    """Elimina tudo o que AUTHOR escreveu, em qualquer grafia do nome; não há volta."""
    found = check_author(kept.engine, author)
    if not yes:
        click.confirm(f"Eliminar {found} comentários de {author!r}, com o histórico?", abort=True)
    with click.progressbar(length=found, label="Eliminando", file=sys.stderr) as bar:
        done = forget_author(
            author,
            engine=kept.engine,
            forget_quotes=forget_erased,
            by_user_id=None,
            now=kept.clock(),
            watch=lambda n: bar.update(n - bar.pos),
        )
    answer = ErasureView.of(done.request_id, comments=done.comments, done=done.done)
    click.echo(f"{answer.message[0].upper()}{answer.message[1:]} Protocolo {answer.request_id}.")


@subject.command()
@click.argument("file", type=click.File("w", encoding="ascii"))
@with_services
def tombstones(kept: Services, *, file: TextIO) -> None:
    """Escreve em FILE as marcas do que foi eliminado; guarde-as fora do banco, ao lado das cópias."""
    with reading(kept.engine) as db:
        for hash_, at in all_tombstones(db):
            file.write(f"{hash_.hex()} {at.isoformat()}\n")


@subject.command()
@click.argument("file", type=click.File("r", encoding="ascii"))
@with_services
def reapply(kept: Services, *, file: TextIO) -> None:
    """Elimina de novo o que as marcas em FILE dizem: rode depois de restaurar uma cópia antiga."""
    try:
        hashes = [bytes.fromhex(line.split()[0]) for line in file if line.strip()]
    except ValueError as error:
        raise click.ClickException("O arquivo não tem marcas; use um que `alumusic subject tombstones` fez.") from error
    erased = erase_again(hashes, engine=kept.engine, forget_quotes=forget_erased, now=kept.clock())
    click.echo(f"{erased} comentários eliminados de novo; {len(set(hashes))} marcas guardadas.")
