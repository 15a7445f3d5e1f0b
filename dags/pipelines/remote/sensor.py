"""The sensor: it waits for a job that another task has submitted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import BaseSensorOperator, XComArg

from pipelines.remote.hook import CONNECTION, RemoteJobHook
from pipelines.remote.jobs import JobFailed, ServiceUnavailable


class RemoteJobSensor(BaseSensorOperator):
    """Wait for a job that another task submitted: ``mode="poke"`` in its slot, ``mode="reschedule"`` between slots.

    It did not submit the job, so it does not cancel it either, whatever happens to it.

    Args:
        job_id: of the job; usually the output of a `RemoteJobOperator` that does not wait.
        remote_job_conn_id: the connection to the service.
    """

    template_fields: Sequence[str] = ("job_id",)
    ui_color = "#fef3c7"

    def __init__(self, *, job_id: str | XComArg, remote_job_conn_id: str = CONNECTION, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job_id: Any = job_id
        self.remote_job_conn_id = remote_job_conn_id

    def poke(self, context: Any) -> bool:
        """Whether the job has succeeded.

        Raises:
            JobFailed: when it ended otherwise.
            UnknownJob: when the service does not know it.
        """
        try:
            job = RemoteJobHook(self.remote_job_conn_id).status(self.job_id)
        except ServiceUnavailable as problem:
            self.log.warning("%s; polling again later", problem)
            return False
        if job.failed:
            raise JobFailed(f"job {job.id}: {job.state}. {job.reason}".rstrip(". "))
        return job.ended
