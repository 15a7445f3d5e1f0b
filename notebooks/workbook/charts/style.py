"""The workbook's chart style, and what every chart is drawn with."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter
from PIL import Image

INK, GREY, LIGHT, GROUND = "#1B2733", "#4B5865", "#B9C2CB", "#FFFFFF"
MESSAGE, GUESS = "#C2560C", "#1F6FA8"
SCREEN_FONTS = "'Source Sans 3', 'Source Sans Pro', 'Liberation Sans', Arial, Helvetica, sans-serif"


@dataclass(frozen=True)
class Style:
    """How large a chart is drawn.

    Attributes:
        width, height: inches.
        points: size of ordinary text.
        caption: whether the sentence stands under the chart; on a slide it is spoken.
        text_as: ``none`` keeps text as text (sharp, selectable); ``path`` draws it, for an SVG inside ``<img>``.
    """

    width: float = 8.0
    height: float = 3.9
    points: float = 10.5
    caption: bool = True
    text_as: str = "none"


NOTEBOOK = Style()
SLIDE = Style(width=11, height=5.6, points=18, caption=False, text_as="path")
PNG_DPI = 192  # two pixels for each that a notebook gives it


class Chart:
    """A chart and the sentence that says its message.

    Args:
        draw: makes the figure in the style that it is given.
        sentence: the message with its numbers; measured ones between guillemets.
    """

    def __init__(self, draw: Callable[[Style], Figure], sentence: str) -> None:
        self._draw = draw
        self.sentence = sentence

    def figure(self, style: Style = NOTEBOOK) -> Figure:
        """A matplotlib figure of its own; nothing of it is kept."""
        with matplotlib.rc_context(_settings(style)):
            figure = self._draw(style)
            if style.caption:
                _write_caption(figure, self.sentence)
        return figure

    def svg(self, style: Style = NOTEBOOK) -> str:
        """The chart as SVG, the same bytes for the same figures; the sentence is its accessible name."""
        target = io.StringIO()
        figure = self.figure(style)
        with matplotlib.rc_context(_settings(style)):
            figure.savefig(target, format="svg", metadata={"Date": None})
        return _made_accessible(target.getvalue(), _without_guillemets(self.sentence))

    def png(self, style: Style = NOTEBOOK) -> bytes:
        """The chart as pixels, for where SVG is not trusted: a fresh clone in JupyterLab, and GitHub."""
        target = io.BytesIO()
        figure = self.figure(style)
        with matplotlib.rc_context(_settings(style)):
            figure.savefig(target, format="png", dpi=PNG_DPI)
        small = io.BytesIO()
        Image.open(target).convert("RGB").quantize(128, kmeans=1).save(small, format="png", optimize=True)
        return small.getvalue()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data = {
            "text/plain": self.sentence,
            "image/svg+xml": as_measured(self.svg()),
            "image/png": self.png(),
        }
        return data, {"image/png": {"width": round(NOTEBOOK.width * 96)}}


def as_measured(svg: str) -> str:
    """Put a drawing between guillemets, as every measured value stands: each run draws it a little differently."""
    start, rest = re.split(r"(?<=>)", re.sub(r"[«»]", "", svg[svg.index("<svg") :]), maxsplit=1)
    return f"{start}<!--«-->{rest.rstrip().removesuffix('</svg>')}<!--»--></svg>"


def plain_numbers(axis: Any) -> None:
    """Label an axis 0.1, 1, 10, 1,000 instead of powers."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.12g}"))
    axis.set_minor_formatter(FuncFormatter(lambda *_: ""))


def sized(points: float) -> float:
    """A length in points, larger where the text is larger (inside `Chart.figure`)."""
    return points * matplotlib.rcParams["font.size"] / NOTEBOOK.points


def _settings(style: Style) -> Any:
    return {
        "svg.hashsalt": "workbook",
        "svg.fonttype": style.text_as,
        "font.family": "DejaVu Sans",  # comes with matplotlib, so pixels are the same everywhere
        "font.size": style.points,
        "figure.facecolor": GROUND,  # its own ground: legible in a light and in a dark JupyterLab
        "axes.facecolor": GROUND,
        "axes.edgecolor": LIGHT,
        "axes.labelcolor": GREY,
        "text.color": INK,
        "xtick.color": GREY,
        "ytick.color": GREY,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.grid.axis": "both",
        "axes.axisbelow": True,
        "grid.color": "#E8ECEF",
        "grid.linewidth": 0.8,
        "legend.frameon": False,
    }


def empty(style: Style, title: str) -> tuple[Figure, Axes]:
    """A figure with its title and one plot without anything in it."""
    figure = Figure(
        figsize=(style.width, style.height), layout=ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.12)
    )
    axes = figure.add_subplot()
    figure.suptitle(
        textwrap.fill(title, round(style.width * 72 / style.points * 1.35)),
        x=0.02,
        ha="left",
        color=INK,
        weight="bold",
        size=style.points * 1.25,
    )
    return figure, axes


def _write_caption(figure: Figure, sentence: str) -> None:
    text = textwrap.fill(_without_guillemets(sentence), 98)
    figure.supxlabel(text, x=0.02, ha="left", color=GREY, size=NOTEBOOK.points * 0.92, linespacing=1.35)


def say(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    colour: str,
    *,
    shift: tuple[float, float],
    align: str = "left",
) -> None:
    """A label next to a point, ``shift`` points (1/72 inch) to the right and up."""
    vertical = "center" if shift[1] == 0 else "baseline"
    axes.annotate(
        text,
        (x, y),
        xytext=(sized(shift[0]), sized(shift[1])),
        textcoords="offset points",
        color=colour,
        ha=align,
        va=vertical,
        annotation_clip=False,
        zorder=2.2,  # above lines, below the axes' own
        bbox={
            "facecolor": GROUND,
            "edgecolor": "none",
            "alpha": 0.8,
            "pad": 1,
        },  # lines do not strike it through
    )


def short(value: float) -> str:
    """Three significant digits, without powers of ten."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _without_guillemets(text: str) -> str:
    return re.sub("[«»]", "", text)


def _made_accessible(svg: str, name: str) -> str:
    """Name the picture inside of it: the start tag is compared from run to run, what follows is measured."""
    svg = svg[svg.index("<svg") :].replace("'DejaVu Sans'", SCREEN_FONTS)
    start, rest = re.split(r"(?<=>)", svg, maxsplit=1)
    tag = start.replace("<svg ", '<svg role="img" ', 1)
    return f"{tag}<title>{escape(name)}</title>{rest}"
