"""The explorer of waiting: jobs, slots and a way to wait, turned by hand, simulated, next to what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ipywidgets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workbook.charts.explorer import WIDE, Explorer, number_slider
from workbook.charts.style import (
    GREY,
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
from workbook.models.waiting import Case, Mode, Outcome, Overheads, simulate

JOBS = (4, 8, 16, 24, 32, 48, 64, 100, 200)
SECONDS = (1, 2, 4, 6, 10, 20, 30, 60)
SLOTS = (1, 2, 4, 8, 16, 32, 64, 128)
POLL_INTERVALS: dict[Mode, float] = {"blocking": 1, "reschedule": 5, "deferrable": 1}
"""Seconds between two polls, for each way to wait, as in ``dags/deferrable``."""


def waiting_explorer(
    overheads: Overheads, measured: Mapping[Case, float], *, megabytes_per_slot: float, begin: Case
) -> WaitingExplorer:
    """Let the learner ask how long jobs would take; show the result as a cell's last expression.

    Args:
        overheads: of this machine, from `workbook.models.calibration.fit`.
        measured: makespans in seconds; those with the chosen slots and seconds are drawn.
        megabytes_per_slot: memory of a slot that is held.
        begin: where the controls begin.
    """
    return WaitingExplorer(overheads, measured, megabytes_per_slot, begin)


class WaitingExplorer(Explorer):
    """Three sliders, a choice and a chart; ``jobs_slider.value = 100`` moves it without a browser as well."""

    def __init__(
        self, overheads: Overheads, measured: Mapping[Case, float], megabytes_per_slot: float, begin: Case
    ) -> None:
        self.overheads = overheads
        self.measured = dict(measured)
        self.megabytes_per_slot = megabytes_per_slot
        self._simulated: dict[Case, Outcome] = {}
        self.jobs_slider = number_slider("jobs", {*JOBS, begin.jobs}, begin.jobs)
        self.seconds_slider = number_slider("seconds of a job", {*SECONDS, begin.seconds}, begin.seconds)
        self.slots_slider = number_slider("slots", {*SLOTS, begin.slots}, begin.slots)
        self.mode_choice = ipywidgets.Dropdown(
            options=list(POLL_INTERVALS), value=begin.mode, description="waiting", **WIDE
        )
        super().__init__([self.jobs_slider, self.seconds_slider, self.slots_slider, self.mode_choice])

    @property
    def case(self) -> Case:
        """What the controls ask for."""
        return self._case(self.mode_choice.value, self.jobs_slider.value)

    @property
    def outcome(self) -> Outcome:
        """What the simulation says about it."""
        return self._outcome(self.case)

    @property
    def chart(self) -> Chart:
        """The chart at the controls' values."""
        outcome, slots = self.outcome, self.slots_slider.value
        megabytes = outcome.most_slots * self.megabytes_per_slot
        sentence = (
            f"{self._work}, {self.case.mode}: «done after {short(outcome.makespan)} s. Together the slots are held for "
            f"{short(outcome.slot_seconds)} s, {short(outcome.waiting_seconds)} s of that only waiting. "
            f"At most {outcome.most_slots} of {slots} are held at the same time: {short(megabytes)} MB of processes»."
        )
        return Chart(self._draw, sentence)

    @property
    def _work(self) -> str:
        jobs, seconds, slots = self.jobs_slider.value, self.seconds_slider.value, self.slots_slider.value
        return f"{jobs:,} jobs of {seconds:g} s on {slots} slot{'' if slots == 1 else 's'}"

    def _case(self, mode: Mode, jobs: int) -> Case:
        return Case(
            mode,
            jobs,
            self.seconds_slider.value,
            slots=self.slots_slider.value,
            poll_interval=POLL_INTERVALS[mode],
        )

    def _outcome(self, case: Case) -> Outcome:
        if case not in self._simulated:
            self._simulated[case] = simulate(case, self.overheads)
        return self._simulated[case]

    def _draw(self, style: Style) -> Figure:
        mode, outcome = self.case.mode, self.outcome
        title = f"{self._work}, {mode}: {short(outcome.makespan)} s"
        figure, makespans = empty(style, title)
        grid = figure.add_gridspec(1, 2, width_ratios=(1.7, 1))
        makespans.set_subplotspec(grid[0])
        self._draw_makespans(makespans)
        self._draw_slot_use(figure.add_subplot(grid[1]))
        return figure

    def _draw_makespans(self, axes: Axes) -> None:
        jobs = sorted({*JOBS, self.jobs_slider.value})
        lines = {mode: [self._outcome(self._case(mode, n)).makespan for n in jobs] for mode in POLL_INTERVALS}
        axes.set(
            xscale="log", yscale="log", xlim=(3.5, 900), xlabel="jobs", ylabel="seconds until all are done"
        )
        lowest, highest = min(map(min, lines.values())), max(map(max, lines.values()))
        axes.set_ylim(lowest / 2, highest * 2)
        plain_numbers(axes.xaxis)
        plain_numbers(axes.yaxis)
        chosen = self.case.mode
        for mode, line in lines.items():
            colour = MESSAGE if mode == chosen else GREY
            axes.plot(jobs, line, color=colour, linewidth=sized(2.2 if mode == chosen else 1.2))
        for mode, height in zip(lines, _apart(lines, (4 * highest / lowest) ** 0.085), strict=True):
            say(axes, jobs[-1], height, mode, MESSAGE if mode == chosen else GREY, shift=(5, -4))
        axes.plot([self.case.jobs], [self.outcome.makespan], marker="D", markersize=sized(7), color=MESSAGE)
        points = [(case.jobs, seconds) for case, seconds in self.measured.items() if self._matches(case)]
        look: dict[str, Any] = {
            "marker": "o",
            "markersize": sized(9),
            "markerfacecolor": "none",
            "markeredgewidth": sized(1.8),
        }
        axes.plot(
            *zip(*points, strict=True) if points else ([], []), linestyle="", markeredgecolor=GUESS, **look
        )
        marks = "○ measured" if points else "(nothing measured with these settings)"
        axes.annotate(
            f"◆ simulated\u2003{marks}", (0.02, 1.0), xycoords="axes fraction", va="bottom", color=GREY
        )

    def _matches(self, case: Case) -> bool:
        """Whether the curves of these controls pass by a measured case."""
        return replace(case, mode="blocking", jobs=1, poll_interval=1) == replace(
            self.case, mode="blocking", jobs=1, poll_interval=1
        )

    def _draw_slot_use(self, axes: Axes) -> None:
        cases = [self._case(mode, self.jobs_slider.value) for mode in POLL_INTERVALS]
        longest = max(self._outcome(case).slot_seconds for case in cases)
        for row, case in enumerate(cases):
            outcome = self._outcome(case)
            waiting, working = outcome.waiting_seconds, outcome.slot_seconds - outcome.waiting_seconds
            axes.barh(row, waiting, height=0.5, color=LIGHT)
            axes.barh(row, working, left=waiting, height=0.5, color=MESSAGE)
            text = f"{case.mode}: {short(waiting)} s wait, {short(working)} s work"
            say(axes, 0, row - 0.33, text, INK if case.mode == self.case.mode else GREY, shift=(0, 2))
        axes.set(xlim=(0, longest * 1.1), ylim=(len(cases) - 0.5, -0.8), xlabel="slots × seconds held")
        axes.set_yticks([])
        plain_numbers(axes.xaxis)
        axes.grid(visible=False, axis="y")


def _apart(lines: Mapping[Mode, list[float]], factor: float) -> list[float]:
    """Where the names of lines stand: at their right ends, but each at least ``factor`` times as high as the last."""
    heights = {}
    lowest = 0.0
    for mode in sorted(lines, key=lambda mode: lines[mode][-1]):
        heights[mode] = lowest = max(lines[mode][-1], lowest * factor)
    return [heights[mode] for mode in lines]
