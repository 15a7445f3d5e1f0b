"""The triggers: they wait for jobs in the triggerer, where a thousand waits take no worker slot."""

from __future__ import annotations

import asyncio
import functools
import random
import time
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TaskSuccessEvent, TriggerEvent

from pipelines.remote.hook import CONNECTION, RemoteJobHook
from pipelines.remote.jobs import JobRefused, ServiceUnavailable, UnknownJob, job_key, lost, timed_out

POLL_INTERVAL = 5.0


class RemoteJobTrigger(BaseTrigger):
    """Wait for a job in the triggerer, and fire one event: how it ended, ``timeout``, ``unknown`` or ``refused``.

    A triggerer that stops or crashes leaves the job alone, and the next triggerer continues the wait. Clearing or
    marking the task while it waits cancels the job.

    Args:
        job_id: of the job.
        remote_job_conn_id: the connection to the service.
        poll_interval: roughly the seconds between two polls of the job.
        end_time: when to give up, in seconds since 1970 (a duration would start over in the next triggerer).
    """

    def __init__(
        self,
        job_id: str,
        remote_job_conn_id: str = CONNECTION,
        poll_interval: float = POLL_INTERVAL,
        end_time: float | None = None,
    ) -> None:
        super().__init__()
        self.job_id = job_id
        self.remote_job_conn_id = remote_job_conn_id
        self.poll_interval = poll_interval
        self.end_time = end_time

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Where the class is, and the arguments that make an equal trigger elsewhere."""
        return classpath(type(self)), {
            "job_id": self.job_id,
            "remote_job_conn_id": self.remote_job_conn_id,
            "poll_interval": self.poll_interval,
            "end_time": self.end_time,
        }

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Poll the job until there is an event to report."""
        yield TriggerEvent(await self._follow(self.job_id))

    async def on_kill(self) -> None:
        """Cancel the job: someone cleared or marked the task while it waited."""
        job = await self.hook.acancel(self.job_id)
        self.log.info("job %s is %s", job.id, job.state)

    @functools.cached_property
    def hook(self) -> RemoteJobHook:
        """The hook of this trigger's connection."""
        return RemoteJobHook(self.remote_job_conn_id)

    async def _follow(self, job_id: str) -> dict[str, str]:
        while True:
            try:
                job = await self.hook.astatus(job_id)
                if job.ended:
                    return job.event
            except (UnknownJob, JobRefused) as problem:
                return lost(job_id, problem)
            except ServiceUnavailable as problem:
                self.log.warning("%s; the job keeps running, polling again", problem)
            if self.end_time is not None and time.time() >= self.end_time:
                return timed_out(job_id)
            await self._pause()

    async def _pause(self) -> None:
        # A random part, so that after a restart of the triggerer not all triggers poll at the same moment.
        await asyncio.sleep(self.poll_interval * random.uniform(0.8, 1.2))


class RemoteJobRunTrigger(RemoteJobTrigger):
    """Submit a job in the triggerer and wait for it; success ends the task here, all else resumes it in a worker.

    Args:
        job_name: what the job is called at the service.
        seconds: how long it is to take; without it, the service decides.
        remote_job_conn_id: the connection to the service.
        poll_interval: roughly the seconds between two polls of the job.
    """

    def __init__(
        self,
        job_name: str = "",
        seconds: float | None = None,
        remote_job_conn_id: str = CONNECTION,
        poll_interval: float = POLL_INTERVAL,
    ) -> None:
        super().__init__("", remote_job_conn_id, poll_interval)
        self.job_name = job_name
        self.seconds = seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Where the class is, and the arguments that make an equal trigger elsewhere."""
        return classpath(type(self)), {
            "job_name": self.job_name,
            "seconds": self.seconds,
            "remote_job_conn_id": self.remote_job_conn_id,
            "poll_interval": self.poll_interval,
        }

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Submit the job or find it, and poll it until it has finished."""
        event = await self._run()
        if event["status"] == "succeeded":
            yield TaskSuccessEvent(xcoms={"return_value": event["job_id"]})
        else:
            yield TriggerEvent(event)

    async def on_kill(self) -> None:
        """Cancel the job of this try, also when its submission has not been answered yet."""
        job = await self.hook.acancel_key(job_key(self.task_instance))
        if job:
            self.log.info("job %s is %s", job.id, job.state)

    async def _run(self) -> dict[str, str]:
        while True:
            try:
                job = await self.hook.asubmit(job_key(self.task_instance), self.job_name, self.seconds)
                self.log.info("job %s (key %s) is %s", job.id, job.key, job.state)
                return await self._follow(job.id)
            except (UnknownJob, JobRefused) as problem:
                return lost("", problem)
            except ServiceUnavailable as problem:
                self.log.warning("%s; submitting again", problem)
            await self._pause()


def classpath(trigger: type[BaseTrigger]) -> str:
    """Where a trigger's class is, as Airflow writes it down for the triggerer."""
    return f"{trigger.__module__}.{trigger.__qualname__}"
