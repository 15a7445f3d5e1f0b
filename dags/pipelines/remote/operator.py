"""The operator: it submits a job and waits for its end, with a worker slot or without."""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.sdk import BaseOperator
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import TaskDeferralError, TaskDeferralTimeout
from airflow.triggers.base import StartTriggerArgs

from pipelines.remote.hook import CONNECTION, RemoteJobHook
from pipelines.remote.jobs import (
    Job,
    JobFailed,
    JobRecord,
    JobRefused,
    JobTimeout,
    RemoteJobError,
    ServiceUnavailable,
    UnknownJob,
    job_key,
    lost,
    timed_out,
)
from pipelines.remote.triggers import POLL_INTERVAL, RemoteJobRunTrigger, RemoteJobTrigger, classpath

TIMEOUT = 3600.0

# Airflow ends a deferral this many seconds after the trigger should have done it itself: the trigger may be late.
GRACE_SECONDS = 60.0


class RemoteJobOperator(BaseOperator):
    """Run a job on the remote service and wait for its end.

    Args:
        job_name: what the job is called at the service.
        seconds: how long it is to take; without it, the service decides.
        remote_job_conn_id: the connection to the service.
        poll_interval: seconds between two polls of the job.
        timeout: seconds that the job may take; then it is cancelled and the task fails.
        deferrable: wait in the triggerer instead of a worker slot.
        start_from_trigger: with ``deferrable``, submit in the triggerer too and end there: a job that succeeds
            needs no worker slot at all. Each try then submits a new job.
        wait_for_completion: if False, only submit; a `RemoteJobSensor` can wait for the job.

    Returns:
        The job's id, as an XCom.
    """

    # No field is a template: a name such as {{ conn.aws }} in a configuration stays a name.
    template_fields: Sequence[str] = ()
    ui_color = "#ede9fe"

    def __init__(
        self,
        *,
        job_name: str = "",
        seconds: float | None = None,
        remote_job_conn_id: str = CONNECTION,
        poll_interval: float = POLL_INTERVAL,
        timeout: float = TIMEOUT,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        start_from_trigger: bool = False,
        wait_for_completion: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.job_name = job_name
        self.seconds = seconds
        self.remote_job_conn_id = remote_job_conn_id
        self.poll_interval = poll_interval
        self.timeout = timeout
        self.deferrable = deferrable
        self.wait_for_completion = wait_for_completion
        self.start_from_trigger = start_from_trigger and deferrable
        if self.start_from_trigger:
            self.start_trigger_args = StartTriggerArgs(
                trigger_cls=classpath(RemoteJobRunTrigger),
                trigger_kwargs=self._run_trigger().serialize()[1],
                next_method="execute_complete",
                timeout=timedelta(seconds=timeout),
            )
        self._killed = False

    @functools.cached_property
    def hook(self) -> RemoteJobHook:
        """The hook of this task's connection."""
        return RemoteJobHook(self.remote_job_conn_id)

    def execute(self, context: Any) -> str:
        """Submit the job or find it, and wait for it as the arguments say."""
        self.hook.locate()
        job = self.hook.submit_once(context, self.job_name, self.seconds)
        self.log.info("job %s (key %s) is %s", job.id, job.key, job.state)
        if self._killed:  # while it was submitted, and so perhaps not known when it was to be cancelled
            job = self.hook.cancel(job.id)
        if not self.wait_for_completion:
            return job.id
        if self.deferrable and not job.ended:
            self.defer(
                trigger=RemoteJobTrigger(
                    job_id=job.id,
                    remote_job_conn_id=self.remote_job_conn_id,
                    poll_interval=self.poll_interval,
                    end_time=time.time() + self.timeout,
                ),
                method_name="execute_complete",
                timeout=timedelta(seconds=self.timeout + GRACE_SECONDS),
            )
        return self.execute_complete(context, self._wait(job))

    def execute_complete(self, context: Any, event: dict[str, str]) -> str:
        """End as the event says that the job ended; here a deferred task is resumed.

        Raises:
            JobTimeout: when it took too long; then it is cancelled.
            JobFailed: when it failed, was cancelled, is unknown or was refused.
        """
        status, job_id = event["status"], event["job_id"]
        if status == "succeeded":
            return job_id
        if status == "timeout":
            self._cancel_own(context)
            raise JobTimeout(f"job {job_id} took longer than {self.timeout:g} s")
        raise JobFailed(f"job {job_id or self.job_name}: {status}. {event['message']}".rstrip(". "))

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Any) -> Any:
        """Resume after the deferral. If that ended without an event and no try is left, cancel the job."""
        try:
            return super().resume_execution(next_method, next_kwargs, context)
        except (TaskDeferralTimeout, TaskDeferralError) as problem:
            # After a failure of the trigger the next try finds the job and continues the wait.
            last = context["ti"].try_number > context["ti"].max_tries
            if last or isinstance(problem, TaskDeferralTimeout) or self.start_from_trigger:
                self._cancel_own(context)
            raise

    def on_kill(self) -> None:
        """Cancel the job, because somebody cleared or marked the task, or the worker has to stop."""
        self._killed = True
        if self.hook.key:
            self._cancel(self.hook.key)

    def _cancel_own(self, context: Any) -> None:
        record = None if self.start_from_trigger else JobRecord.of(context)
        self._cancel(record.key if record else job_key(context["ti"]))

    def _cancel(self, key: str) -> None:
        try:
            job = self.hook.cancel_key(key)
        except RemoteJobError as problem:
            self.log.error("%s; a job with the key %s may still run: cancel it at the service", problem, key)
        else:
            if job:
                self.log.info("job %s (key %s) is %s", job.id, job.key, job.state)

    def _wait(self, job: Job) -> dict[str, str]:
        end = time.monotonic() + self.timeout
        while not job.ended:
            if time.monotonic() >= end:
                return timed_out(job.id)
            time.sleep(max(0, min(self.poll_interval, end - time.monotonic())))
            try:
                job = self.hook.status(job.id)
            except (UnknownJob, JobRefused) as problem:
                return lost(job.id, problem)
            except ServiceUnavailable as problem:
                self.log.warning("%s; the job keeps running, polling again", problem)
        return job.event

    def _run_trigger(self) -> RemoteJobRunTrigger:
        return RemoteJobRunTrigger(
            job_name=self.job_name,
            seconds=self.seconds,
            remote_job_conn_id=self.remote_job_conn_id,
            poll_interval=self.poll_interval,
        )
