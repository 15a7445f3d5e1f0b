"""Runs of DAGs on the Airflow of a notebook: awaited, read, stopped. `Airflow.run` starts them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook.progress import progress
from workbook.stack.errors import StackError, until
from workbook.stack.logs import task_log
from workbook.stack.running import PAGE, pages

if TYPE_CHECKING:
    import pandas as pd

    from workbook.stack.running import Running

ATTEMPTS = 5
RUN_ENDS = ("success", "failed")
TASK_ENDS = (*RUN_ENDS, "skipped", "upstream_failed", "removed")
TASK = {  # the columns of `Runs.tasks`, and their names in the REST API
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


class Run(NamedTuple):
    """One run of a DAG."""

    dag_id: str
    run_id: str


class Runs:
    """Some runs of DAGs, in the order in which they were asked for; made by `Airflow.run`.

    Args:
        airflow: where they run.
        runs: which they are.
    """

    def __init__(self, airflow: Running, runs: Sequence[Run]) -> None:
        self._airflow = airflow
        self._runs = tuple(runs)

    def __repr__(self) -> str:
        return f"{len(self)} runs of {', '.join(sorted({run.dag_id for run in self}))}"

    def __len__(self) -> int:
        return len(self._runs)

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs)

    def __getitem__(self, number: int) -> Run:
        return self._runs[number]

    def wait(self, seconds: float = 1800) -> pd.DataFrame:
        """Wait for the end of all runs.

        Returns:
            A row per run: ``dag_id``, ``run_id``, ``state`` (``success`` or ``failed``), ``queued``, ``end`` (UTC).

        Raises:
            StackError: when one has not ended after ``seconds``, or Airflow has.
        """
        import pandas as pd
        from airflow_client.client import DagRunApi

        rows: list[tuple[Any, ...]] = []
        with progress("Waiting for the runs to finish") as line:

            def all_ended() -> bool:
                for run in self._runs[len(rows) :]:
                    line.say(f"{len(rows)} of {len(self)}")
                    answer = DagRunApi(self._airflow.client).get_dag_run(*run)
                    if answer.state.value not in RUN_ENDS:
                        return False
                    rows.append((*run, answer.state.value, answer.queued_at, answer.end_date))
                return True

            until(all_ended, seconds, f"{self}: not all have ended", self._airflow.folder / "scheduler.log")
        return pd.DataFrame(rows, columns=["dag_id", "run_id", "state", "queued", "end"])

    def makespan(self) -> float:
        """Wait for the end of all runs; seconds from the request for the first of them until the last has ended."""
        ended = self.wait()
        return float((ended.end.max() - ended.queued.min()).total_seconds())

    def tasks(self) -> pd.DataFrame:
        """A row per task instance, in the order of their starts.

        Columns: ``dag_id``, ``run_id``, ``task_id``, ``map_index``, ``state``, ``try_number``, ``operator``,
        ``pool``, ``scheduled``, ``queued``, ``start``, ``end`` (UTC), ``duration`` (seconds in a worker slot,
        its start included).
        """
        import pandas as pd

        instances = [task for run in self for task in self._tasks_of(run)]
        rows = [
            {column: getattr(task, attribute) for column, attribute in TASK.items()} for task in instances
        ]
        frame = pd.DataFrame(rows, columns=list(TASK)).astype({"duration": float})
        frame["state"] = [task.state.value if task.state else None for task in instances]
        return frame.sort_values(["start", "task_id"], ignore_index=True)

    def wait_until(self, state: str, count: int, seconds: float = 600) -> None:
        """Wait until that many task instances are in a state, such as 500 ``deferred``.

        Raises:
            StackError: when they are not after ``seconds``, or when all have ended in other states.
        """
        begin = time.monotonic()
        with progress(f"Waiting for the state {state}") as line:
            while (states := self.tasks().state).eq(state).sum() < count:
                waited = time.monotonic() - begin
                if waited > seconds or (len(states) and states.isin(TASK_ENDS).all()):
                    raise StackError(
                        f"{self}: {count} tasks should be {state}; after {waited:.0f} s they are "
                        f"{states.value_counts(dropna=False).to_dict()}. Airflow shows their logs: {self._airflow.url}"
                    )
                line.say(f"{states.eq(state).sum()} of {count}")
                time.sleep(0.5)

    def log(self, task_id: str) -> str:
        """The log of a task in each run, as the user interface shows it: see `workbook.stack.logs.task_log`."""
        return "\n".join(task_log(self._airflow.folder, *run, task_id) for run in self)

    def stop(self) -> None:
        """Mark those that have not ended as failed, which cancels the jobs that they wait for."""
        from airflow_client.client import DagRunApi, DagRunMutableStates, DAGRunPatchBody

        api, failed = DagRunApi(self._airflow.client), DAGRunPatchBody(state=DagRunMutableStates.FAILED)

        def stop(run: Run) -> None:
            if api.get_dag_run(*run).state.value not in RUN_ENDS:
                api.patch_dag_run(*run, failed)

        for run in self:
            repeat(stop, run)

    def _tasks_of(self, run: Run) -> list[Any]:
        from airflow_client.client import TaskInstanceApi

        api = TaskInstanceApi(self._airflow.client)
        return pages(lambda offset: api.get_task_instances(*run, limit=PAGE, offset=offset).task_instances)


def repeat(request: Callable[..., object], *arguments: object) -> None:
    """Make a request, and again when the server fails: SQLite may be busy with what tasks report, and refuse."""
    from airflow_client.client.exceptions import ServiceException

    for attempt in range(1, ATTEMPTS + 1):
        try:
            request(*arguments)
            return
        except ServiceException:
            if attempt == ATTEMPTS:
                raise
            time.sleep(0.5)
