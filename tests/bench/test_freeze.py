"""The measurements run, compare like with like, and give the figures that they promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.blueprint import build
from workbook.bench import freeze
from workbook.bench.freeze import Frozen, freeze_costs, import_costs, tasks
from workbook.catalog import configurations


def test_imports_are_measured_on_the_same_dags() -> None:
    figures = import_costs(dags=10, rounds=1, peers=False)
    assert list(figures) == ["import_frozen_over_loop"]
    assert figures["import_frozen_over_loop"].value > 0


def test_files_that_do_not_make_the_same_dags_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    def freeze_others(source: Path, **_: object) -> Frozen:
        others = freeze._loop(source.parents[1] / "others", configurations(10, seed=7))
        return Frozen(others.parent, 1, 1)

    monkeypatch.setattr(freeze, "_freeze", freeze_others)
    with pytest.raises(RuntimeError, match="there are 10 DAGs to compare, but not the same"):
        import_costs(dags=10, rounds=1, peers=False)


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
    assert figures["freeze_files_written"].value == 1
    assert {"freeze_over_import", "freeze_growth", "freeze_dags"} <= figures.keys()
