"""The explorer of layouts follows its controls."""

from __future__ import annotations

import pytest
from support.charts import is_small_and_the_same_at_every_draw, words

from workbook.charts.layout_explorer import LayoutExplorer, layout_explorer
from workbook.models.parse_costs import (
    LayoutCosts,
    ParseCosts,
)

COSTS = LayoutCosts(
    ParseCosts(0.05, 0.0033), start=0.3, write_per_file=0.012, write_per_dag=0.001, write_per_copy=2e-6
)


def an_explorer() -> LayoutExplorer:
    return layout_explorer(COSTS, ParseCosts(0.004, 0.0011))


def test_explorer_follows_its_controls() -> None:
    explorer = an_explorer()
    assert "1,000 DAGs in 32 files" in words(explorer.picture.value)
    assert explorer.verdict == "within the limits"
    guarded = explorer.task_start_seconds
    explorer.guard.value = False
    assert explorer.task_start_seconds > 5 * guarded
    explorer.per_file_slider.value = 1
    explorer.dags_slider.value = 5000
    assert explorer.cycle_seconds == pytest.approx(COSTS.cycle_seconds([1] * 5000))
    assert "5,000 DAGs in 5,000 files" in words(explorer.picture.value)
    assert explorer.verdict == "the processor never catches up"
    assert explorer.blast_radius == 1
    explorer.per_file_slider.value = 10_000
    explorer.latency_slider.value = 0.05
    assert explorer.verdict == "the largest file is stopped, and its DAGs are stale"
    assert explorer.blast_radius == 5000


def test_explorer_knows_parsing_processes() -> None:
    explorer = an_explorer()
    explorer.latency_slider.value = 0.02
    before = explorer.cycle_seconds
    explorer.processes_slider.value = 4
    assert explorer.cycle_seconds < before
    assert "1,000 DAGs, at most 50 in a file, make 32 files: «" in repr(explorer)


@pytest.mark.parametrize("dags", [10, 30_000])
def test_explorer_draws_at_both_ends(dags: int) -> None:
    explorer = an_explorer()
    explorer.dags_slider.value = dags
    for limit in (1, 10_000):
        explorer.per_file_slider.value = limit
        assert f"{dags:,} DAGs in" in words(explorer.picture.value)


def test_chart_is_small_and_the_same_at_every_draw() -> None:
    assert is_small_and_the_same_at_every_draw(an_explorer().chart)
