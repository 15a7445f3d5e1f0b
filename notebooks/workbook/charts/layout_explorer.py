"""The explorer of layouts: how many DAGs belong in a file, turned by hand, against Airflow's limits."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets
from matplotlib.figure import Figure

from workbook.charts.explorer import DAGS, WIDE, Explorer, latency_slider, number_slider
from workbook.charts.style import (
    GREY,
    GUESS,
    MESSAGE,
    Chart,
    Style,
    empty,
    plain_numbers,
    say,
    short,
    sized,
)
from workbook.models.parse_costs import LayoutCosts, ParseCosts, shard_sizes

PER_FILE = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)


def layout_explorer(
    costs: LayoutCosts,
    task_start: ParseCosts,
    *,
    dags: int = 1000,
    dags_per_file: int = 50,
    interval: float = 30,
    processor_timeout: float = 50,
) -> LayoutExplorer:
    """Let the learner choose how many DAGs belong in a file; show the result as a cell's last expression.

    Args:
        costs: the cost model of a cycle, from `workbook.models.parse_costs.fit_layouts`.
        task_start: the cost model of the import at a task's start, from `workbook.models.parse_costs.fit`.
        dags: where the slider of DAGs begins.
        dags_per_file: where the slider of DAGs in a file begins.
        interval: seconds, ``[dag_processor] min_file_process_interval``.
        processor_timeout: seconds, ``[dag_processor] dag_file_processor_timeout``.
    """
    return LayoutExplorer(
        costs,
        task_start,
        dags=dags,
        dags_per_file=dags_per_file,
        limits=(interval, processor_timeout),
    )


class LayoutExplorer(Explorer):
    """Four sliders, a guard and a chart; ``per_file_slider.value = 200`` moves it without a browser as well."""

    def __init__(
        self,
        costs: LayoutCosts,
        task_start: ParseCosts,
        *,
        dags: int,
        dags_per_file: int,
        limits: tuple[float, float],
    ) -> None:
        self.costs = costs
        self.task_start = task_start
        self.limits = limits
        self.dags_slider = number_slider("DAGs", {*DAGS, dags}, dags)
        self.per_file_slider = number_slider(
            "DAGs per file, at most", {*PER_FILE, dags_per_file}, dags_per_file
        )
        self.latency_slider = latency_slider(0)
        self.processes_slider = number_slider("parsing processes", (1, 2, 4, 8), 2)
        self.guard = ipywidgets.Checkbox(
            value=True, description="guarded: a task start builds only its own DAG", **WIDE
        )
        super().__init__(
            [self.dags_slider, self.per_file_slider, self.latency_slider, self.processes_slider, self.guard]
        )

    @property
    def sizes(self) -> list[int]:
        """DAGs in each file, at the sliders' values."""
        return shard_sizes(self.dags_slider.value, self.per_file_slider.value)

    @property
    def cycle_seconds(self) -> float:
        """The predicted seconds of a whole cycle."""
        return self._cycle(self.sizes)

    @property
    def longest_seconds(self) -> float:
        """The predicted seconds of the largest file."""
        return self._longest(self.sizes)

    @property
    def task_start_seconds(self) -> float:
        """The predicted seconds that a task start spends on its file."""
        return self._start(max(self.sizes))

    @property
    def blast_radius(self) -> int:
        """The DAGs that the largest file takes down when it breaks."""
        return max(self.sizes)

    @property
    def verdict(self) -> str:
        """What Airflow would do with such a layout."""
        interval, timeout = self.limits
        if self.longest_seconds > timeout:
            return "the largest file is stopped, and its DAGs are stale"
        if self.cycle_seconds > interval:
            return "the processor never catches up"
        return "within the limits"

    @property
    def chart(self) -> Chart:
        """The chart at the controls' values."""
        sentence = (
            f"{self.dags_slider.value:,} DAGs, at most {self.per_file_slider.value:,} in a file, make "
            f"{_files(len(self.sizes))}: «a cycle takes {short(self.cycle_seconds)} s, the largest file "
            f"{short(self.longest_seconds)} s, a task start {short(self.task_start_seconds * 1000)} ms; "
            f"{self.verdict}». If the largest file breaks, it takes down {_dags(self.blast_radius)}."
        )
        return Chart(self._draw, sentence)

    def _cycle(self, sizes: Sequence[int]) -> float:
        return self.costs.cycle_seconds(
            sizes,
            processes=self.processes_slider.value,
            calls_per_dag=1,
            latency=self.latency_slider.value,
        )

    def _longest(self, sizes: Sequence[int]) -> float:
        return self.costs.longest_seconds(sizes, calls_per_dag=1, latency=self.latency_slider.value)

    def _start(self, dags_in_file: int) -> float:
        built = 1 if self.guard.value else dags_in_file
        return self.task_start.import_seconds(built, calls_per_dag=1, latency=self.latency_slider.value)

    def _draw(self, style: Style) -> Figure:
        dags = self.dags_slider.value
        title = (
            f"{dags:,} DAGs in {_files(len(self.sizes))}: "
            f"{short(self.cycle_seconds)} s for a cycle, {self.verdict}"
        )
        figure, axes = empty(style, title)
        axes.set(xscale="log", yscale="log", xlim=(0.8, 30 * dags), ylim=(0.001, 50_000))
        axes.set(xlabel="DAGs in a file (each step ten times the one before)", ylabel="seconds")
        plain_numbers(axes.xaxis)
        plain_numbers(axes.yaxis)
        for limit, name, up in zip(
            self.limits, ("parse interval", "processor timeout"), (-13, 5), strict=True
        ):
            axes.axhline(limit, color=GREY, linewidth=sized(1.2), linestyle=(0, (5, 3)))
            say(axes, 30 * dags, limit, f"{name}: {short(limit)} s", GREY, shift=(-4, up), align="right")
        limits = {*PER_FILE, self.per_file_slider.value, dags}
        layouts = {max(sizes): sizes for sizes in (shard_sizes(dags, limit) for limit in limits)}
        at = sorted(layouts)
        chosen = at.index(max(self.sizes))
        curves = (
            ("◆ a cycle", [self._cycle(layouts[size]) for size in at], MESSAGE, "D", 0.02),
            ("■ the largest file", [self._longest(layouts[size]) for size in at], GREY, "s", 0.18),
            ("● a task start", [self._start(size) for size in at], GUESS, "o", 0.44),
        )
        for name, seconds, colour, marker, right in curves:
            axes.plot(at, seconds, color=colour, linewidth=sized(2))
            axes.plot([at[chosen]], [seconds[chosen]], marker=marker, markersize=sized(8), color=colour)
            axes.annotate(name, (right, 0.93), xycoords="axes fraction", color=colour)
        return figure


def _files(number: int) -> str:
    return f"{number:,} file{'' if number == 1 else 's'}"


def _dags(number: int) -> str:
    return f"{number:,} DAG{'' if number == 1 else 's'}"
