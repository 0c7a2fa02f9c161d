"""`alumusic db` and `flask db`: brings the database's tables to what this version needs."""

import click

from alumusic.bootstrap import prepare_data_dir
from alumusic.cli.refusals import told
from alumusic.settings import load_settings
from alumusic.store import migrate
from alumusic.store.database import open_database


@click.group()
def db() -> None:
    """Cria e atualiza as tabelas do banco de dados."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Atualiza o banco até REVISION (por padrão, a mais nova)."""
    settings = load_settings()
    prepare_data_dir(settings.data_dir)
    engine = open_database(settings.effective_database_url)
    before = migrate.current(engine)
    with told():
        migrate.upgrade(engine, revision)
    after = migrate.current(engine)
    click.echo(f"Banco na revisão {after}." if before != after else f"Nada a fazer: o banco já está em {after}.")


@db.command()
def current() -> None:
    """Mostra em que revisão o banco está."""
    settings = load_settings()
    prepare_data_dir(settings.data_dir)
    found = migrate.current(open_database(settings.effective_database_url))
    head = migrate.head()
    if found == head:
        click.echo(f"{found} (em dia)")
    else:
        click.echo(f"{found or 'vazio'} (a mais nova é {head}; rode `alumusic db upgrade`)")


@db.command()
@click.argument("message")
def revision(message: str) -> None:
    """Escreve uma migração nova a partir da diferença entre o código e o banco (para quem desenvolve)."""
    settings = load_settings()
    prepare_data_dir(settings.data_dir)
    path = migrate.new_revision(open_database(settings.effective_database_url), message)
    click.echo(f"Escrita em {path}; revise antes de usar.")
