"""What Airflow records of the tasks of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook.stack import Airflow


def task_seconds(airflow: Airflow, dag_id: str) -> list[float]:
    """Run a DAG once; the seconds of each of its tasks in a worker slot, those that do nothing at all left out."""
    runs = airflow.run(dag_id)
    runs.wait()
    tasks = runs.tasks()
    return list(tasks.duration[tasks.operator != "EmptyOperator"])
