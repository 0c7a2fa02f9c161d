"""`alumusic train`: rebuilds the local model, from the corpus alone or with what curators decided."""

from pathlib import Path
from typing import Final

import click

from alumusic.bootstrap import build_services, local_model_path
from alumusic.classify.by_local_model import ARTEFACT
from alumusic.evals.command import require_extra
from alumusic.settings import load_settings
from alumusic.store import migrate

GOLD: Final = Path("tests/evals/dataset.json")

_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--corpus", default=Path("corpus"), show_default=True, type=_FOLDER, help="Pasta com os .csv rotulados.")
@click.option("--out", type=_FILE, help="Onde gravar; por padrão, no lugar do modelo que vem com o produto.")
@click.option("--with-corrections", is_flag=True, help="Aprende também com as correções dos curadores.")
@click.option("--gold", default=GOLD, show_default=True, type=_FILE, help="Conjunto que decide se o novo modelo entra.")
def train(corpus: Path, out: Path | None, gold: Path, *, with_corrections: bool) -> None:
    """Treina de novo o modelo local (precisa do extra `train`).

    Com --with-corrections o novo modelo fica na pasta dos dados, e só entra em uso se não piorar no conjunto de
    avaliação; o que já está rodando o carrega ao reiniciar.
    """
    require_extra()
    if with_corrections:
        from alumusic.evals.training import train_with_corrections  # noqa: PLC0415 - it needs scikit-learn

        services = build_services(load_settings())
        migrate.upgrade(services.engine)
        train_with_corrections(services, corpus, out or local_model_path(services.settings), gold)
        return
    from alumusic.classify.local.train import train_local_model  # noqa: PLC0415 - it needs scikit-learn

    report = train_local_model(sorted(corpus.glob("*.csv")), out or ARTEFACT)
    click.echo(f"{report.examples} comentários, {report.seconds:.0f} s, {report.bytes / 1e6:.2f} MB: {out or ARTEFACT}")
