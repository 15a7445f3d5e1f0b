"""A whole Airflow at a notebook's hand: start it or attach to it, publish DAGs, run them, read what happened.

The first notebook that calls `start` brings Airflow up, the others attach to it, and it ends seconds after the
last of their kernels has ended, however that was. `workbook.stack.supervisor` does the keeping.

``python -m workbook.stack status`` says what runs, ``python -m workbook.stack stop`` ends it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.progress import progress
from workbook.stack.attach import attach, end, suits
from workbook.stack.errors import until
from workbook.stack.metrics import parse_lines, to_frame
from workbook.stack.place import Place
from workbook.stack.publishing import Publishing
from workbook.stack.running import PAGE, pages
from workbook.workspace import WORK

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path(os.environ.get("WORKBOOK_AIRFLOW") or WORK / "airflow")
"""A build or a test run names a folder of its own, so that it leaves a learner's Airflow alone."""

TASK = {  # the columns of `Airflow.task_instances`, and their names in the REST API
    "dag_id": "dag_id",
    "run_id": "dag_run_id",
    "task_id": "task_id",
    "map_index": "map_index",
    "state": "state",
    "try_number": "try_number",
    "operator": "operator_name",
    "pool": "pool",
    "scheduled": "scheduled_when",
    "queued": "queued_when",
    "start": "start_date",
    "end": "end_date",
    "duration": "duration",
}


def start(settings: Mapping[str, object] | None = None) -> Airflow:
    """Bring Airflow up, or attach to the one that another notebook of this workbook has brought up.

    Args:
        settings: Airflow's own settings that this notebook needs, such as ``{"core.parallelism": 2}``. If the
            Airflow that runs has others, it is ended, for every notebook, and a new one is started.

    Returns:
        The handle, when Airflow's four parts are healthy.

    Raises:
        StackError: when a part ends instead, with the last lines of its log.
    """
    global _current
    wanted = {name: str(value) for name, value in (settings or {}).items()}
    with progress("Starting Airflow") as line:
        if _current is None or not _current.runs or not suits(_current.state(), wanted):
            if _current is not None:
                _current.leave()
            _current = Airflow(FOLDER, attach(Place(FOLDER), wanted))
        try:
            _current.revive()
            _current.wait_until_healthy(say=line.say)
        except BaseException:  # an interrupt as well: what is half up has nobody to hold it, and ends
            _current.leave()
            raise
    return _current


def stop() -> None:
    """End the Airflow of this workbook, for every notebook, and whatever a former one left; return when it is gone."""
    end(Place(FOLDER))


class Airflow(Publishing):
    """The Airflow that this notebook uses; made by `start`.

    Attributes:
        url: address of the API server and the user interface.
        folder: where it lives: its logs, its database, its ``dags`` and ``plugins``.
    """

    def stop(self) -> None:
        """End Airflow now, for every notebook."""
        self.leave()
        stop()

    def trigger(self, dag_id: str, conf: Mapping[str, Any] | None = None) -> str:
        """Start a run of a DAG and return the run's id."""
        from airflow_client.client import DagRunApi, TriggerDAGRunPostBody

        body = TriggerDAGRunPostBody(conf=dict(conf) if conf else None)
        return str(DagRunApi(self.client).trigger_dag_run(dag_id, body).dag_run_id)

    def wait(self, dag_id: str, run_id: str, timeout: float = 900.0) -> str:
        """Wait for the end of a run and return its state, ``success`` or ``failed``.

        Raises:
            StackError: when it has not ended after ``timeout`` seconds, or Airflow has.
        """
        from airflow_client.client import DagRunApi

        api = DagRunApi(self.client)
        ended: list[str] = []

        def over() -> bool:
            self._check()
            state = str(api.get_dag_run(dag_id, run_id).state.value)
            ended.extend([state] if state in ("success", "failed") else [])
            return bool(ended)

        with progress("Waiting for the run to finish"):
            until(over, timeout, f"the run {run_id} of {dag_id} has not ended", self._place.log("scheduler"))
        return ended[0]

    def task_instances(self, dag_id: str, run_id: str) -> pd.DataFrame:
        """A row per task instance of a run, in the order of their starts.

        Columns: ``dag_id``, ``run_id``, ``task_id``, ``map_index``, ``state``, ``try_number``, ``operator``,
        ``pool``, ``scheduled``, ``queued``, ``start``, ``end`` (UTC), ``duration`` (seconds on a worker's slot,
        its start included).

        Args:
            dag_id: ``~`` for every DAG.
            run_id: ``~`` for every run.
        """
        import pandas as pd
        from airflow_client.client import TaskInstanceApi

        api = TaskInstanceApi(self.client)
        found = pages(
            lambda offset: api.get_task_instances(dag_id, run_id, limit=PAGE, offset=offset).task_instances
        )
        rows = [{column: getattr(task, attribute) for column, attribute in TASK.items()} for task in found]
        frame = pd.DataFrame(rows, columns=list(TASK)).astype({"duration": float})
        frame["state"] = [task.state.value if task.state else None for task in found]
        return frame.sort_values(["start", "task_id"], ignore_index=True)

    def metrics(self) -> pd.DataFrame:
        """Airflow's own StatsD metrics since its start: ``time``, ``name``, ``kind``, ``value``, ``tags``."""
        self._check()
        with self._place.metrics.open() as lines:
            return to_frame(parse_lines(lines))


_current: Airflow | None = None
