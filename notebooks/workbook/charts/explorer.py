"""What the explorers have in common: controls above a chart that follows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import ipywidgets

from workbook.charts.style import Chart

SMALL = (10, 20, 50, 100, 200, 300, 400, 500, 750)
DAGS = (*SMALL, 1000, 1500, 2000, 3000, 5000, 7500, 10_000, 15_000, 20_000, 30_000)
LATENCIES_MS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500)
WIDE: dict[str, Any] = {"style": {"description_width": "12em"}, "layout": {"width": "39em"}}


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


def number_slider(description: str, options: Iterable[float], value: float) -> ipywidgets.SelectionSlider:
    """A slider over these numbers."""
    return ipywidgets.SelectionSlider(
        options=[(f"{number:,}", number) for number in sorted(options)],
        value=value,
        description=description,
        **WIDE,
    )


def latency_slider(latency: float) -> ipywidgets.SelectionSlider:
    """A slider over seconds that a call takes, shown in milliseconds."""
    milliseconds = round(latency * 1000, 3)
    return ipywidgets.SelectionSlider(
        options=[(f"{value:g} ms", value / 1000) for value in sorted({*LATENCIES_MS, milliseconds})],
        value=milliseconds / 1000,
        description="one call per DAG",
        **WIDE,
    )
