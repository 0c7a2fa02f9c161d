"""Draws the charts of the live report as SVG that stands in a page: no script, no style of its own, no request."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from alumusic.contract.reports import HIDDEN

WIDTH: Final = 360
"""Units of width of every chart, about a phone's: there its letters keep their size."""

_LABELS: Final = 108
"""Units that labels take on the left of bars."""

_FIGURES: Final = 42
"""Units that figures take on the right of bars."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; `value` is None where it may not be shown."""

    label: str
    value: float | None
    style: str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points with equal distances; None is a gap."""

    label: str
    values: Sequence[float | None]
    style: str


def _tag(name: str, content: object = None, **attributes: object) -> Markup:
    """An element; `_` in a name of an attribute is `-`, and `klass` is `class`."""
    said = Markup("").join(
        Markup(' {}="{}"').format("class" if key == "klass" else key.replace("_", "-"), _short(value))
        for key, value in attributes.items()
    )
    if content is None:
        return Markup("<{}{}/>").format(name, said)
    return Markup("<{0}{1}>{2}</{0}>").format(name, said, content)


def _short(value: object) -> object:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def _text(x: float, y: float, words: str, klass: str = "") -> Markup:
    return _tag("text", escape(words), x=x, y=y, **({"klass": klass} if klass else {}))


def _picture(name: str, title: str, description: str, height: float, parts: Iterable[Markup]) -> Markup:
    """A drawing that a screen reader announces by its title and description; the table below has the figures."""
    return _tag(
        "svg",
        _tag("title", escape(title), id=f"{name}-titulo")
        + _tag("desc", escape(description), id=f"{name}-descricao")
        + Markup("").join(parts),
        viewBox=f"0 0 {WIDTH} {height:.0f}",
        role="img",
        aria_labelledby=f"{name}-titulo {name}-descricao",
        focusable="false",
    )


def bars(name: str, title: str, description: str, groups: Sequence[tuple[str, Sequence[Bar]]]) -> Markup:
    """Horizontal bars in groups, each with its label on the left and its figure at its end."""
    top, thick, gap = 4.0, 15.0, 11.0
    longest = max((bar.value or 0 for _, group in groups for bar in group), default=0) or 1
    room = WIDTH - _LABELS - _FIGURES
    parts, y = [], top
    for label, group in groups:
        middle = y + len(group) * thick / 2 + 4
        parts += _wrapped(label, middle)
        for bar in group:
            parts.append(_bar(bar, y, thick, longest, room))
            y += thick
        y += gap
    return _picture(name, title, description, max(y, 24), parts)


def _bar(bar: Bar, y: float, thick: float, longest: float, room: float) -> Markup:
    if bar.value is None:
        return _text(_LABELS + 4, y + thick - 4, HIDDEN, "oculto")
    length = room * bar.value / longest
    drawn = _tag("rect", x=_LABELS, y=y + 1, width=length, height=thick - 2, rx=2, klass=bar.style)
    return drawn + _text(_LABELS + length + 5, y + thick - 4, bar.figure, "numero")


def _wrapped(label: str, middle: float) -> list[Markup]:
    """A label on one line or two, whatever fits."""
    fits = 14
    if len(label) <= fits:
        return [_text(_LABELS - 8, middle, label, "rotulo")]
    words, first = label.split(), ""
    while words and len(f"{first} {words[0]}".strip()) <= fits:
        first = f"{first} {words.pop(0)}".strip()
    second = " ".join(words)
    if not first:
        first, second = second[:fits], second[fits:]
    second = second if len(second) <= fits else second[: fits - 1].rstrip() + "…"
    return [_text(_LABELS - 8, middle - 6, first, "rotulo"), _text(_LABELS - 8, middle + 7, second, "rotulo")]


def stacks(name: str, title: str, description: str, rows: Sequence[tuple[str, Sequence[Bar]]]) -> Markup:
    """Horizontal bars made of parts; what may not be shown is left out of them, and a dashed end says so."""
    thick, gap = 18.0, 12.0
    longest = max((sum(part.value or 0 for part in parts) for _, parts in rows), default=0) or 1
    room = WIDTH - _LABELS - 20
    drawn, y = [], 4.0
    for label, parts in rows:
        drawn += _wrapped(label, y + thick / 2 + 4)
        x = float(_LABELS)
        for part in parts:
            width = room * (part.value or 0) / longest
            if width:
                drawn.append(_tag("rect", x=x, y=y, width=width, height=thick, klass=part.style))
                # A figure only where there is room for it.
                if width > 9 * len(part.figure):
                    drawn.append(_text(x + width / 2, y + thick - 5, part.figure, "dentro"))
            x += width
        if any(part.value is None for part in parts):
            drawn.append(_tag("rect", x=x + 1, y=y + 1, width=14, height=thick - 2, klass="mais"))
        y += thick + gap
    return _picture(name, title, description, max(y, 24), drawn)


def columns(
    values: Sequence[float | None], *, top: float, height: float, style: str, label: str, first: str, last: str
) -> Markup:
    """Upright bars over equal distances, with the highest value named."""
    highest = _round_up(max((value or 0 for value in values), default=0))
    step = (WIDTH - 40) / max(len(values), 1)
    parts = [_text(0, top - 10, label, "eixo"), *_frame(top, height, highest)]
    for n, value in enumerate(values):
        x = 36 + n * step
        if value is None:
            parts.append(_tag("rect", x=x, y=top + height - 3, width=step * 0.75, height=3, klass="mais"))
        else:
            tall = height * value / highest
            parts.append(_tag("rect", x=x, y=top + height - tall, width=step * 0.75, height=tall, rx=1, klass=style))
    parts += _ends(top + height, first, last)
    return Markup("").join(parts)


def lines(
    series: Sequence[Line], *, top: float, height: float, label: str, first: str, last: str, unit: str = ""
) -> Markup:
    """Lines over equal distances, each point marked, with gaps where a value may not be shown."""
    highest = _round_up(max((value or 0 for line in series for value in line.values), default=0))
    steps = max((len(line.values) for line in series), default=1)
    step = (WIDTH - 40) / max(steps - 1, 1)
    parts = [_text(0, top - 10, label, "eixo"), *_frame(top, height, highest, unit)]
    for line in series:
        points = [
            None if value is None else (36 + n * step, top + height - height * value / highest)
            for n, value in enumerate(line.values)
        ]
        parts += _stroke(points, line.style)
    parts += _ends(top + height, first, last)
    return Markup("").join(parts)


def _stroke(points: Sequence[tuple[float, float] | None], style: str) -> Iterable[Markup]:
    run: list[tuple[float, float]] = []
    for point in (*points, None):
        if point is not None:
            run.append(point)
            yield _tag("circle", cx=point[0], cy=point[1], r=2.2, klass=style)
            continue
        if len(run) > 1:
            yield _tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in run), klass=f"linha {style}")
        run = []


def _round_up(highest: float) -> float:
    """The end of an axis: a round number that is even, so that its half is a whole one, and no less than `highest`."""
    scale = 10.0 ** math.floor(math.log10(max(highest, 10.0)) - 1)
    return max(10.0, 4 * scale * math.ceil(highest / (4 * scale)))


def _frame(top: float, height: float, highest: float, unit: str = "") -> list[Markup]:
    found = []
    for part in (0.0, 0.5, 1.0):
        y = top + height * (1 - part)
        value = highest * part
        words = f"{value:,.0f}".replace(",", ".") + unit
        found.append(_tag("line", x1=36, y1=y, x2=WIDTH, y2=y, klass="grade"))
        found.append(_text(31, y + 4, words, "escala"))
    return found


def _ends(bottom: float, first: str, last: str) -> list[Markup]:
    return [_text(36, bottom + 16, first, "eixo"), _text(WIDTH, bottom + 16, last, "eixo fim")]


def panel(name: str, title: str, description: str, height: float, *parts: Markup) -> Markup:
    """Several drawings one above the other."""
    return _picture(name, title, description, height, parts)


def mark(at: float, steps: int, *, top: float, height: float, words: str) -> Markup:
    """An upright line at a step, with words: the day of a release."""
    x = 36 + at * (WIDTH - 40) / max(steps - 1, 1)
    return _tag("line", x1=x, y1=top - 2, x2=x, y2=top + height, klass="marco") + _text(x + 4, top + 8, words, "eixo")
