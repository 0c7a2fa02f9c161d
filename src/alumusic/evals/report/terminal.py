"""Shows scores and comparisons on a terminal."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from alumusic.domain.comments import REVIEW_BELOW
from alumusic.evals.comparing import Change, Comparison
from alumusic.evals.report.words import decimal, interval, p_value, percent, points, speed, usage, whole
from alumusic.evals.scoring import CALIBRATION_BINS, Score

_BAR = 20
_FEW = 4
"""Of the thresholds, every so many are shown."""


def show(console: Console, scores: Sequence[Score], comparisons: Sequence[Comparison], *, model: str) -> None:
    """Print everything."""
    for score in scores:
        console.print()
        console.rule(f"[bold]{escape(score.name)}[/] · {escape(model)}")
        _headline(console, score)
        if score.n:
            console.print(_categories(score), _confusion(score), _reliability(score), _coverage(score))
        if score.slices:
            console.print(_slices(score))
    for comparison in comparisons:
        _compared(console, comparison)


def _headline(console: Console, score: Score) -> None:
    lines = [f"{whole(score.n)} comentários das cinco categorias"] if score.n else []
    if score.n:
        lines += [
            f"acurácia  [bold]{percent(score.accuracy)}[/]  (IC 95 %: {interval(score.accuracy_interval)})",
            f"macro-F1  [bold]{percent(score.macro_f1)}[/]  (IC 95 %: {interval(score.macro_f1_interval)})",
            f"ECE       [bold]{decimal(score.ece)}[/]  ({CALIBRATION_BINS} faixas iguais)",
        ]
    if score.tags:
        any_right = percent(score.tags.any_right)
        lines.append(f"tags      [bold]{percent(score.tags.micro_f1)}[/]  de micro-F1; ao menos uma certa {any_right}")
    if score.neutral:
        held = percent(score.neutral.held_back)
        lines.append(f"NEUTRO    [bold]{held}[/]  de {score.neutral.n} retidos abaixo de {decimal(REVIEW_BELOW, 1)}")
    lines.append(f"ritmo     {speed(score.effort)}")
    used = usage(score.effort.usage)
    lines += [f"uso       {used}"] if used else []
    lines += [f"[yellow]aviso     {escape(note)}[/]" for note in score.notes]
    console.print("\n".join(lines))


def _categories(score: Score) -> Table:
    table = _table("Por categoria", "categoria", "precisão", "revocação", "F1", "n")
    for category, found in score.by_category.items():
        table.add_row(category, percent(found.precision), percent(found.recall), percent(found.f1), str(found.n))
    return table


def _confusion(score: Score) -> Table:
    columns = list(next(iter(score.confusion.values())))
    table = _table("Matriz de confusão (linhas: esperado)", "", *columns)
    for expected, row in score.confusion.items():
        cells = [f"[bold]{n}[/]" if given == expected else str(n) if n else "·" for given, n in row.items()]
        table.add_row(expected, *cells)
    return table


def _reliability(score: Score) -> Table:
    table = _table("Confiabilidade", "confiança", "n", "média", "acerto", "")
    table.columns[-1].justify = "left"
    for found in score.bins:
        filled = round(found.accuracy * _BAR)
        mark = round(found.confidence * _BAR)
        bar = "".join("│" if at == mark else "█" if at < filled else "·" for at in range(_BAR + 1))
        span = f"{decimal(found.low, 2)}-{decimal(found.high, 2)}"
        table.add_row(span, str(found.n), percent(found.confidence), percent(found.accuracy), bar)
    return table


def _coverage(score: Score) -> Table:
    table = _table("Cobertura e acerto por limiar", "limiar", "cobertura", "acurácia", "NEUTRO retido")
    for point in score.coverage[::_FEW]:
        held = score.neutral.by_threshold[point.threshold] if score.neutral else None
        table.add_row(decimal(point.threshold, 2), percent(point.coverage), percent(point.accuracy), percent(held))
    return table


def _slices(score: Score) -> Table:
    table = _table("Fatias", "fatia", "n", "acurácia", "IC 95 %")
    for found in score.slices:
        table.add_row(escape(found.name), str(found.n), percent(found.accuracy), interval(found.accuracy_interval))
    return table


def _compared(console: Console, comparison: Comparison) -> None:
    title = f"{comparison.name}: mudança em relação a {comparison.model}"
    table = _table(escape(title), "fatia", "n", "antes", "depois", "pontos", "− / +", "p (McNemar)")
    for change in comparison.changes:
        table.add_row(*_change_cells(change), style=_style(change))
    console.print()
    console.print(table)
    for name, pair in (("micro-F1 das tags", comparison.tags), ("NEUTRO retido", comparison.held_back)):
        if pair:
            console.print(f"{name}: {percent(pair[0])} → {percent(pair[1])} ({points(pair[1] - pair[0])})")
    if comparison.missing:
        console.print(f"{comparison.missing} comentários não estão na referência e ficaram fora da comparação.")


def _change_cells(change: Change) -> tuple[str, ...]:
    return (
        escape(change.name),
        str(change.n),
        percent(change.before),
        percent(change.after),
        points(change.after - change.before),
        f"{change.lost} / {change.gained}",
        p_value(change.p_value) + ("" if change.exact else " χ²"),
    )


def _style(change: Change) -> str:
    if not change.significant:
        return ""
    return "green" if change.after > change.before else "red"


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table
