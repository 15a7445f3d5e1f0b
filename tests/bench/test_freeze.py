"""The measurements run, compare like with like, and give the figures that they promise."""

from __future__ import annotations

from pipelines.blueprint import build
from workbook.bench.freeze import freeze_costs, import_costs, tasks
from workbook.catalog import configurations


def test_imports_are_measured_on_the_same_dags() -> None:
    figures = import_costs(dags=10, rounds=1, peers=False)
    assert figures["dags"] == 10
    assert {"loop_ms_per_dag", "frozen_loop_ms_per_dag", "frozen_vs_loop"} <= figures.keys()
    assert all(value > 0 for value in figures.values())


def test_the_yaml_of_the_others_says_what_the_blueprint_makes() -> None:
    config = next(one for one in configurations(20) if one.kind == "incremental" and one.steps == 3)
    described = tasks(build(config))
    assert list(described) == ["start", "preconditions", "step_1", "step_2", "step_3", "end"]
    assert described["step_2"] == {
        "operator": "pipelines.operators.LoadStep",
        "part": 2,
        "parts": 3,
        "destination": config.destination,
        "dependencies": ["step_1"],
    }
    assert described["start"] == {
        "operator": "airflow.providers.standard.operators.empty.EmptyOperator",
        "dependencies": [],
    }


def test_one_edited_dag_is_one_file_written() -> None:
    figures = freeze_costs(dags=20)
    assert figures["edited_files"] == 1
    assert {"freeze_vs_import", "growth", "start_s", "files"} <= figures.keys()
