"""The explorers: what a parse or a whole cycle would take, turned by hand, against Airflow's limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from workbook.charts.lessons import (
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

DAGS = (
    10,
    20,
    50,
    100,
    200,
    300,
    400,
    500,
    750,
    1000,
    1500,
    2000,
    3000,
    5000,
    7500,
    10_000,
    15_000,
    20_000,
    30_000,
)
LATENCIES_MS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500)
PER_FILE = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
WIDE: dict[str, Any] = {"style": {"description_width": "10em"}, "layout": {"width": "37em"}}


def parse_explorer(
    costs: Mapping[str, ParseCosts],
    measured: Sequence[Mapping[str, Any]] = (),
    *,
    dags: int = 400,
    latency: float = 0.020,
    import_timeout: float = 30,
    processor_timeout: float = 50,
) -> ParseExplorer:
    """Let the learner ask what a parse would take; show the result as a cell's last expression.

    Args:
        costs: the cost model of each parser or kind of factory, by the name to be shown.
        measured: points that were measured: ``parser`` (a name of ``costs``), ``dags``, ``latency`` (seconds per
            call, one call per DAG), ``seconds``.
        dags: where the slider of DAGs begins.
        latency: where the slider of seconds per call begins.
        import_timeout: seconds, ``[core] dagbag_import_timeout``.
        processor_timeout: seconds, ``[dag_processor] dag_file_processor_timeout``.
    """
    return ParseExplorer(
        costs,
        measured,
        dags=dags,
        latency=latency,
        import_timeout=import_timeout,
        processor_timeout=processor_timeout,
    )


class Explorer(ipywidgets.VBox):
    """Controls above a chart that follows them; also without a browser."""

    def __init__(self, controls: Sequence[ipywidgets.ValueWidget]) -> None:
        self.picture = ipywidgets.HTML()
        super().__init__([*controls, self.picture])
        for control in controls:
            control.observe(lambda _: self._redraw(), "value")
        self._redraw()

    @property
    def chart(self) -> Chart:
        """The chart at the controls' values."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.chart.sentence

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        still, sizes = self.chart._repr_mimebundle_()  # stands in its place until the cell runs
        return {**live, **still}, sizes

    def _redraw(self) -> None:
        self.picture.value = self.chart.svg()


class ParseExplorer(Explorer):
    """Two sliders, a choice and a chart; ``dags_slider.value = 2000`` moves it without a browser as well."""

    def __init__(
        self,
        costs: Mapping[str, ParseCosts],
        measured: Sequence[Mapping[str, Any]],
        *,
        dags: int,
        latency: float,
        import_timeout: float,
        processor_timeout: float,
    ) -> None:
        self.costs = dict(costs)
        self.measured = [dict(point) for point in measured]
        self.limits = (import_timeout, processor_timeout)
        self.dags_slider = number_slider("DAGs in the file", {*DAGS, dags}, dags)
        self.latency_slider = _latencies(latency)
        self.parser_choice = ipywidgets.Dropdown(options=list(self.costs), description="factory", **WIDE)
        super().__init__([self.dags_slider, self.latency_slider, self.parser_choice])

    @property
    def seconds(self) -> float:
        """The predicted seconds of the import, at the sliders' values."""
        return self._costs.import_seconds(
            self.dags_slider.value, calls_per_dag=1, latency=self.latency_slider.value
        )

    @property
    def parse_seconds(self) -> float:
        """The predicted seconds of import and serialization, at the sliders' values."""
        return self._costs.parse_seconds(
            self.dags_slider.value, calls_per_dag=1, latency=self.latency_slider.value
        )

    @property
    def verdict(self) -> str:
        """What Airflow would do with such a file."""
        import_timeout, processor_timeout = self.limits
        if self.seconds > import_timeout:
            return "over the import timeout"
        if self.parse_seconds > processor_timeout:
            return "with serialization over the processor's timeout"
        return "within the import timeout"

    @property
    def chart(self) -> Chart:
        """The chart at the sliders' values."""
        harmless = self.verdict.startswith("within")
        sentence = (
            f"{self.dags_slider.value:,} DAGs × {self.latency_slider.value * 1000:g} ms, "
            f"{self.parser_choice.value}: «{short(self.seconds)} s to import, {self.verdict}"
            f"{'' if harmless else ': Airflow would stop it, and every DAG of the file would be gone'}»."
        )
        return Chart(self._draw, sentence)

    @property
    def _costs(self) -> ParseCosts:
        return self.costs[self.parser_choice.value]

    def _draw(self, style: Style) -> Figure:
        dags, latency = self.dags_slider.value, self.latency_slider.value
        title = f"{dags:,} DAGs × {latency * 1000:g} ms: {short(self.seconds)} s, {self.verdict}"
        figure, axes = empty(style, title)
        axes.set(xscale="log", yscale="log", xlim=(8, 40_000), ylim=(0.03, 5_000))
        axes.set(xlabel="DAGs in the file (each step ten times the one before)", ylabel="seconds")
        plain_numbers(axes.xaxis)
        plain_numbers(axes.yaxis)
        for limit, name, up in zip(
            self.limits, ("import timeout", "processor timeout"), (-13, 5), strict=True
        ):
            axes.axhline(limit, color=GREY, linewidth=sized(1.2), linestyle=(0, (5, 3)))
            say(axes, 8, limit, f"{name}: {short(limit)} s", GREY, shift=(6, up))
        numbers = [round(number) for number in np.geomspace(8, 40_000, 60)]
        work = {"calls_per_dag": 1, "latency": latency}
        imports = [self._costs.import_seconds(number, **work) for number in numbers]
        parses = [self._costs.parse_seconds(number, **work) for number in numbers]
        axes.plot(numbers, imports, color=MESSAGE, linewidth=sized(2.2))
        axes.plot(numbers, parses, color=MESSAGE, linewidth=sized(1.2), linestyle=":")
        here = [
            point
            for point in self.measured
            if point["parser"] == self.parser_choice.value and abs(point["latency"] - latency) < 1e-6
        ]
        axes.plot(
            [point["dags"] for point in here],
            [point["seconds"] for point in here],
            marker="o",
            markersize=sized(10),
            markerfacecolor="none",
            markeredgecolor=GUESS,
            markeredgewidth=sized(1.8),
            linestyle="",
        )
        axes.plot([dags], [self.seconds], marker="D", markersize=sized(8), color=MESSAGE, linestyle="")
        left = dags >= 3000
        say(
            axes,
            dags,
            self.seconds,
            f"{dags:,} DAGs: {short(self.seconds)} s",
            MESSAGE,
            shift=(4 if left else 9, -17),
            align="right" if left else "left",
        )
        marks = "○ measured" if here else "(nothing measured with these settings)"
        axes.annotate(
            f"—◆ import\u2003··· with serialization\u2003{marks}",
            (0.99, 0.04),
            xycoords="axes fraction",
            ha="right",
            color=GREY,
        )
        return figure


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
        self.per_file_slider = number_slider("in a file, at most", {*PER_FILE, dags_per_file}, dags_per_file)
        self.latency_slider = _latencies(0)
        self.processes_slider = number_slider("parsing processes", (1, 2, 4, 8), 2)
        self.guard = ipywidgets.Checkbox(
            value=True, description="guarded: a task builds its own DAG only", **WIDE
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
        """The predicted seconds that the start of a task spends on its file."""
        return self._start(max(self.sizes))

    @property
    def blast_radius(self) -> int:
        """The DAGs that go when one file breaks."""
        return max(self.sizes)

    @property
    def verdict(self) -> str:
        """What Airflow would do with such a layout."""
        interval, timeout = self.limits
        if self.longest_seconds > timeout:
            return "the largest file is stopped, and its DAGs are gone"
        if self.cycle_seconds > interval:
            return "the processor is never done"
        return "within the limits"

    @property
    def chart(self) -> Chart:
        """The chart at the controls' values."""
        sentence = (
            f"{self.dags_slider.value:,} DAGs, at most {self.per_file_slider.value:,} in a file, make "
            f"{_files(len(self.sizes))}: «a cycle takes {short(self.cycle_seconds)} s, the largest file "
            f"{short(self.longest_seconds)} s, the start of a task {short(self.task_start_seconds * 1000)} ms; "
            f"{self.verdict}». If that file breaks, {_dags(self.blast_radius)} gone."
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
            ("● the start of a task", [self._start(size) for size in at], GUESS, "o", 0.44),
        )
        for name, seconds, colour, marker, right in curves:
            axes.plot(at, seconds, color=colour, linewidth=sized(2))
            axes.plot([at[chosen]], [seconds[chosen]], marker=marker, markersize=sized(8), color=colour)
            axes.annotate(name, (right, 0.93), xycoords="axes fraction", color=colour)
        return figure


def _files(number: int) -> str:
    return f"{number:,} file{'' if number == 1 else 's'}"


def _dags(number: int) -> str:
    return f"{number:,} DAGs are" if number != 1 else "1 DAG is"


def number_slider(description: str, options: Iterable[float], value: float) -> ipywidgets.SelectionSlider:
    return ipywidgets.SelectionSlider(
        options=[(f"{number:,}", number) for number in sorted(options)],
        value=value,
        description=description,
        **WIDE,
    )


def _latencies(latency: float) -> ipywidgets.SelectionSlider:
    milliseconds = round(latency * 1000, 3)
    return ipywidgets.SelectionSlider(
        options=[(f"{value:g} ms", value / 1000) for value in sorted({*LATENCIES_MS, milliseconds})],
        value=milliseconds / 1000,
        description="one call per DAG",
        **WIDE,
    )
