"""The DAGs that wait: the same jobs in five ways, in parallel and in series."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization

from workbook.workspace import DAGS

MODES = ["blocking", "poke", "reschedule", "deferrable", "from_trigger"]


def bag(folder: Path, work: dict | None = None) -> DagBag:
    shutil.copytree(DAGS / "deferrable", folder, ignore=shutil.ignore_patterns("__pycache__"))
    if work is not None:
        (folder / "work.json").write_text(json.dumps(work))
    return DagBag(folder, safe_mode=False, collect_dags=True)


def test_each_way_has_both_kinds(tmp_path: Path) -> None:
    dag_bag = bag(tmp_path / "dags")
    assert dag_bag.import_errors == {}
    assert set(dag_bag.dags) == {f"{mode}_{kind}" for mode in MODES for kind in ("full", "incremental")}
    for dag in dag_bag.dags.values():
        again = DagSerialization.from_dict(DagSerialization.to_dict(dag))
        assert set(again.task_ids) == set(dag.task_ids)


@pytest.mark.parametrize("mode", MODES)
def test_full_is_parallel_and_incremental_is_a_chain(tmp_path: Path, mode: str) -> None:
    dags = bag(tmp_path / "dags", {"jobs": 3, "seconds": 2}).dags
    steps = [f"step_{number}" for number in (1, 2, 3)]
    full, incremental = dags[f"{mode}_full"], dags[f"{mode}_incremental"]
    assert {task.task_id for task in full.leaves} == set(steps)
    assert len(full.roots) == 3
    assert [task.task_id for task in incremental.leaves] == steps[2:]
    assert len(incremental.roots) == 1
    assert len(incremental.topological_sort()) == (6 if mode in ("poke", "reschedule") else 3)


def test_the_ways_differ_in_how_they_wait_and_in_nothing_else(tmp_path: Path) -> None:
    dags = bag(tmp_path / "dags").dags
    ways = {
        mode: (
            dags[f"{mode}_full"].get_task("step_1").task_type,
            getattr(dags[f"{mode}_full"].get_task("step_1"), "deferrable", None),
            dags[f"{mode}_full"].get_task("step_1").start_from_trigger,
            getattr(dags[f"{mode}_full"].get_task("step_1"), "mode", None),
        )
        for mode in MODES
    }
    assert ways == {
        "blocking": ("RemoteJobOperator", False, False, None),
        "poke": ("RemoteJobSensor", None, False, "poke"),
        "reschedule": ("RemoteJobSensor", None, False, "reschedule"),
        "deferrable": ("RemoteJobOperator", True, False, None),
        "from_trigger": ("RemoteJobOperator", True, True, None),
    }


def test_a_wrong_name_in_work_json_is_said_with_those_that_exist(tmp_path: Path) -> None:
    dag_bag = bag(tmp_path / "dags", {"job": 3})
    assert len(dag_bag.import_errors) == len(MODES)
    error = next(iter(dag_bag.import_errors.values()))
    assert "work.json: unknown job; the fields are jobs, seconds, poll_interval, timeout, retries" in error
