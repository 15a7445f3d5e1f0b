"""The model of a cycle finds the costs that made the figures, the explorer follows its controls, and guards count."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbook.catalog import configurations
from workbook.charts import SLIDE, Chart, trade_off
from workbook.commands import run
from workbook.costs import (
    LayoutCosts,
    ParseCosts,
    even_sizes,
    fit_layouts,
    relative_error,
)
from workbook.explorer import LayoutExplorer, layout_explorer
from workbook.importing import ImportFailed, task_starts
from workbook.layouts import lay_out

COSTS = LayoutCosts(
    ParseCosts(0.05, 0.0033), start=0.3, write_per_file=0.012, write_per_dag=0.001, write_per_copy=2e-6
)


@dataclass(frozen=True)
class Made:
    """A cycle as the model would have it, with an error."""

    sizes: list[int]
    processes: int = 2
    error: float = 0.0

    @property
    def seconds(self) -> list[float]:
        return [COSTS.parse.parse_seconds(size) for size in self.sizes]

    @property
    def cycle(self) -> float:
        return COSTS.cycle_seconds(self.sizes, processes=self.processes) * (1 + self.error)


def an_explorer() -> LayoutExplorer:
    return layout_explorer(COSTS, ParseCosts(0.004, 0.0011))


def a_trade_off() -> Chart:
    return trade_off(
        {1: 4.2, 50: 0.8},
        {"without the guard": {1: 0.008, 50: 0.06}, "with the guard": {1: 0.008, 50: 0.009}},
        modelled={1: 4.1, 10: 1.3, 50: 0.9},
        held_out={10: 1.4},
        title="A title",
        sentence="A cycle takes «4.2 s».",
    )


def words(svg: str) -> str:
    return " ".join(
        "".join(part.itertext()) for part in ElementTree.fromstring(svg).iter() if "text" in part.tag
    )


def test_fit_finds_the_costs_of_a_cycle() -> None:
    sizes = [[1] * 1000, even_sizes(1000, 10), even_sizes(1000, 50), [1000], even_sizes(250, 10)]
    found = fit_layouts([Made(size) for size in sizes])
    for unseen in (even_sizes(1000, 100), even_sizes(3000, 50), [1] * 300):
        for processes in (1, 2, 4):
            expected = COSTS.cycle_seconds(unseen, processes=processes)
            assert found.cycle_seconds(unseen, processes=processes) == pytest.approx(expected, rel=1e-6)


def test_fit_is_never_negative_and_stays_near_when_the_machine_was_busy() -> None:
    layouts = [
        Made([1] * 100, error=0.2),
        Made(even_sizes(100, 50), error=-0.2),
        Made([100], error=0.1),
        Made(even_sizes(25, 10), error=-0.1),
    ]
    found = fit_layouts(layouts)
    assert min(found.start, found.write_per_file, found.write_per_dag, found.write_per_copy) >= 0
    unseen = Made(even_sizes(100, 10))
    assert relative_error(found.cycle_seconds(unseen.sizes), unseen.cycle) < 0.5


def test_fit_needs_four_layouts() -> None:
    with pytest.raises(ValueError, match="four layouts at least; there are 3"):
        fit_layouts([Made([1] * 10), Made([10]), Made([5, 5])])


def test_a_cycle_is_never_shorter_than_its_longest_file() -> None:
    assert COSTS.cycle_seconds([1000], processes=8) > COSTS.longest_seconds([1000])
    assert COSTS.longest_seconds([1, 100], calls_per_dag=1, latency=0.1) > 10


@pytest.mark.parametrize(("dags", "limit"), [(1, 1), (7, 1), (100, 50), (100, 100), (1000, 50), (3, 2)])
def test_even_sizes_hold_every_dag_and_keep_the_limit(dags: int, limit: int) -> None:
    sizes = even_sizes(dags, limit)
    assert sum(sizes) == dags
    assert max(sizes) <= limit
    assert max(sizes) - min(sizes) <= 1


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
    assert explorer.verdict == "the processor is never done"
    assert explorer.blast_radius == 1
    explorer.per_file_slider.value = 10_000
    explorer.latency_slider.value = 0.05
    assert explorer.verdict == "the largest file is stopped, and its DAGs are gone"
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


@pytest.mark.parametrize("chart", [a_trade_off(), an_explorer().chart], ids=["trade-off", "explorer"])
def test_chart_is_the_same_at_every_draw_and_small(chart: Chart) -> None:
    assert chart.svg() == chart.svg()
    assert chart.png() == chart.png()
    assert len(chart.png()) < 60_000
    assert len(chart.svg()) < 60_000
    assert ElementTree.fromstring(chart.svg())[0].text == re.sub("[«»]", "", chart.sentence)
    assert "<text" not in chart.svg(SLIDE)


def test_trade_off_names_what_it_draws() -> None:
    told = words(a_trade_off().svg())
    for part in ("one parse cycle", "without the guard", "with the guard", "the model did not know it"):
        assert part in told


def test_task_start_makes_the_wanted_dag_only_where_there_is_a_guard(tmp_path: Path) -> None:
    pipelines = configurations(6)
    lay_out(tmp_path, pipelines, 50)
    guarded = tmp_path / "dags" / "dags_all.py"
    bare = tmp_path / "bare.py"
    bare.write_text(guarded.read_text().replace("get_parsing_context().dag_id", "None"))
    starts = task_starts([(guarded, pipelines[3].id), (bare, pipelines[3].id)], rounds=1)
    assert list(starts.dags) == [1, 6]
    assert (starts.seconds > 0).all()
    bare.write_text("from airflow.sdk import DAG\nraise ValueError('broken on purpose')\n")
    with pytest.raises(ImportFailed, match="broken on purpose"):
        task_starts([(bare, pipelines[3].id)])


def test_laying_out_again_replaces_the_pipelines(tmp_path: Path) -> None:
    pipelines = configurations(6)
    assert lay_out(tmp_path, pipelines, 1).files == 6
    assert lay_out(tmp_path, pipelines[:2], 1).files == 2
    assert len(list((tmp_path / "dags").glob("*.py"))) == 2


def test_command_shows_what_it_says_and_how_it_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "say.py").write_text(
        "import sys; print('http://127.0.0.1:4711/x'); sys.exit('not like this')"
    )
    done = run("python say.py", tmp_path)
    assert done.status == 1
    assert "not like this" in done.said
    assert capsys.readouterr().out == (
        "$ python say.py\n«http://127.0.0.1:4711»/x\nnot like this\nexit status 1\n"
    )
