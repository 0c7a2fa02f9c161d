"""`alumusic classify`: classifies texts without a server."""

import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

import click
import orjson

from alumusic.bootstrap import build_classifier
from alumusic.classify.assemble import DEFAULT_BATCH
from alumusic.classify.classifier import Classifier
from alumusic.classify.prompts.question import render_prompt
from alumusic.cli.refusals import told
from alumusic.contract.comments import RejectView, TagView
from alumusic.domain.comments import Classification, NewComment
from alumusic.domain.errors import ProviderTroubleError, UnusableAnswerError
from alumusic.ingest.readers import decoded_lines, open_comments
from alumusic.settings import load_settings


def _only_whole_letters(_ctx: click.Context, _param: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what the terminal could not read: Python hands such bytes on as halves of letters."""
    for number, text in enumerate(texts, start=1):
        if any(unicodedata.category(letter) == "Cs" for letter in text):
            message = f"o texto {number} não está em UTF-8; envie-o pela entrada padrão, ou mude o terminal para UTF-8."
            raise click.BadParameter(message)
    return texts


@click.command()
@click.argument("texts", nargs=-1, metavar="[TEXTO …]", callback=_only_whole_letters)
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Arquivo .csv, .json, .jsonl, .xlsx ou .txt.",
)
@click.option("--show-prompt", is_flag=True, help="Mostra o que seria enviado a um modelo de linguagem, e não envia.")
@click.option("--json", "as_json", is_flag=True, help="Um objeto JSON por linha, na ordem da entrada.")
def classify(texts: tuple[str, ...], path: Path | None, *, as_json: bool, show_prompt: bool) -> None:
    """Classifica textos sem servidor; sem argumentos, lê um texto por linha da entrada padrão.

    \b
    Exemplos:
      alumusic classify "Que refrão chato"
      alumusic classify --file comentarios.csv --json > classificados.jsonl
      cat comentarios.txt | alumusic classify
    """
    settings = load_settings()
    piped = () if texts or path else _lines(sys.stdin.buffer)
    source = chain(texts, _texts_of_file(path) if path else (), piped)
    if show_prompt:
        size = settings.batch_size or DEFAULT_BATCH
        click.echo(render_prompt(list(islice(source, size))))
        return
    with closing(build_classifier(settings)) as classifier:
        for text, answer in _classified(source, classifier):
            click.echo(_as_json(text, answer, classifier) if as_json else _as_line(text, answer))


def _lines(stream: BinaryIO) -> Iterator[str]:
    with told():
        yield from (line.strip() for line in decoded_lines(stream) if line.strip())


def _texts_of_file(path: Path) -> Iterator[str]:
    settings = load_settings()
    with path.open("rb") as stream, told():
        for row in open_comments(stream, name=path.name, zone=settings.zone):
            if isinstance(row, NewComment):
                yield row.text
            else:
                click.echo(f"linha {row.line}: {RejectView.of(row).reason}", err=True)


def _classified(
    texts: Iterable[str], classifier: Classifier
) -> Iterator[tuple[str, Classification | UnusableAnswerError]]:
    rest = iter(texts)
    while piece := list(islice(rest, classifier.batch_size)):
        try:
            answers = classifier.classify(piece)
        except ProviderTroubleError as trouble:
            raise click.ClickException(f"O modelo não respondeu: {trouble.reason}. Tente mais tarde.") from trouble
        yield from zip(piece, answers, strict=True)


def _as_json(text: str, answer: Classification | UnusableAnswerError, classifier: Classifier) -> str:
    if isinstance(answer, UnusableAnswerError):
        said: dict[str, object] = {
            "texto": text,
            "categoria": None,
            "confianca": None,
            "revisar": True,
            "origem": None,
            "tags": [],
        }
    else:
        said = {
            "texto": text,
            "categoria": answer.category,
            "confianca": round(answer.confidence, 4),
            "revisar": answer.needs_review,
            "origem": answer.origin or classifier.origin,
            "tags": [TagView.of(code).model_dump(by_alias=True) for code in answer.tags],
        }
    return orjson.dumps(said).decode()


def _as_line(text: str, answer: Classification | UnusableAnswerError) -> str:
    shown = " ".join(text.split())
    if isinstance(answer, UnusableAnswerError):
        return f"{'?':<9}  {'':>4}    {shown}"
    mark = "?" if answer.needs_review else " "
    tags = f"  [{', '.join(answer.tags)}]" if answer.tags else ""
    return f"{answer.category:<9}  {answer.confidence:>4.0%} {mark}  {shown}{tags}"
