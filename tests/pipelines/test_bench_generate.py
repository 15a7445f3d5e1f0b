"""The measurements run, compare like with like, and give the figures that they promise."""

from __future__ import annotations

from workbook.bench_generate import import_costs, membership_costs


def test_imports_are_measured_on_the_same_dags() -> None:
    figures = import_costs(dags=10, rounds=1, peers=False)
    assert figures["dags"] == 10
    assert {"loop_ms_per_dag", "generated_ms_per_dag", "generated_vs_loop"} <= figures.keys()
    assert all(value > 0 for value in figures.values())


def test_an_added_dag_rewrites_about_one_file() -> None:
    figures = membership_costs(dags=500, added=50)
    assert 1 <= figures["files_per_addition"] < 1.3
    assert figures["counted_files_per_addition"] > 3
