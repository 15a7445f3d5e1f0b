"""Puts a learner's sensor into a slot once, and says what becomes of it."""

from __future__ import annotations

import json
import os
from urllib.parse import urlsplit

from workbook.exercises.attempt import dags_of

GIVES_BACK, FINISHES = "gives its slot back", "finishes"
LAST_POLL = 3
"""After as many polls in one stay the job ends, so that a task that waits in its slot comes to an end."""


def stay(file: str, url: str) -> str:
    """What becomes of the learner's sensor when it is in a slot once; its job is begun if there is none."""
    import httpx
    from airflow.sdk.exceptions import AirflowRescheduleException

    from pipelines.remote import RemoteJobHook

    address = urlsplit(url)
    connection = {"conn_type": "http", "host": address.hostname, "port": address.port}
    os.environ["AIRFLOW_CONN_REMOTE_JOB_DEFAULT"] = json.dumps(connection)
    RemoteJobHook().submit("the sensor's")
    status, polls = RemoteJobHook.status, []

    def status_that_ends(hook: RemoteJobHook, job_id: str) -> object:
        polls.append(job_id)
        if len(polls) == LAST_POLL:
            httpx.post(f"{url}/finish", json={}, trust_env=False).raise_for_status()
        return status(hook, job_id)

    RemoteJobHook.status = status_that_ends  # type: ignore[assignment, method-assign]
    tasks = [sensor for dag in dags_of(file).dags.values() for sensor in dag.tasks]
    if len(tasks) != 1 or getattr(tasks[0], "mode", "") != "reschedule":
        return "no sensor"
    try:
        tasks[0].execute({"ti": _FirstStay(), "params": {}})
    except AirflowRescheduleException:
        return GIVES_BACK
    except Exception as error:
        return f"{type(error).__name__}: {error}".removesuffix(": ")
    return FINISHES


class _FirstStay:
    """What a sensor asks of its task instance: whether it has been in a slot before."""

    def get_first_reschedule_date(self, context: object) -> None:
        """It has not."""
