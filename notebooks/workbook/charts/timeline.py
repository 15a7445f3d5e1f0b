"""The chart of waiting: who holds which worker slot when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workbook.charts.style import GREY, GROUND, GUESS, LIGHT, MESSAGE, Chart, Style, empty, say, short, sized

if TYPE_CHECKING:
    import pandas as pd


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
        stays: from `workbook.measure.held_slots.stays`, or a simulated ``timeline``.
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
            _, ready, begin = queued
            outline: dict[str, Any] = {
                "facecolor": GROUND,
                "edgecolor": GUESS,
                "linestyle": "--",
                "linewidth": sized(1.4),
            }
            axes.barh(slots, begin - ready, left=ready, height=0.66, **outline)
            axes.plot([begin], [slots], marker="D", markersize=sized(7), color=GUESS, linestyle="")
            text = f"in the queue for {short(begin - ready)} s"
            say(axes, (ready + begin) / 2, slots, text, GUESS, shift=(0, 0), align="center")
        if least is not None:
            _mark_moment(axes, least, right, f"at least {short(least)} s", GREY, row=-0.72)
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


def _mark_moment(axes: Axes, at: float, right: float, text: str, colour: str, *, row: float) -> None:
    """A line at some seconds with its name to the left; what lies beyond the axis is said at its end."""
    if at <= right:
        axes.axvline(at, color=colour, linewidth=sized(1.4), linestyle=(0, (5, 3)))
    align = "right" if at > right / 3 else "left"
    label = text if at <= right else f"{text} →"
    say(axes, min(at, right), row, label, colour, shift=(-5 if align == "right" else 5, 0), align=align)
