"""Says what a stage refuses in a sentence, not in a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from alumusic.contract.problems import sentence_of
from alumusic.domain.errors import RequestError


@contextmanager
def told() -> Iterator[None]:
    """Turn a refusal of this block into the end of the command, with the sentence that the API would give.

    Raises:
        ClickException: something was refused.
    """
    try:
        yield
    except RequestError as error:
        raise click.ClickException(sentence_of(error)) from error
