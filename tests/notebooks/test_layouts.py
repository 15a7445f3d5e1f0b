"""Layouts are what dagfreeze would write, the model of a cycle finds its costs, the explorer follows its controls."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

import pytest

from dagfreeze.files.shards import arrange, choose
from workbook.catalog import configurations, dag_folder
from workbook.charts import SLIDE, Chart, trade_off
from workbook.charts.layout_explorer import LayoutExplorer, layout_explorer
from workbook.lesson import run
from workbook.measure.imports import ImportFailed, task_starts
from workbook.measure.layouts import lay_out, places
from workbook.models.parse_costs import (
    LayoutCosts,
    ParseCosts,
    fit_layouts,
    relative_error,
    shard_sizes,
)

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
        beside=("a factory", 0.9),
        title="A title",
        sentence="A cycle takes «4.2 s».",
    )


def words(svg: str) -> str:
    return " ".join(
        "".join(part.itertext()) for part in ElementTree.fromstring(svg).iter() if "text" in part.tag
    )


def test_fit_finds_the_costs_of_a_cycle() -> None:
    sizes = [[1] * 1000, shard_sizes(1000, 10), shard_sizes(1000, 50), [1000], shard_sizes(250, 10)]
    found = fit_layouts([Made(size) for size in sizes])
    for unseen in (shard_sizes(1000, 100), shard_sizes(3000, 50), [1] * 300):
        for processes in (1, 2, 4):
            expected = COSTS.cycle_seconds(unseen, processes=processes)
            assert found.cycle_seconds(unseen, processes=processes) == pytest.approx(expected, rel=1e-6)


def test_fit_is_never_negative_and_stays_near_when_the_machine_was_busy() -> None:
    layouts = [
        Made([1] * 100, error=0.2),
        Made(shard_sizes(100, 50), error=-0.2),
        Made([100], error=0.1),
        Made(shard_sizes(25, 10), error=-0.1),
    ]
    found = fit_layouts(layouts)
    assert min(found.start, found.write_per_file, found.write_per_dag, found.write_per_copy) >= 0
    unseen = Made(shard_sizes(100, 10))
    assert relative_error(found.cycle_seconds(unseen.sizes), unseen.cycle) < 0.5


def test_fit_needs_four_layouts() -> None:
    with pytest.raises(ValueError, match="four layouts at least; there are 3"):
        fit_layouts([Made([1] * 10), Made([10]), Made([5, 5])])


def test_a_cycle_is_never_shorter_than_its_longest_file() -> None:
    assert COSTS.cycle_seconds([1000], processes=8) > COSTS.longest_seconds([1000])
    assert COSTS.longest_seconds([1, 100], calls_per_dag=1, latency=0.1) > 10


@pytest.mark.parametrize(("dags", "limit"), [(1, 1), (7, 1), (100, 50), (100, 100), (1000, 50), (30, 2)])
def test_shard_sizes_are_those_that_dagfreeze_would_choose(dags: int, limit: int) -> None:
    ids = [f"dag_{number}" for number in range(dags)]
    files = arrange("factory.py", ids, choose(dict.fromkeys(ids, 0), limit))
    assert sorted(shard_sizes(dags, limit)) == sorted(len(header.dags) for header in files.values())


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
    for part in (
        "one parse cycle",
        "a factory: 0.9 s",
        "without the guard",
        "with the guard",
        "the model did not know it",
    ):
        assert part in told


def test_task_start_makes_the_wanted_dag_only_where_there_is_a_guard(tmp_path: Path) -> None:
    pipelines = configurations(6)
    lay_out(tmp_path, pipelines, 50)
    guarded = tmp_path / "dags" / "from_json.py"
    bare = tmp_path / "bare.py"
    bare.write_text(guarded.read_text().replace("get_parsing_context().dag_id", "None"))
    starts = task_starts([(guarded, pipelines[3].id), (bare, pipelines[3].id)], rounds=1)
    assert list(starts.dags) == [1, 6]
    assert (starts.seconds > 0).all()
    bare.write_text("from airflow.sdk import DAG\nraise ValueError('broken on purpose')\n")
    with pytest.raises(ImportFailed, match="broken on purpose"):
        task_starts([(bare, pipelines[3].id)])


@pytest.mark.parametrize("limit", [1, 4])
def test_a_layout_is_what_dagfreeze_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], limit: int
) -> None:
    pipelines = configurations(12)
    lay_out(tmp_path, pipelines, limit)
    dag_folder(tmp_path / "source", "from_json", pipelines)
    command = "python -m dagfreeze source/dynamic/from_json.py --out frozen --dags-per-file"
    assert run(f"{command} {limit}", tmp_path).status == 0
    written, laid_out = (
        {file.name: file.read_text() for file in (tmp_path / folder).glob("*.py")}
        for folder in ("frozen", "dags")
    )
    assert laid_out == written
    assert places(tmp_path / "dags").keys() == {config.id for config in pipelines}


def test_a_layout_without_limit_is_one_file(tmp_path: Path) -> None:
    lay_out(tmp_path, configurations(12), 12)
    assert set(places(tmp_path / "dags").values()) == {"from_json.py"}


def test_laying_out_again_replaces_the_pipelines(tmp_path: Path) -> None:
    pipelines = configurations(6)
    assert len(lay_out(tmp_path, pipelines, 1).write) == 6
    changes = lay_out(tmp_path, pipelines[:2], 1)
    assert (len(changes.write), len(changes.unchanged), len(changes.remove)) == (0, 2, 4)
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


def test_command_shows_its_last_lines_and_returns_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "count.py").write_text("print('one'); print('two'); print('three')")
    assert run("python count.py", tmp_path, last=2).said == "one\ntwo\nthree\n"
    assert capsys.readouterr().out == "$ python count.py\n…\ntwo\nthree\nexit status 0\n"
    run("python count.py", tmp_path, last=3)
    assert "…" not in capsys.readouterr().out


def test_git_of_a_lesson_goes_by_nobody_s_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gitconfig").write_text(
        "[commit]\ngpgsign = true\n[core]\nhooksPath = nowhere\n[user]\nname = Nobody"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))  # as inside a hook
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "a.txt").write_text("a")
    for command in ("init -q -b main", "add .", "commit -q -m one"):
        assert run(f"git {command}", repository).status == 0
    assert run("git log --format=%an", repository).said == "learner\n"
    assert not (tmp_path / "elsewhere").exists()


def test_command_shows_paths_below_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "say.py").write_text("import pathlib; print(pathlib.Path('a').resolve())")
    run("python say.py", tmp_path)
    assert capsys.readouterr().out == "$ python say.py\na\nexit status 0\n"
