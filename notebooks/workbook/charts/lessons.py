"""The workbook's chart style and its charts: one message each, the same function for notebook and slide."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter
from PIL import Image

if TYPE_CHECKING:
    import pandas as pd

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


def dial(
    measured: Mapping[int, float | None],
    *,
    limit: float,
    title: str,
    sentence: str,
    guess: float | None = None,
    guess_at: int | None = None,
    talk: tuple[int, float] | None = None,
) -> Chart:
    """Parse time against the number of pipelines, with the limit that Airflow sets.

    Args:
        measured: seconds by number of pipelines; None where the import ran into its timeout.
        limit: seconds, ``[core] dagbag_import_timeout``.
        title: the message, as a sentence.
        sentence: the message with its numbers; measured ones between guillemets.
        guess: the learner's guess in seconds, if there is one.
        guess_at: the number of pipelines that the guess is for; the largest measured when left out.
        talk: pipelines and seconds that the talk published.
    """

    def draw(style: Style) -> Figure:
        figure, axes = empty(style, title)
        done = {number: seconds for number, seconds in sorted(measured.items()) if seconds is not None}
        stopped = sorted(number for number, seconds in measured.items() if seconds is None)
        top = 1.3 * max([limit, *done.values(), *([talk[1]] if talk else [])])
        right = 1.14 * max([*measured, *([talk[0]] if talk else [])])
        axes.set(xlim=(0, right), ylim=(0, top), xlabel="pipelines in the file", ylabel="seconds to parse")
        plain_numbers(axes.xaxis)
        plain_numbers(axes.yaxis)
        axes.axhline(limit, color=GREY, linewidth=sized(1.2), linestyle=(0, (5, 3)))
        say(axes, 0, limit, f"import timeout: {short(limit)} s", GREY, shift=(6, 5))
        axes.plot(
            list(done),
            list(done.values()),
            color=MESSAGE,
            marker="o",
            markersize=sized(6),
            linewidth=sized(2),
        )
        for number, seconds in _apart(done, right):
            low = 10 if seconds < top / 20 else -4  # a label beside a low point would lie on the axis
            beside: dict[str, Any] = (
                {"shift": (9, low)} if number < right / 6 else {"shift": (-8, 4), "align": "right"}
            )
            say(axes, number, seconds, f"{number:,}: {short(seconds)} s", MESSAGE, **beside)
        for number in stopped:
            axes.plot([number], [limit], color=MESSAGE, marker="X", markersize=sized(10), linestyle="")
            say(axes, number, limit, f"{number:,}: stopped", MESSAGE, shift=(0, 9), align="center")
        if guess is not None:
            _mark_guess(axes, guess_at or max(measured), guess, top)
        if talk:
            axes.plot(*[[value] for value in talk], color=GREY, marker="s", markersize=sized(7), linestyle="")
            say(
                axes,
                *talk,
                f"the talk: {talk[0]:,}, {short(talk[1])} s",
                GREY,
                shift=(7, -19),
                align="right",
            )
        return figure

    return Chart(draw, sentence)


def bars(
    values: Mapping[str, float],
    *,
    title: str,
    sentence: str,
    unit: str = "s",
    highlight: str | None = None,
    log: bool = False,
    guess: float | None = None,
    talk: float | None = None,
) -> Chart:
    """Quantities side by side, one labelled bar each.

    Args:
        values: the quantity by its label, in the order to be shown.
        title: the message, as a sentence.
        sentence: the message with its numbers; measured ones between guillemets.
        unit: of the values, such as ``s`` or ``×``.
        highlight: the label that the message is about; the largest value when left out.
        log: whether each step of the axis is ten times the one before (then say so in the text above).
        guess: the learner's guess for the highlighted value, if there is one.
        talk: the talk's figure for the highlighted value.
    """
    chosen = highlight or max(values, key=lambda label: values[label])

    def draw(style: Style) -> Figure:
        figure, axes = empty(style, title)
        rows = _with_marks(values, chosen, guess, talk)
        positive = [value for _, value, *_ in rows if value > 0]
        left = min(positive, default=1) / 3 if log else 0
        largest = max(positive, default=1)
        axes.set(
            xlim=(left, largest * ((largest / left) ** 0.2 if log else 1.17)), ylim=(len(rows) - 0.4, -0.6)
        )
        if log:
            axes.set_xscale("log")
        plain_numbers(axes.xaxis)
        for row, (_, value, colour, look) in enumerate(rows):
            axes.barh(row, value - left, left=left, height=0.62, linewidth=sized(1.6), **look)
            say(axes, value, row, _with_unit(value, unit), colour, shift=(6, 0))
        axes.set_yticks(range(len(rows)), [label for label, *_ in rows])
        for tick, (_, _, colour, _) in zip(axes.get_yticklabels(), rows, strict=True):
            tick.set_color(colour)
        axes.set_xlabel(f"{_axis_unit(unit)}{', each step ten times the one before' if log else ''}")
        axes.tick_params(axis="both", which="both", length=0)
        axes.grid(visible=False, axis="y")
        axes.spines["bottom"].set_visible(False)
        return figure

    return Chart(draw, sentence)


def trade_off(
    cycles: Mapping[int, float],
    task_starts: Mapping[str, Mapping[int, float]],
    *,
    title: str,
    sentence: str,
    modelled: Mapping[int, float] | None = None,
    held_out: Mapping[int, float] | None = None,
    beside: tuple[str, float] | None = None,
) -> Chart:
    """What grows and what shrinks with the number of DAGs in a file, on axes whose steps are ten times.

    Args:
        cycles: seconds of a parse cycle by DAGs in the largest file, as they were measured.
        task_starts: by the label of its line, seconds of a task's import by DAGs in the file.
        title: the message, as a sentence.
        sentence: the message with its numbers; measured ones between guillemets.
        modelled: seconds of a parse cycle by DAGs in a file, as a model says.
        held_out: like ``cycles``; the model did not know these.
        beside: something that has no such layout, and the seconds of its parse cycle.
    """

    def draw(style: Style) -> Figure:
        figure, axes = empty(style, title)
        most = max(cycles)
        lines = list(task_starts.values())
        lowest = min(value for line in [cycles, *lines] for value in line.values())
        highest = max([*cycles.values(), *(modelled or {}).values()])
        axes.set(xscale="log", yscale="log", xlim=(0.8, most * 9), ylim=(lowest / 2.5, highest * 2.2))
        axes.set(
            xlabel="DAGs in the largest file (each step ten times the one before)",
            ylabel="seconds (task start: CPU)",
        )
        plain_numbers(axes.xaxis)
        plain_numbers(axes.yaxis)
        if beside:
            axes.axhline(beside[1], color=GREY, linewidth=sized(1.2), linestyle=":")
            say(axes, 0.8, beside[1], f"{beside[0]}: {short(beside[1])} s", GREY, shift=(6, -13))
        if modelled:
            axes.plot(
                list(modelled),
                list(modelled.values()),
                color=MESSAGE,
                linewidth=sized(1.4),
                linestyle=(0, (5, 3)),
            )
        for points, face in ((cycles, MESSAGE), (held_out or {}, GROUND)):
            axes.plot(
                list(points),
                list(points.values()),
                marker="o",
                markersize=sized(7),
                markerfacecolor=face,
                markeredgecolor=MESSAGE,
                markeredgewidth=sized(1.8),
                linestyle="",
                zorder=3,
            )
        say(axes, most, cycles[most], "one parse cycle", MESSAGE, shift=(9, -4))
        for (label, line), colour in zip(task_starts.items(), (GUESS, GREY), strict=False):
            axes.plot(
                list(line),
                list(line.values()),
                color=colour,
                marker="s",
                markersize=sized(5),
                linewidth=sized(1.6),
            )
            say(axes, most, line[max(line)], label, colour, shift=(9, -4))
        if modelled:
            marks = "● measured\u2003○ measured, the model did not know it\u2003- - the model"
            axes.annotate(marks, (0.99, 1.01), xycoords="axes fraction", ha="right", va="bottom", color=GREY)
        return figure

    return Chart(draw, sentence)


def slot_timeline(
    stays: pd.DataFrame,
    *,
    title: str,
    sentence: str,
    least: float | None = None,
    guess: float | None = None,
    queued: tuple[str, float, float] | None = None,
) -> Chart:
    """Who holds which slot when: a row per slot, light where a task only waits, dark where it works.

    Args:
        stays: from `workbook.measure.held_slots.slot_stays`, or a simulated ``timeline``.
        title: the message, as a sentence.
        sentence: the message with its numbers; measured ones between guillemets.
        least: seconds that no run with these slots can be shorter than.
        guess: the learner's guess in seconds, if there is one.
        queued: the name of a task, when it could run, and when it got a slot: a row of its own below the slots.
    """

    def draw(style: Style) -> Figure:
        figure, axes = empty(style, title)
        slots = int(stays.slot.max()) + 1
        rows = [f"slot {number + 1}" for number in range(slots)] + ([queued[0]] if queued else [])
        end = float(stays.end.max())
        right = 1.06 * max(end, least or 0)
        axes.set(xlim=(0, right), ylim=(len(rows) - 0.4, -1.1 if guess is None else -1.7), xlabel="seconds")
        for waits, colour in ((True, LIGHT), (False, MESSAGE)):
            part = stays[stays.waits == waits]
            axes.barh(part.slot, part.end - part.begin, left=part.begin, height=0.66, color=colour)
        if queued:
            _, asked, begun = queued
            outline: dict[str, Any] = {
                "facecolor": GROUND,
                "edgecolor": GUESS,
                "linestyle": "--",
                "linewidth": sized(1.4),
            }
            axes.barh(slots, begun - asked, left=asked, height=0.66, **outline)
            axes.plot([begun], [slots], marker="D", markersize=sized(7), color=GUESS, linestyle="")
            text = f"in the queue for {short(begun - asked)} s"
            say(axes, (asked + begun) / 2, slots, text, GUESS, shift=(0, 0), align="center")
        if least is not None:
            _mark_moment(axes, least, right, f"{short(least)} s at least", GREY, row=-0.72)
        if guess is not None:
            _mark_moment(axes, guess, right, f"your guess: {short(guess)} s", GUESS, row=-1.32)
        axes.set_yticks(range(len(rows)), rows)
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False, axis="y")
        key: dict[str, Any] = {"xycoords": "axes fraction", "va": "bottom"}
        for at, mark, colour, text in ((0.0, "■", MESSAGE, "works"), (0.13, "■", LIGHT, "only waits")):
            axes.annotate(mark, (at, 1.0), color=colour, **key)
            axes.annotate(text, (at + 0.027, 1.0), color=GREY, **key)
        return figure

    return Chart(draw, sentence)


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
    """A label beside a point, ``shift`` points (1/72 inch) to the right and up."""
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


def _mark_guess(axes: Axes, number: int, guess: float, top: float) -> None:
    inside = guess <= top
    axes.plot(
        [number],
        [guess if inside else top * 0.97],
        marker="D" if inside else "^",
        markersize=sized(8),
        markerfacecolor=GROUND,
        markeredgecolor=GUESS,
        markeredgewidth=sized(2),
        linestyle="",
    )
    text = f"your guess: {short(guess)} s" + ("" if inside else ", above this chart")
    say(axes, number, guess if inside else top * 0.97, text, GUESS, shift=(-9, 0), align="right")


def _mark_moment(axes: Axes, at: float, right: float, text: str, colour: str, *, row: float) -> None:
    """A line at some seconds with its name to the left; what lies beyond the axis is said at its end."""
    if at <= right:
        axes.axvline(at, color=colour, linewidth=sized(1.4), linestyle=(0, (5, 3)))
    align = "right" if at > right / 3 else "left"
    told = text if at <= right else f"{text} →"
    say(axes, min(at, right), row, told, colour, shift=(-5 if align == "right" else 5, 0), align=align)


def _apart(points: Mapping[int, float], width: float) -> list[tuple[int, float]]:
    """The points whose labels do not run into that of the next larger one."""
    kept: list[tuple[int, float]] = []
    for number, seconds in sorted(points.items(), reverse=True):
        if not kept or kept[-1][0] - number > width / 4:
            kept.append((number, seconds))
    return kept


def _with_marks(
    values: Mapping[str, float], chosen: str, guess: float | None, talk: float | None
) -> list[tuple[str, float, str, dict[str, Any]]]:
    """Rows of a bar chart (label, value, colour of its text, look); guess and talk as outlines under their bar."""
    rows: list[tuple[str, float, str, dict[str, Any]]] = []
    for label, value in values.items():
        fill, text = (MESSAGE, MESSAGE) if label == chosen else (LIGHT, INK)
        rows.append((label, value, text, {"color": fill}))
        if label == chosen and guess is not None:
            rows.append(
                ("your guess", guess, GUESS, {"facecolor": GROUND, "edgecolor": GUESS, "linestyle": "--"})
            )
        if label == chosen and talk is not None:
            rows.append(("the talk", talk, GREY, {"facecolor": GROUND, "edgecolor": GREY}))
    return rows


def short(value: float) -> str:
    """Three significant digits, without powers of ten."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _with_unit(value: float, unit: str) -> str:
    return f"{short(value)}{unit}" if unit in ("×", "%") else f"{short(value)} {unit}"


def _axis_unit(unit: str) -> str:
    return {"s": "seconds", "ms": "milliseconds", "×": "times"}.get(unit, unit)


def _without_guillemets(text: str) -> str:
    return re.sub("[«»]", "", text)


def _made_accessible(svg: str, name: str) -> str:
    """Name the picture inside of it: the start tag is compared from run to run, what follows is measured."""
    svg = svg[svg.index("<svg") :].replace("'DejaVu Sans'", SCREEN_FONTS)
    start, rest = re.split(r"(?<=>)", svg, maxsplit=1)
    named = start.replace("<svg ", '<svg role="img" ', 1)
    return f"{named}<title>{escape(name)}</title>{rest}"
