"""What the lessons on waiting run: DAGs that wait for remote jobs, and an Airflow that knows the job service."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from workbook import stack
from workbook.services import JobService, job_service
from workbook.workspace import DAGS, lesson_folder

MODES = ("blocking", "poke", "reschedule", "deferrable", "from_trigger")
CONNECTION = "remote_job_default"
SETTINGS = {
    # seconds without a sign of life after which a triggerer's triggers go to another; Airflow's own are 30
    "triggerer.triggerer_health_check_threshold": 10,
}
"""Airflow's settings for the lessons on waiting; with the same in each, they can share one Airflow."""


def start_with_job_service() -> tuple[stack.Airflow, JobService]:
    """Bring up what a lesson on waiting needs: Airflow with `SETTINGS`, and a job service that it is connected to."""
    airflow = stack.start(SETTINGS)
    service = job_service().start()
    connect(airflow, service)
    return airflow, service


def connect(airflow: stack.Airflow, service: JobService) -> None:
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


def waiting_folder(
    name: str,
    *,
    jobs: int,
    seconds: float,
    poll_interval: float = 1.0,
    timeout: float = 3600.0,
    retries: int = 2,
    modes: Sequence[str] = MODES,
    dags: str | None = None,
) -> Path:
    """Lay out a DAG folder with some of the files of ``dags/deferrable``, each with two DAGs.

    Args:
        name: of the folder, which is a `lesson_folder` and replaced if it exists.
        jobs: how many jobs a run submits.
        seconds: how long each takes.
        poll_interval: seconds between two polls of a job.
        timeout: seconds that a job may take.
        retries: how often Airflow tries a task again.
        modes: some of `MODES`.
        dags: what the ids of the DAGs begin with, and their file is called, instead of the mode; for a single mode.

    Returns:
        The folder, to be published.

    Raises:
        ValueError: when there is no such mode, or when the DAGs of several modes would have the same ids.
    """
    if unknown := sorted(set(modes) - set(MODES)):
        raise ValueError(f"no mode {', '.join(unknown)}; there are {', '.join(MODES)}")
    if dags and len(modes) != 1:
        raise ValueError(f"DAGs called {dags} have one mode, not {len(modes)}; lay out a folder for each")
    folder = lesson_folder(name)
    for mode in modes:
        text = (DAGS / "deferrable" / f"{mode}.py").read_text(encoding="utf-8")
        called = dags or mode
        (folder / f"{called}.py").write_text(
            text.replace(f'waiting_dags("{mode}"', f'waiting_dags("{called}"'), encoding="utf-8"
        )
    work = {"jobs": jobs, "seconds": seconds, "poll_interval": poll_interval}
    (folder / "work.json").write_text(json.dumps(work | {"timeout": timeout, "retries": retries}))
    return folder
