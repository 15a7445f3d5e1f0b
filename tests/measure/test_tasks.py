"""The seconds of a run's tasks are those that Airflow records, without the tasks that no worker executes."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook import stack
from workbook.measure.tasks import task_seconds

pytestmark = pytest.mark.airflow

DAG = """
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG
with DAG("naps", schedule=None):
    EmptyOperator(task_id="begin") >> BashOperator(task_id="nap", bash_command="sleep 1")
"""


def test_tasks_that_a_worker_executes_are_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBOOK_AIRFLOW", str(tmp_path / "airflow"))
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "naps.py").write_text(DAG)
    airflow = stack.start()
    try:
        assert airflow.publish("naps", tmp_path / "dags") == ["naps"]
        (seconds,) = task_seconds(airflow, "naps")
        assert seconds >= 1
    finally:
        stack.stop()
