"""The charts of parsing: one message each, the same function for notebook and slide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workbook.charts.style import (
    GREY,
    GROUND,
    GUESS,
    INK,
    LIGHT,
    MESSAGE,
    Chart,
    Style,
    empty,
    plain_numbers,
    say,
    short,
    sized,
)


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
        points = {number: seconds for number, seconds in sorted(measured.items()) if seconds is not None}
        stopped = sorted(number for number, seconds in measured.items() if seconds is None)
        top = 1.3 * max([limit, *points.values(), *([talk[1]] if talk else [])])
        right = 1.14 * max([*measured, *([talk[0]] if talk else [])])
        axes.set(xlim=(0, right), ylim=(0, top), xlabel="pipelines in the file", ylabel="seconds to parse")
        plain_numbers(axes.xaxis)
        plain_numbers(axes.yaxis)
        axes.axhline(limit, color=GREY, linewidth=sized(1.2), linestyle=(0, (5, 3)))
        say(axes, 0, limit, f"import timeout: {short(limit)} s", GREY, shift=(6, 5))
        axes.plot(
            list(points),
            list(points.values()),
            color=MESSAGE,
            marker="o",
            markersize=sized(6),
            linewidth=sized(2),
        )
        for number, seconds in _apart(points, right):
            low = 10 if seconds < top / 20 else -4  # a label next to a low point would lie on the axis
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
        largest = max(cycles)
        lines = list(task_starts.values())
        lowest = min(value for line in [cycles, *lines] for value in line.values())
        highest = max([*cycles.values(), *(modelled or {}).values()])
        axes.set(xscale="log", yscale="log", xlim=(0.8, largest * 9), ylim=(lowest / 2.5, highest * 2.2))
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
        say(axes, largest, cycles[largest], "one parse cycle", MESSAGE, shift=(9, -4))
        for (label, line), colour in zip(task_starts.items(), (GUESS, GREY), strict=False):
            axes.plot(
                list(line),
                list(line.values()),
                color=colour,
                marker="s",
                markersize=sized(5),
                linewidth=sized(1.6),
            )
            say(axes, largest, line[max(line)], label, colour, shift=(9, -4))
        if modelled:
            marks = "● measured\u2003○ measured, unseen by the model\u2003- - the model"
            axes.annotate(marks, (0.99, 1.01), xycoords="axes fraction", ha="right", va="bottom", color=GREY)
        return figure

    return Chart(draw, sentence)


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


def _apart(points: Mapping[int, float], width: float) -> list[tuple[int, float]]:
    """The points whose labels do not run into that of the next larger one."""
    labelled: list[tuple[int, float]] = []
    for number, seconds in sorted(points.items(), reverse=True):
        if not labelled or labelled[-1][0] - number > width / 4:
            labelled.append((number, seconds))
    return labelled


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


def _with_unit(value: float, unit: str) -> str:
    return f"{short(value)}{unit}" if unit in ("×", "%") else f"{short(value)} {unit}"


def _axis_unit(unit: str) -> str:
    return {"s": "seconds", "ms": "milliseconds", "×": "times"}.get(unit, unit)
