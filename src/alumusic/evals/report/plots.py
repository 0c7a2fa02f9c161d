"""Draws plots as SVG inside a page: no script, no request, colours by the page's own style."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from markupsafe import Markup, escape

from alumusic.domain.comments import REVIEW_BELOW
from alumusic.evals.comparing import Change
from alumusic.evals.report.words import decimal, percent, points
from alumusic.evals.scoring import Bin, CoveragePoint, SliceScore

_TICKS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_ROW: Final = 22
_TEXT_DROP: Final = 4
"""Pixels from the middle of a row down to the base line of its text."""


_Shown = TypeVar("_Shown")


def element(name: str, /, *children: str, **attributes: object) -> Markup:
    """Return an element; text in it is escaped, and `class_`, `stroke_width` are written as SVG does."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return Markup(f"<{name}{written}>") + Markup("").join(children) + Markup(f"</{name}>")  # noqa: S704 - escaped above


@dataclass(frozen=True, slots=True)
class Frame:
    """A square of the plane, shares from 0 to 1 on both axes, and where it lies in the picture."""

    left: float = 46
    top: float = 10
    width: float = 330
    height: float = 230
    below: float = 42

    def x(self, share: float) -> float:
        """Pixels from the left."""
        return round(self.left + share * self.width, 1)

    def y(self, share: float) -> float:
        """Pixels from the top."""
        return round(self.top + (1 - share) * self.height, 1)

    def picture(self, title: str, *parts: str) -> Markup:
        """The whole picture."""
        return _picture(title, self.left + self.width + 14, self.top + self.height + self.below, *parts)

    def axes(self, x_name: str, y_name: str) -> Markup:
        """Grid, ticks and names of both axes."""
        parts: list[Markup] = []
        for tick in _TICKS:
            x, y = self.x(tick), self.y(tick)
            parts += [
                _line(self.x(0), y, self.x(1), y, "grid"),
                _line(x, self.y(0), x, self.y(1), "grid"),
                _text(decimal(tick, 1), x, self.y(0) + 16, "middle"),
                _text(percent(tick, 0), self.x(0) - 6, y + _TEXT_DROP, "end"),
            ]
        parts.append(_text(x_name, self.x(0.5), self.y(0) + 34, "middle"))
        parts.append(_text(y_name, self.x(0) + 6, self.y(1) + 14, "start"))
        return Markup("").join(parts)


def reliability(bins: Sequence[Bin]) -> Markup:
    """Draw how right answers are for each bin of confidence; on the diagonal the confidence is honest."""
    frame = Frame()
    most = max((found.n for found in bins), default=1)
    parts = [frame.axes("confiança dita", "acerto")]
    for found in bins:
        x, width = frame.x(found.low) + 1, (found.high - found.low) * frame.width - 2
        told = f"{decimal(found.low, 2)} a {decimal(found.high, 2)}: {found.n} comentários, acerto "
        told += f"{percent(found.accuracy)}, confiança média {percent(found.confidence)}"
        parts.append(
            element(
                "rect", element("title", told), class_="bar", x=x, y=frame.y(found.accuracy), width=round(width, 1),
                height=round(found.accuracy * frame.height, 1), opacity=round(0.35 + 0.65 * found.n / most, 2), rx=2,
            )
        )  # fmt: skip
    parts.append(_line(frame.x(0), frame.y(0), frame.x(1), frame.y(1), "ideal"))
    parts += [
        element("circle", class_="dot", cx=frame.x(one.confidence), cy=frame.y(one.accuracy), r=3) for one in bins
    ]
    return frame.picture("Diagrama de confiabilidade", *parts)


def coverage(points_: Sequence[CoveragePoint], held_back: Mapping[float, float] | None) -> Markup:
    """Draw what is kept and how right it is over the threshold, and the share of NEUTRO that is held back."""
    frame = Frame()
    lines = [
        ("one", "acurácia do que fica", [(at.threshold, at.accuracy) for at in points_ if at.accuracy is not None]),
        ("two", "cobertura", [(at.threshold, at.coverage) for at in points_]),
        ("three", "NEUTRO retido", sorted((held_back or {}).items())),
    ]
    x = frame.x(REVIEW_BELOW)
    parts = [frame.axes("limiar de confiança", ""), _line(x, frame.y(0), x, frame.y(1), "ideal")]
    shown = [line for line in lines if line[2]]
    for row, (kind, name, places) in enumerate(shown):
        path = " ".join(f"{frame.x(at)},{frame.y(value)}" for at, value in places)
        parts.append(element("polyline", class_=f"curve {kind}", points=path))
        y = frame.y(0) - 12 - 17 * (len(shown) - 1 - row)
        parts += [_line(frame.x(0.03), y - 4, frame.x(0.09), y - 4, f"curve {kind}")]
        parts += [_text(name, frame.x(0.11), y, "start")]
    return frame.picture("Cobertura e acerto por limiar", *parts)


def slices(found: Sequence[SliceScore]) -> Markup:
    """Draw the accuracy of each slice with its interval."""
    frame = _rows_frame(len(found))

    def row(one: SliceScore, y: float) -> Iterable[Markup]:
        low, high = one.accuracy_interval
        yield _line(frame.x(low), y, frame.x(high), y, "whisker")
        told = f"{one.name}: {percent(one.accuracy)} de {one.n}"
        yield element("circle", element("title", told), class_="dot", cx=frame.x(one.accuracy), cy=y, r=4)
        yield _text(f"{one.name} ({one.n})", frame.left - 8, y + _TEXT_DROP, "end")
        yield _text(percent(one.accuracy, 0), frame.x(1) + 10, y + _TEXT_DROP, "start")

    return _rows("Acurácia por fatia", frame, found, row)


def changes(found: Sequence[Change]) -> Markup:
    """Draw each slice's accuracy before and after."""
    frame = _rows_frame(len(found))

    def row(one: Change, y: float) -> Iterable[Markup]:
        kind = "same" if not one.significant else "better" if one.after > one.before else "worse"
        yield _line(frame.x(one.before), y, frame.x(one.after), y, f"step {kind}")
        yield element("circle", class_="before", cx=frame.x(one.before), cy=y, r=3.5)
        yield element("circle", class_=f"after {kind}", cx=frame.x(one.after), cy=y, r=4.5)
        yield _text(f"{one.name} ({one.n})", frame.left - 8, y + _TEXT_DROP, "end")
        yield _text(points(one.after - one.before), frame.x(1) + 10, y + _TEXT_DROP, "start")

    return _rows("Acurácia antes e depois", frame, found, row)


def _rows_frame(count: int) -> Frame:
    return Frame(left=215, width=390, height=_ROW * count + 8, below=24)


def _rows(
    title: str, frame: Frame, found: Sequence[_Shown], row: Callable[[_Shown, float], Iterable[Markup]]
) -> Markup:
    parts: list[Markup] = []
    for tick in _TICKS:
        parts.append(_line(frame.x(tick), frame.y(0), frame.x(tick), frame.y(1), "grid"))
        parts.append(_text(percent(tick, 0), frame.x(tick), frame.y(0) + 16, "middle"))
    for at, one in enumerate(found):
        parts += row(one, frame.top + 4 + _ROW * (at + 0.5))
    return _picture(title, frame.left + frame.width + 56, frame.top + frame.height + frame.below, *parts)


def _picture(title: str, width: float, height: float, *parts: str) -> Markup:
    box = f"0 0 {width:g} {height:g}"
    return element("svg", element("title", title), *parts, viewBox=box, width=f"{width:g}", role="img", class_="plot")


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def _text(words: str, x: float, y: float, anchor: str) -> Markup:
    return element("text", words, x=x, y=y, text_anchor=anchor)
