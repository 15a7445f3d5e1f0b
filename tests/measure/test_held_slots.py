"""Stays find their slots, and held slots count."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from workbook.measure import held_slots

ORIGIN = pd.Timestamp("2026-11-24 12:00:00", tz="UTC")
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


def test_a_stay_is_work_then_waiting_then_work() -> None:
    stays = held_slots.stays(tasks((1, 9)), jobs({"step_0": (2, 8)}), slots=1)
    assert stays.values.tolist() == [
        [0, "step_0", 1, 2, False],
        [0, "step_0", 2, 8, True],
        [0, "step_0", 8, 9, False],
    ]


def test_a_task_without_a_job_only_works_and_a_job_that_outlives_its_task_is_cut_off() -> None:
    stays = held_slots.stays(tasks((0, 1), (1, 3)), jobs({"step_1": (0.5, 7)}), slots=1)
    assert stays.waits.tolist() == [False, True]
    assert stays.end.tolist() == [1, 3]


def test_stays_use_every_slot_and_none_twice_at_a_time() -> None:
    spans = [(number // 4 * 7 + number % 4 * 0.1, number // 4 * 7 + 6.5) for number in range(12)]
    stays = held_slots.stays(tasks(*spans), jobs({}), slots=4)
    assert set(stays.slot) == {0, 1, 2, 3}
    for _, slot in stays.sort_values("begin").groupby("slot"):
        assert all(
            one <= other for one, other in itertools.pairwise(slot[["begin", "end"]].to_numpy().ravel())
        )


@pytest.fixture
def airflow() -> Iterator[Any]:
    """What stands for a scheduler: three workers, two of which have a task."""
    with subprocess.Popen([sys.executable, "-c", SCHEDULER], stdin=subprocess.PIPE) as scheduler:
        yield SimpleNamespace(pid=lambda component: scheduler.pid)


def test_held_slots_are_those_with_a_task(airflow: Any) -> None:
    cost = held_slots.look(airflow, 2, watch=0.2)
    assert (cost.slots, cost.processes) == (2, 4)
    assert cost.megabytes_per_slot > 2
    assert cost.computing < 0.5


def test_slots_that_are_not_held_are_not_waited_for_for_ever(airflow: Any) -> None:
    held_slots.look(airflow, 2, watch=0.01)  # once they have begun
    begin = time.monotonic()
    assert held_slots.look(airflow, 3, watch=0.1, seconds=1.5).slots == 2
    assert time.monotonic() - begin >= 1.5


def test_without_a_held_slot_nothing_is_taken() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    ) as alone:
        cost = held_slots.look(SimpleNamespace(pid=lambda component: alone.pid), 0, watch=0.01)  # type: ignore[arg-type]
    assert cost == held_slots.Held(slots=0, processes=0, megabytes=0, computing=0)
    assert cost.megabytes_per_slot == 0
