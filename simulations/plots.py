"""Pictures of what a run found: one idea each, as SVG whose ink is the page's own.

Colours are Okabe and Ito's, which all eyes tell apart, and what is drawn is also written beside it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

Numbers = Sequence[float]

BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
GREEN: Final = "#009E73"
COLOURS: Final = (BLUE, VERMILION, GREEN, "#CC79A7", "#E69F00", "#56B4E9")
INK: Final = "#123456"
"""Stands for the colour of text, whatever that is where the picture is shown."""
QUIET: Final = "#808080"
"""Reads on white and on black."""
WIDTH_IN: Final = 4.0
"""A phone's width, where letters are then ten pixels high."""
BAR_IN: Final = 0.3
MAX_BARS: Final = 40
MAX_TICKS: Final = 12
MAX_SQUARES: Final = 1_000
"""Beyond, a map is made of dots."""
MAX_LINES: Final = len(COLOURS)
EVEN: Final = 1.0
"""What a townsperson gains."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, and what it shows."""

    name: str
    """Of its file."""
    caption: str
    """What it says, for who cannot see it as well."""
    svg: str
    """Without an XML head."""

    def _repr_svg_(self) -> str:
        """As notebooks show it."""
        return self.svg


@dataclass(frozen=True, slots=True)
class Line:
    """A line, named at its end."""

    label: str
    """What it is."""
    x: Numbers
    """Rising."""
    y: Numbers
    """As many."""


def bars(
    name: str, caption: str, labels: Sequence[str], values: Sequence[float | None], unit: str
) -> Picture:
    """Bars from the left, each with its figure; None is written as never."""
    shown = list(zip(labels, values, strict=True))[:MAX_BARS]
    with _figure(0.8 + BAR_IN * len(shown)) as (axes, picture):
        lengths = [value or 0.0 for _, value in shown]
        axes.barh(range(len(shown)), lengths, color=BLUE, height=0.6)
        for place, (_, value) in enumerate(shown):
            words = "never" if value is None else f"{value:,.3g}"
            axes.annotate(
                words,
                (max(value or 0.0, 0.0), place),
                (3, 0),
                textcoords="offset points",
                va="center",
            )
        _name_rows(axes, [label for label, _ in shown])
        low, high = min(0.0, *lengths), max(0.0, *lengths)
        axes.set_xlim(low * 1.1, (high - low) * 0.25 + high or 1.0)
        axes.set_xlabel(unit)
    return Picture(name, caption, picture())


def gains(
    name: str, caption: str, labels: Sequence[str], valued: Numbers, face: Numbers
) -> Picture:
    """What each gains in honest eyes, as bars, and at face, as rings; a line at 1."""
    count = min(len(labels), MAX_BARS)
    valued, face = valued[:count], face[:count]
    high = max(1.5, *valued, *face)
    with _figure(1.2 + BAR_IN * count) as (axes, picture):
        over = [VERMILION if value > EVEN else BLUE for value in valued]
        axes.barh(range(count), valued, color=over, height=0.6)
        axes.plot(face, range(count), "o", markerfacecolor="none", color=INK, clip_on=False)
        axes.axvline(EVEN, color=QUIET, linewidth=1, linestyle="--")
        for place, value in enumerate(valued):
            axes.text(high * 1.3, place, f"{value:.2f}", ha="right", va="center")
        axes.annotate("a townsperson", (EVEN, -0.8), (3, 0), textcoords="offset points")
        _name_rows(axes, labels[:count])
        axes.set_ylim(count - 0.4, -1.2)
        axes.set_xlim(0, high * 1.3)
        axes.set_xlabel("income an hour (townsperson: 1)")
    return Picture(name, caption, picture())


def lines(
    name: str, caption: str, drawn: Sequence[Line], x: str, y: str, even: float | None = None
) -> Picture:
    """Lines, each with its name at its end, and a quiet one at `even`."""
    with _figure(3.0) as (axes, picture):
        ends = []
        for line, colour in zip(drawn, COLOURS, strict=False):
            axes.plot(line.x, line.y, "o-", color=colour, markersize=4, clip_on=False)
            ends.append((line.y[-1], line.x[-1], line.label))
        if even is not None:
            axes.axhline(even, color=QUIET, linewidth=1, linestyle="--")
        points = [value for line in drawn for value in line.x]
        if min(points) > 0 and max(points) >= 50 * min(points):
            axes.set_xscale("log")
        low = min(0.0, *(value for line in drawn for value in line.y))
        high = max(even or 0.0, *(value for line in drawn for value in line.y))
        axes.set_ylim(low - (high - low) * 0.03, (high - low) * 1.12 + low or 1.0)
        for (_, place, label), height in zip(
            sorted(ends), _apart(sorted(end[0] for end in ends), high - low), strict=True
        ):
            axes.annotate(
                label,
                (place, height),
                (6, 0),
                textcoords="offset points",
                va="center",
                annotation_clip=False,
            )
        axes.set_xlabel(x)
        axes.set_ylabel(y)
    return Picture(name, caption, picture())


def heat(
    name: str,
    caption: str,
    columns: Sequence[str],
    rows: Sequence[str],
    values: Sequence[Sequence[float | None]],
    words: tuple[str, str],
) -> Picture:
    """A table whose places are the darker the more they hold; `words` name columns and rows."""
    import numpy as np

    grid = np.array([[np.nan if one is None else one for one in row] for row in values], float)
    with _figure(1.2 + 0.36 * min(len(rows), MAX_TICKS)) as (axes, picture):
        mesh = axes.pcolormesh(
            np.ma.masked_invalid(grid),
            cmap="cividis_r",
            edgecolors="none",
            rasterized=grid.size > MAX_SQUARES,
        )
        low, high = float(np.nanmin(grid, initial=0.0)), float(np.nanmax(grid, initial=0.0))
        mesh.set_clim(low, max(EVEN, high))
        middle = (low + max(EVEN, high)) / 2
        if grid.size <= 80:
            for (row, column), value in np.ndenumerate(grid):
                axes.text(
                    column + 0.5,
                    row + 0.5,
                    "failed" if np.isnan(value) else f"{value:.2f}",
                    ha="center",
                    va="center",
                    color="#ffffff" if value > middle else "#000000",
                )
        across, down = (range(0, len(one), -(-len(one) // MAX_TICKS)) for one in (columns, rows))
        axes.set_xticks(
            [place + 0.5 for place in across],
            [columns[place] for place in across],
            rotation=0 if len(columns) < 5 else 90,
        )
        axes.set_yticks([place + 0.5 for place in down], [rows[place] for place in down])
        axes.tick_params(length=0)
        axes.set_xlabel(words[0])
        axes.set_ylabel(words[1])
    return Picture(name, caption, picture())


@contextmanager
def _figure(height_in: float) -> Iterator[tuple[Any, Callable[[], str]]]:
    """Axes to draw on, and what gives the picture of them afterwards."""
    # Here, because it is an extra, and heavy.
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    look: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "popd",
        "font.size": 10,
        "axes.edgecolor": QUIET,
        "axes.spines.top": False,
        "axes.spines.right": False,
        **dict.fromkeys(
            ("text.color", "axes.labelcolor", "xtick.labelcolor", "ytick.labelcolor"), INK
        ),
        **dict.fromkeys(("xtick.color", "ytick.color"), QUIET),
    }
    with rc_context(look):
        figure = Figure(figsize=(WIDTH_IN, height_in), layout="constrained")
        FigureCanvasSVG(figure)
        drawn: list[str] = []
        yield figure.subplots(), lambda: drawn[0]
        out = StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
        drawn.append(_plain(out.getvalue()))


def _plain(svg: str) -> str:
    """Only the drawing, in the page's ink and letters."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1; font-family: inherit", svg)
    return svg.replace(INK, "currentColor")


def _name_rows(axes: Any, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()


def _apart(heights: Sequence[float], span: float) -> list[float]:
    """The same heights, rising, moved up until none hides another."""
    found: list[float] = []
    for height in heights:
        found.append(max(height, found[-1] + 0.08 * span) if found else height)
    return found
