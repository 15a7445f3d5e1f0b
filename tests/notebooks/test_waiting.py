"""Stays find their slots, the chart names what it draws, the explorer follows its controls, and held slots count."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from workbook.charts import SLIDE, Chart, slot_timeline
from workbook.charts.waiting_explorer import WaitingExplorer, waiting_explorer
from workbook.measure.held_slots import Held, held_slots, slot_stays
from workbook.models.waiting import Case, Overheads, simulate

ORIGIN = pd.Timestamp("2026-11-24 12:00:00", tz="UTC")
WORK = Case("blocking", jobs=16, seconds=6)
SOME = Overheads(run=1.2, leg=0.3, handover=0.2, trigger=0.7)

SCHEDULER = """
import subprocess, sys, time
wait = "import sys; sys.stdin.read()"
hold = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {wait!r}]).wait()"
workers = [subprocess.Popen([sys.executable, "-c", hold if held else wait]) for held in (1, 1, 0)]
sys.stdin.read()
"""


def at(seconds: float) -> pd.Timestamp:
    return ORIGIN + pd.Timedelta(seconds=seconds)


def tasks(*spans: tuple[float, float]) -> pd.DataFrame:
    """Task instances that began and ended so many seconds after they could run."""
    rows = [
        ("loads", "one", f"step_{number}", -1, at(0), at(a), at(b)) for number, (a, b) in enumerate(spans)
    ]
    names = ["dag_id", "run_id", "task_id", "map_index", "scheduled", "start", "end"]
    return pd.DataFrame(rows, columns=names)


def jobs(spans: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Jobs of tasks, from the first try of each."""
    rows = [(f"loads/one/{task}/-1/1", at(a), at(b)) for task, (a, b) in spans.items()]
    return pd.DataFrame(rows, columns=["key", "started", "ended"])


def a_timeline(guess: float | None = 12) -> Chart:
    return slot_timeline(
        simulate(WORK, SOME).timeline(),
        least=24,
        guess=guess,
        queued=("the quick task", 2, 26),
        title="A title",
        sentence="All jobs take «30 s».",
    )


def an_explorer() -> WaitingExplorer:
    measured = {WORK: 30.4, Case("deferrable", 16, 6): 10.9}
    return waiting_explorer(SOME, measured, megabytes_per_slot=40, begin=WORK)


def words(svg: str) -> str:
    return " ".join(
        "".join(part.itertext()) for part in ElementTree.fromstring(svg).iter() if "text" in part.tag
    )


def test_a_stay_is_work_then_waiting_then_work() -> None:
    stays = slot_stays(tasks((1, 9)), jobs({"step_0": (2, 8)}), slots=1)
    assert stays.values.tolist() == [
        [0, "step_0", 1, 2, False],
        [0, "step_0", 2, 8, True],
        [0, "step_0", 8, 9, False],
    ]


def test_a_task_without_a_job_only_works_and_a_job_that_outlives_its_task_is_cut_off() -> None:
    stays = slot_stays(tasks((0, 1), (1, 3)), jobs({"step_1": (0.5, 7)}), slots=1)
    assert stays.waits.tolist() == [False, True]
    assert stays.end.tolist() == [1, 3]


def test_stays_use_every_slot_and_none_twice_at_a_time() -> None:
    spans = [(number // 4 * 7 + number % 4 * 0.1, number // 4 * 7 + 6.5) for number in range(12)]
    stays = slot_stays(tasks(*spans), jobs({}), slots=4)
    assert set(stays.slot) == {0, 1, 2, 3}
    for _, slot in stays.sort_values("begin").groupby("slot"):
        assert all(
            one <= other for one, other in itertools.pairwise(slot[["begin", "end"]].to_numpy().ravel())
        )


@pytest.mark.parametrize("chart", [a_timeline(), an_explorer().chart], ids=["timeline", "explorer"])
def test_chart_is_the_same_at_every_draw_and_small(chart: Chart) -> None:
    assert chart.svg() == chart.svg()
    assert chart.png() == chart.png()
    assert len(chart.png()) < 60_000
    assert len(chart.svg()) < 60_000
    assert ElementTree.fromstring(chart.svg())[0].text == re.sub("[«»]", "", chart.sentence)
    assert "<text" not in chart.svg(SLIDE)


def test_timeline_names_what_it_draws() -> None:
    told = words(a_timeline().svg())
    for part in ("slot 1", "slot 4", "the quick task", "in the queue for 24 s", "24 s at least", "12 s"):
        assert part in told
    assert "slot 5" not in told
    assert "your guess" not in words(a_timeline(guess=None).svg())
    assert "your guess: 300 s →" in words(a_timeline(guess=300).svg())


def test_explorer_follows_its_controls() -> None:
    explorer = an_explorer()
    assert explorer.outcome == simulate(WORK, SOME)
    assert "16 jobs of 6 s on 4 slots, blocking" in words(explorer.picture.value)
    blocking = explorer.outcome.makespan
    explorer.mode_choice.value = "deferrable"
    assert explorer.outcome.makespan < blocking / 2
    assert explorer.outcome.waiting_seconds == 0
    explorer.jobs_slider.value = 100
    explorer.slots_slider.value = 1
    explorer.seconds_slider.value = 30
    assert explorer.outcome == simulate(Case("deferrable", 100, 30, slots=1), SOME)
    assert "100 jobs of 30 s on 1 slot, deferrable" in words(explorer.picture.value)
    assert "of 1 are held at once: 40 MB" in repr(explorer)


def test_explorer_draws_what_was_measured_only_where_it_belongs() -> None:
    explorer = an_explorer()
    assert "○ measured" in words(explorer.picture.value)
    explorer.slots_slider.value = 8
    assert "nothing measured with these settings" in words(explorer.picture.value)


def test_explorer_asks_as_often_as_the_dags_do() -> None:
    explorer = an_explorer()
    explorer.mode_choice.value = "reschedule"
    assert explorer.case == replace(WORK, mode="reschedule", poll_interval=5)


@pytest.mark.parametrize("jobs_and_slots", [(4, 128), (200, 1)])
def test_explorer_draws_at_both_ends(jobs_and_slots: tuple[int, int]) -> None:
    explorer = an_explorer()
    explorer.jobs_slider.value, explorer.slots_slider.value = jobs_and_slots
    explorer.seconds_slider.value = 1
    assert f"{jobs_and_slots[0]} jobs of 1 s" in words(explorer.picture.value)


@pytest.fixture
def airflow() -> Iterator[Any]:
    """What stands for a scheduler: three workers, two of which have a task."""
    with subprocess.Popen([sys.executable, "-c", SCHEDULER], stdin=subprocess.PIPE) as scheduler:
        yield SimpleNamespace(pid=lambda component: scheduler.pid)


def test_held_slots_are_those_with_a_task(airflow: Any) -> None:
    held = held_slots(airflow, 2, watch=0.2)
    assert (held.slots, held.processes) == (2, 4)
    assert held.megabytes_per_slot > 2
    assert held.computing < 0.5


def test_slots_that_are_not_held_are_not_waited_for_for_ever(airflow: Any) -> None:
    begin = time.monotonic()
    assert held_slots(airflow, 3, watch=0.1, seconds=1.5).slots == 2
    assert time.monotonic() - begin >= 1.5


def test_without_a_held_slot_nothing_is_taken() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    ) as alone:
        held = held_slots(SimpleNamespace(pid=lambda component: alone.pid), 0, watch=0.01)  # type: ignore[arg-type]
    assert held == Held(slots=0, processes=0, megabytes=0, computing=0)
    assert held.megabytes_per_slot == 0
