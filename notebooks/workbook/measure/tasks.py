"""What Airflow records of the tasks of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook.stack import Airflow


def task_seconds(airflow: Airflow, dag_id: str) -> list[float]:
    """Run a DAG once; the seconds of each of its tasks on a worker's slot, those that do nothing at all left out."""
    run = airflow.trigger(dag_id)
    airflow.wait(dag_id, run)
    tasks = airflow.task_instances(dag_id, run)
    return list(tasks.duration[tasks.operator != "EmptyOperator"])
