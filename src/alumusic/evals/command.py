"""`alumusic eval`: scores a classifier on labelled comments, shows how well it does, and fails under a floor."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console
from rich.progress import Progress

from alumusic.bootstrap import build_classifier, utc_now
from alumusic.classify.classifier import Classifier
from alumusic.domain.errors import AluMusicError, ProviderTroubleError, missing_extra
from alumusic.evals.reading import Dataset, read_datasets
from alumusic.settings import InvalidSettingsError, load_settings

if TYPE_CHECKING:
    from alumusic.evals.answers import AnsweredSet
    from alumusic.evals.scoring import Score

_WIDTH_WITHOUT_TERMINAL: Final = 110


class CannotScoreError(click.ClickException):
    """Nothing could be scored; exit code 1 is left to scores under a floor."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Say it in Portuguese."""
        click.echo(f"Erro: {self.format_message()}", file=file, err=file is None)


class Share(click.ParamType[float]):
    """A share from 0 to 1, which people also write as "85%" or "0,85"."""

    name = "X"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it."""
        written = str(value).strip().replace(",", ".")
        try:
            share = float(written.removesuffix("%")) / (100 if written.endswith("%") else 1)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            self.fail(f"{value!r} não é um valor de 0 a 1, como 0.85 (ou 85%).", param, ctx)
        return share


_PATH: Final = click.Path(path_type=Path)
_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="DATASET …", type=_PATH)
@click.option(
    "--classifier",
    "kind",
    type=click.Choice(["local", "llm", "cascade"]),
    help="Quem classifica; por padrão, o que as configurações dizem.",
)
@click.option("--json", "json_out", type=_FILE, metavar="ARQUIVO", help="Grava os números em JSON.")
@click.option("--html", "html_out", type=_FILE, metavar="ARQUIVO", help="Grava um relatório com gráficos.")
@click.option("--compare", "baseline_in", type=_FILE, metavar="REFERÊNCIA", help="Compara com uma referência gravada.")
@click.option("--save-baseline", "baseline_out", type=_FILE, metavar="ARQUIVO", help="Grava as respostas de agora.")
@click.option("--min-accuracy", type=Share(), help="Acurácia mínima.")
@click.option("--min-macro-f1", type=Share(), help="Macro-F1 mínimo.")
@click.option("--min-spam-recall", type=Share(), help="Revocação mínima de SPAM.")
@click.option("--min-tag-f1", type=Share(), help="Micro-F1 mínimo das tags.")
def evaluate(
    *,
    files: tuple[Path, ...],
    kind: str | None,
    json_out: Path | None,
    html_out: Path | None,
    baseline_in: Path | None,
    baseline_out: Path | None,
    min_accuracy: float | None,
    min_macro_f1: float | None,
    min_spam_recall: float | None,
    min_tag_f1: float | None,
) -> None:
    """Mede um classificador com comentários rotulados (precisa do extra `evals`).

    Lê CSV, JSON, JSON Lines ou XLSX com `texto`, `categoria` (ou `categoria_esperada`, `expected_category`) e, se
    houver, `tags` e `fatias`. Comentários NEUTRO contam à parte: para eles, o certo é uma confiança baixa.

    Sai com 1 se algum número ficar abaixo do mínimo pedido e com 2 se não for possível medir.

    \b
    Exemplos:
      alumusic eval rotulados.csv
      alumusic eval a.csv b.json --classifier llm --html relatorio.html
      alumusic eval rotulados.json --compare referencia.json --min-accuracy 0.9
    """
    require_extra()
    from alumusic.evals import floors  # noqa: PLC0415 - it needs scikit-learn

    outputs = Outputs(json_out, html_out, baseline_out)
    scores = _measure(files, kind, baseline_in, outputs)
    asked = (
        (floors.ACCURACY, min_accuracy),
        (floors.MACRO_F1, min_macro_f1),
        (floors.SPAM_RECALL, min_spam_recall),
        (floors.TAG_F1, min_tag_f1),
    )
    fallen = floors.fallen(scores, [floors.Floor(figure, least) for figure, least in asked if least is not None])
    for sentence in fallen:
        click.echo(f"REPROVADO  {sentence}", err=True)
    click.get_current_context().exit(1 if fallen else 0)


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where figures go besides the terminal."""

    json: Path | None
    html: Path | None
    baseline: Path | None


def require_extra() -> None:
    """Refuse to go on without the libraries that score and train, and say how to install them."""
    if any(find_spec(name) is None for name in ("sklearn", "scipy", "threadpoolctl")):
        raise CannotScoreError(str(missing_extra("evals", wanted_by="A medição")))


def _measure(files: Sequence[Path], kind: str | None, baseline_in: Path | None, outputs: Outputs) -> list["Score"]:
    from alumusic.evals import comparing, scoring  # noqa: PLC0415
    from alumusic.evals.report import as_json, page, terminal  # noqa: PLC0415

    try:
        datasets = read_datasets(files)
        baseline = comparing.read_baseline(baseline_in) if baseline_in else None
        settings = load_settings(**({"classifier": kind} if kind else {}))
        with closing(build_classifier(settings)) as classifier:
            answered = _answers(classifier, datasets)
    except ProviderTroubleError as trouble:
        raise CannotScoreError(f"O modelo não respondeu ({trouble.reason}). Tente mais tarde.") from trouble
    except (AluMusicError, InvalidSettingsError) as error:
        raise CannotScoreError(str(error)) from error

    scores = [scoring.score(one) for one in answered]
    comparisons = [comparing.compare(one, baseline) for one in answered] if baseline else []
    named = {"classifier": settings.classifier, "model": classifier.model}
    with _writing():
        if outputs.json:
            as_json.write(outputs.json, as_json.document(scores, comparisons=comparisons, **named))
        if outputs.html:
            now = utc_now().astimezone(settings.zone)
            page.write_page(outputs.html, page.page(scores, comparisons, now=now, **named))
        if outputs.baseline:
            comparing.save_baseline(outputs.baseline, answered, scores, model=classifier.model)
    # Last: whoever reads only the first lines (`| head`) ends the program here.
    terminal.show(_console(), scores, comparisons, model=classifier.model)
    return scores


def _answers(classifier: Classifier, datasets: Sequence[Dataset]) -> list["AnsweredSet"]:
    from alumusic.evals.running import answer_set  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        total = sum(len(dataset.comments) for dataset in datasets)
        bar = progress.add_task("Classificando…", total=total)
        return [
            answer_set(classifier, dataset, told=lambda count: progress.advance(bar, count)) for dataset in datasets
        ]


def _console() -> Console:
    """Tables would be folded beyond recognition at the 80 columns that a pipe is said to have."""
    return Console() if sys.stdout.isatty() else Console(width=_WIDTH_WITHOUT_TERMINAL)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotScoreError(f"Não consegui gravar {error.filename}: {error.strerror}.") from error
