"""Runs of the DAGs that wait for remote jobs: started together through the REST client, watched, ended."""

from __future__ import annotations

import itertools
import json
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbook.progress import progress
from workbook.workspace import DAGS

if TYPE_CHECKING:
    import pandas as pd

    from workbook.services import JobService
    from workbook.stack import Airflow

MODES = ("blocking", "poke", "reschedule", "deferrable", "from_trigger")
CONNECTION = "remote_job_default"
ATTEMPTS = 5
SLOTS = 4
SETTINGS = {
    "core.parallelism": SLOTS,
    # seconds without a sign of life after which a triggerer's triggers go to another; Airflow's own are 30
    "triggerer.triggerer_health_check_threshold": 10,
}
"""Airflow's settings for the lessons on waiting; with the same in each, they can share one Airflow."""


class Run(NamedTuple):
    """One run of a DAG."""

    dag_id: str
    run_id: str


def waiting_folder(
    folder: Path,
    *,
    jobs: int,
    seconds: float,
    poll_interval: float = 1.0,
    timeout: float = 3600.0,
    retries: int = 2,
    modes: Sequence[str] = MODES,
) -> Path:
    """Lay out a DAG folder with some of the files of ``dags/deferrable``, each with two DAGs.

    Args:
        folder: is replaced if it exists.
        jobs: how many jobs a run submits.
        seconds: how long each takes.
        poll_interval: seconds between two polls of a job.
        timeout: seconds that a job may take.
        retries: how often Airflow tries a task again.
        modes: some of `MODES`.

    Returns:
        The folder, to be published.

    Raises:
        ValueError: when there is no such mode.
    """
    if unknown := sorted(set(modes) - set(MODES)):
        raise ValueError(f"no mode {', '.join(unknown)}; there are {', '.join(MODES)}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for mode in modes:
        shutil.copyfile(DAGS / "deferrable" / f"{mode}.py", folder / f"{mode}.py")
    work = {"jobs": jobs, "seconds": seconds, "poll_interval": poll_interval}
    (folder / "work.json").write_text(json.dumps(work | {"timeout": timeout, "retries": retries}))
    return folder


def connect(airflow: Airflow, service: JobService) -> None:
    """Tell Airflow where the job service is: the connection ``remote_job_default``, new or changed."""
    from airflow_client.client import ConnectionApi, ConnectionBody
    from airflow_client.client.exceptions import NotFoundException

    host, _, port = service.url.removeprefix("http://").partition(":")
    body = ConnectionBody(connection_id=CONNECTION, conn_type="http", host=host, port=int(port))
    api = ConnectionApi(airflow.client)
    try:
        api.get_connection(CONNECTION)
    except NotFoundException:
        api.post_connection(body)
    else:
        api.patch_connection(CONNECTION, body)


def storm(airflow: Airflow, dag_ids: Iterable[str], runs: int = 1) -> list[Run]:
    """Start ``runs`` runs of each DAG as fast as the API takes them.

    One after the other, because SQLite takes one writer at a time: of eight at once, some are refused. And each
    with an id of ours, so that one that was refused, or whose answer got lost, is asked for again without harm.
    """
    from airflow_client.client import DagRunApi, TriggerDAGRunPostBody
    from airflow_client.client.exceptions import ConflictException, ServiceException

    api, storm_id, begun = DagRunApi(airflow.client), secrets.token_hex(4), []
    for number, dag_id in itertools.product(range(1, runs + 1), dag_ids):
        run = Run(dag_id, f"storm_{storm_id}_{number}")
        for attempt in range(ATTEMPTS):
            try:
                api.trigger_dag_run(dag_id, TriggerDAGRunPostBody(dag_run_id=run.run_id))
            except ConflictException:  # it was begun, only the answer got lost
                pass
            except ServiceException:
                if attempt == ATTEMPTS - 1:
                    raise
                continue
            break
        begun.append(run)
    return begun


def end(airflow: Airflow, runs: Iterable[Run]) -> None:
    """Mark runs that have not ended as failed, which cancels the jobs that they wait for.

    SQLite may be busy with what their tasks report at that moment, and refuse; then this asks again.
    """
    from airflow_client.client import DagRunApi, DagRunMutableStates, DAGRunPatchBody
    from airflow_client.client.exceptions import ServiceException

    api = DagRunApi(airflow.client)
    for run in runs:
        for attempt in range(ATTEMPTS):
            if api.get_dag_run(*run).state.value in ("success", "failed"):
                break
            try:
                api.patch_dag_run(*run, DAGRunPatchBody(state=DagRunMutableStates.FAILED))
            except ServiceException:
                if attempt == ATTEMPTS - 1:
                    raise
                time.sleep(0.5)


def task_instances(airflow: Airflow, runs: Iterable[Run]) -> pd.DataFrame:
    """The task instances of some runs, in the order of their starts; the columns are those of the stack."""
    import pandas as pd

    tables = [airflow.task_instances(run.dag_id, run.run_id) for run in runs]
    return pd.concat(tables, ignore_index=True).sort_values(["start", "task_id"], ignore_index=True)


def wait_for_states(
    airflow: Airflow, runs: Sequence[Run], state: str, count: int, seconds: float = 600
) -> None:
    """Wait until that many task instances of some runs are in a state, such as 500 ``deferred``.

    Raises:
        TimeoutError: when they are not after ``seconds``, with the states that there are.
    """
    deadline = time.monotonic() + seconds
    with progress(f"Waiting for tasks to be {state}") as line:
        while True:
            states = task_instances(airflow, runs).state.value_counts().to_dict()
            there = states.get(state, 0)
            if there >= count:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"{count} task instances should be {state}; after {seconds:g} s they are: {states}"
                )
            line.say(f"{there} of {count}")
            time.sleep(0.5)


def gauges(airflow: Airflow, *names: str, seconds: float = 300) -> list[int]:
    """What Airflow's own gauges say next, such as ``pool.running_slots``, which it sends every few seconds.

    Raises:
        TimeoutError: when it has not sent one of them after ``seconds``.
    """
    import pandas as pd

    called = pd.Timestamp.now(tz="UTC")
    with progress("Waiting for Airflow's next metrics"):
        while True:
            metrics = airflow.metrics()
            values = metrics[metrics.time > called].groupby("name").value.first()
            if set(names) <= set(values.index):
                return [int(values[name]) for name in names]
            if pd.Timestamp.now(tz="UTC") > called + pd.Timedelta(seconds=seconds):
                raise TimeoutError(f"Airflow has not sent {', '.join(names)} for {seconds:g} s")
            time.sleep(0.5)


def wait_until(condition: Callable[[], bool], seconds: float = 300) -> bool:
    """Wait until something is so; after ``seconds`` give up. Returns whether it is so."""
    deadline = time.monotonic() + seconds
    with progress("Waiting"):
        while not (met := condition()) and time.monotonic() < deadline:
            time.sleep(0.2)
    return met


def finish(airflow: Airflow, runs: Iterable[Run], seconds: float = 1800) -> pd.DataFrame:
    """Wait for the end of some runs: a row per run with ``dag_id``, ``run_id``, ``state``, ``queued``, ``end`` (UTC).

    Raises:
        StackError: when one has not ended after ``seconds``.
    """
    import pandas as pd
    from airflow_client.client import DagRunApi

    api, deadline, rows = DagRunApi(airflow.client), time.monotonic() + seconds, []
    with progress("Waiting for the runs to finish") as line:
        for run in runs:
            line.say(run.dag_id)
            airflow.wait(*run, timeout=max(1.0, deadline - time.monotonic()))
            found = api.get_dag_run(*run)
            rows.append((*run, found.state.value, found.queued_at, found.end_date))
    return pd.DataFrame(rows, columns=["dag_id", "run_id", "state", "queued", "end"])


def makespan(finished: pd.DataFrame) -> float:
    """Seconds from the moment that the first of some runs was asked for until the last had ended."""
    return float((finished.end.max() - finished.queued.min()).total_seconds())
