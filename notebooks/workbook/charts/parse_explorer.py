"""The explorer of parsing: what a file would take, turned by hand, against Airflow's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets
import numpy as np
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
from workbook.models.parse_costs import ParseCosts


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
        self.latency_slider = latency_slider(latency)
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
            return "over the processor timeout, with serialization"
        return "within the import timeout"

    @property
    def chart(self) -> Chart:
        """The chart at the sliders' values."""
        harmless = self.verdict.startswith("within")
        sentence = (
            f"{self.dags_slider.value:,} DAGs × {self.latency_slider.value * 1000:g} ms, "
            f"{self.parser_choice.value}: «{short(self.seconds)} s to import, {self.verdict}"
            f"{'' if harmless else ': Airflow would stop it, and every DAG of the file would be stale'}»."
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
        points = [
            point
            for point in self.measured
            if point["parser"] == self.parser_choice.value and abs(point["latency"] - latency) < 1e-6
        ]
        axes.plot(
            [point["dags"] for point in points],
            [point["seconds"] for point in points],
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
        marks = "○ measured" if points else "(nothing measured with these settings)"
        axes.annotate(
            f"—◆ import\u2003··· with serialization\u2003{marks}",
            (0.99, 0.04),
            xycoords="axes fraction",
            ha="right",
            color=GREY,
        )
        return figure
