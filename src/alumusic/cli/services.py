"""Hands the services of this machine to commands that need a database which is up to date."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click

from alumusic.bootstrap import Services, build_services
from alumusic.cli.refusals import told
from alumusic.settings import load_settings
from alumusic.store.migrate import is_current


@contextmanager
def opened_services() -> Iterator[Services]:
    """The services of this machine; what a stage refuses is said in a line."""
    kept = build_services(load_settings())
    try:
        if not is_current(kept.engine):
            raise click.ClickException("O banco não está em dia; rode `alumusic db upgrade` e tente de novo.")
        with told():
            yield kept
    finally:
        kept.bell.close()
        kept.engine.dispose()


def with_services(command: Callable[..., None]) -> Callable[..., None]:
    """Hand the services of this machine to a command as its first argument."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        with opened_services() as kept:
            command(kept, *arguments, **options)

    return run
