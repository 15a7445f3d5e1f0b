"""The explorer of parsing follows its sliders."""

from __future__ import annotations

import pytest
from support.charts import is_small_and_the_same_at_every_draw, words

from workbook.charts.parse_explorer import ParseExplorer, parse_explorer
from workbook.models.parse_costs import ParseCosts

COSTS = {"JSON": ParseCosts(0.05, 0.0011, 0.0022), "JSON5": ParseCosts(0.05, 0.0036, 0.0022)}


def an_explorer() -> ParseExplorer:
    return parse_explorer(COSTS, [{"parser": "JSON", "dags": 100, "latency": 0.02, "seconds": 2.3}])


def test_explorer_follows_its_sliders() -> None:
    explorer = an_explorer()
    assert "400 DAGs × 20 ms" in explorer.picture.value
    explorer.dags_slider.value = 2000
    explorer.latency_slider.value = 0.1
    explorer.parser_choice.value = "JSON5"
    assert explorer.seconds == pytest.approx(0.05 + 2000 * (0.0036 + 0.1))
    assert "2,000 DAGs × 100 ms: 207 s, over the import timeout" in words(explorer.picture.value)


@pytest.mark.parametrize(
    ("dags", "verdict"),
    [
        (10_000, "within the import timeout"),
        (20_000, "over the processor timeout"),
        (30_000, "over the import timeout"),
    ],
)
def test_explorer_knows_both_timeouts(dags: int, verdict: str) -> None:
    explorer = an_explorer()
    explorer.latency_slider.value = 0
    explorer.dags_slider.value = dags
    assert explorer.verdict.startswith(verdict)


def test_explorer_stores_a_still_picture_beside_the_live_view() -> None:
    bundle, _ = an_explorer()._repr_mimebundle_()
    assert {"text/plain", "image/svg+xml", "image/png", "application/vnd.jupyter.widget-view+json"} == set(
        bundle
    )
    assert "400 DAGs × 20 ms, JSON: «" in bundle["text/plain"]


def test_chart_is_small_and_the_same_at_every_draw() -> None:
    assert is_small_and_the_same_at_every_draw(an_explorer().chart)
