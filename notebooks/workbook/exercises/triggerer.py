"""Runs a learner's trigger in Airflow's own runner of triggers, on a real job; for functions of `Attempt.run`."""

from __future__ import annotations

import asyncio
import inspect
import os
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from airflow.jobs.triggerer_job_runner import TriggerRunner
from airflow.triggers.base import BaseTrigger, TriggerEvent

from pipelines.remote import CONNECTION, Job, RemoteJobHook
from workbook.services import JobService, job_service

BEAT_SECONDS = 0.05
PATIENCE_BEATS = 150
"""Beats without a poll after which a trigger that has not fired is given up; one that pauses for a second needs 20."""
MOST_POLLS = 20
"""Polls after which one that goes on is given up."""

Task = asyncio.Task[None]


class JobEnded(BaseTrigger):
    """The trigger of the lesson, whose ``run`` learners write.

    Args:
        job_id: of the job.
        stored: more attributes.
    """

    def __init__(self, job_id: str, **stored: Any) -> None:
        super().__init__()
        self.job_id = job_id
        vars(self).update(stored)

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Where the class is, and its arguments."""
        return "job_ended.JobEnded", {"job_id": self.job_id}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait for the job."""
        hook = RemoteJobHook()
        while not (job := await hook.astatus(self.job_id)).ended:
            await asyncio.sleep(BEAT_SECONDS)
        yield TriggerEvent(job.event)


class Watch:
    """Counts what a trigger does, and ends its job.

    Args:
        service: runs the job.
        last: the poll that finds the job ended; 0 for none.

    Attributes:
        polls: requests for the state of the job.
        beats: beats of the heartbeat between two polls; other triggers could have had their turns then.
        blocking_polls: those made by the hook's method for workers.
        blocking_sleeps: calls of ``time.sleep``.
    """

    def __init__(self, service: JobService, last: int = 0) -> None:
        self._service, self._last = service, last
        self.polls = self.beats = self.blocking_polls = self.blocking_sleeps = 0
        self._since_poll = 0
        self._in_poll = False

    def beat(self) -> None:
        """Count a turn that the event loop gave to the heartbeat."""
        self._since_poll += self.polls > 0 and not self._in_poll

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Count while this is open."""
        astatus, status, sleep = RemoteJobHook.astatus, RemoteJobHook.status, time.sleep

        async def poll(hook: RemoteJobHook, job_id: str) -> Job:
            self._count_poll()
            self._in_poll = True
            try:
                return await astatus(hook, job_id)
            finally:
                self._in_poll = False

        def blocking_poll(hook: RemoteJobHook, job_id: str) -> Job:
            self._count_poll()
            self.blocking_polls += 1
            return status(hook, job_id)

        def blocking_sleep(seconds: float) -> None:
            self.blocking_sleeps += 1
            sleep(seconds)

        with (
            patch.object(RemoteJobHook, "astatus", poll),
            patch.object(RemoteJobHook, "status", blocking_poll),
            patch.object(time, "sleep", blocking_sleep),
        ):
            yield

    def _count_poll(self) -> None:
        self.polls += 1
        self.beats, self._since_poll = self.beats + self._since_poll, 0
        if self.polls == self._last:
            self._service.finish()


def observed(trigger: type[JobEnded], stored: dict[str, Any], last: int) -> dict[str, Any]:
    """Run a trigger next to a heartbeat until it fires, ends, or is given up.

    Args:
        trigger: with the learner's ``run``.
        stored: its attributes besides the id of the job.
        last: the poll that finds the job ended; 0 for none.

    Returns:
        The counts of `Watch`; ``job_id``; ``event``, its class and what it carries, or None; ``error``, the exception
        that ended the trigger, or ""; ``waits``, whether it was given up; ``forgotten``, a warning for each
        coroutine that nothing awaited.
    """
    with _submitted() as (service, job_id), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        watch = Watch(service, last)
        with watch.at_work():
            outcome = asyncio.run(_beside_heartbeat(trigger(job_id, **stored), watch))
    forgotten = [str(each.message) for each in caught if "was never awaited" in str(each.message)]
    counts = {name: value for name, value in vars(watch).items() if not name.startswith("_")}
    return {**counts, **outcome, "job_id": job_id, "forgotten": forgotten}


async def _beside_heartbeat(trigger: BaseTrigger, watch: Watch) -> dict[str, Any]:
    runner, task = _started(trigger)
    beats = polls = 0
    while beats < PATIENCE_BEATS and watch.polls < MOST_POLLS and not (task.done() or runner.events):
        await asyncio.sleep(BEAT_SECONDS)
        watch.beat()
        beats, polls = beats + 1 if watch.polls == polls else 0, watch.polls
    error = task.exception() if task.done() else None
    event = runner.events[0].event if runner.events else None
    return {
        "event": [type(event).__name__, getattr(event, "payload", None)] if runner.events else None,
        "error": f"{type(error).__name__}: {error}" if error else "",
        "waits": not task.done() and not runner.events,
    }


async def stop(runner: TriggerRunner, task: Task) -> None:
    """What Airflow does when someone stops the task of a trigger."""
    runner.to_cancel.append(1)
    await runner.cancel_triggers()
    await asyncio.wait([task])


async def shut_down(runner: TriggerRunner, task: Task) -> None:
    """What Airflow does when its triggerer shuts down: nothing, and with that its event loop ends."""


def cancels(trigger: type[JobEnded], then: Callable[[TriggerRunner, Task], Awaitable[None]]) -> int:
    """How many jobs a trigger cancels that is ended after its first poll.

    Args:
        trigger: the learner's.
        then: `stop` or `shut_down`.
    """

    async def main(job_id: str) -> None:
        runner, task = _started(trigger(job_id))
        while not watch.polls and not task.done():
            await asyncio.sleep(BEAT_SECONDS)
        if task.done():
            await task  # it raised
        await then(runner, task)

    with _submitted() as (service, job_id):
        watch = Watch(service)
        with watch.at_work():
            asyncio.run(main(job_id))
        return service.cancels


@contextmanager
def _submitted() -> Iterator[tuple[JobService, str]]:
    """A job service, known to this process, and the id of an hour's job in it."""
    with job_service() as service:
        os.environ[f"AIRFLOW_CONN_{CONNECTION.upper()}"] = service.url
        yield service, RemoteJobHook().submit("exercise", seconds=3600).id


def _started(trigger: BaseTrigger) -> tuple[TriggerRunner, Task]:
    runner = TriggerRunner()
    task = asyncio.ensure_future(runner.run_trigger(1, trigger))
    runner.triggers[1] = {"task": task, "is_watcher": False, "name": "trigger", "events": 0}
    return runner, task


def kind_of(run: Any) -> str:
    """What a learner's ``run`` is: ``generator``, as Airflow needs it, ``coroutine`` or ``function``."""
    if inspect.isasyncgenfunction(run):
        return "generator"
    return "coroutine" if inspect.iscoroutinefunction(run) else "function"
