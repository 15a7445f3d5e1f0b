"""The triggers: equal after a round trip, one event for each end, and who may cancel the job."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest
from airflow._shared.module_loading import import_string
from airflow.jobs.triggerer_job_runner import _USER_ACTION_CANCEL_MSG, TriggerRunner
from airflow.models.trigger import Trigger
from airflow.triggers.base import TaskSuccessEvent, TriggerEvent
from remote.conftest import LONG, task_instance

from pipelines import remote
from pipelines.remote import RemoteJobHook, RemoteJobRunTrigger, RemoteJobTrigger, job_key
from pipelines.remote.triggers import classpath
from workbook.services import JobService

SOON = 0.02


def begin(seconds: float, **instance: Any) -> str:
    return RemoteJobHook().submit(job_key(task_instance(**instance)), "", seconds).id


def waiting(job_id: str, **more: Any) -> RemoteJobTrigger:
    return RemoteJobTrigger(**{"job_id": job_id, "poll_interval": SOON, **more})


def running(**more: Any) -> RemoteJobRunTrigger:
    trigger = RemoteJobRunTrigger(**{"poll_interval": SOON, **more})
    trigger.task_instance = task_instance()
    return trigger


def events(trigger: RemoteJobTrigger) -> list[TriggerEvent]:
    async def all_of_them() -> list[TriggerEvent]:
        return [event async for event in trigger.run()]

    return asyncio.run(all_of_them())


@pytest.mark.parametrize(
    "trigger",
    [
        RemoteJobTrigger("job-1", "elsewhere", 0.5, 1_800_000_000.25),
        RemoteJobTrigger("job-1"),
        RemoteJobRunTrigger("copy {{ it }}", 3.5, "elsewhere", 0.5),
        RemoteJobRunTrigger(),
    ],
)
def test_is_the_same_after_a_round_trip_through_the_database(trigger: RemoteJobTrigger) -> None:
    row = Trigger.from_object(trigger)
    again = import_string(row.classpath)(**row.kwargs)
    assert type(again) is type(trigger)
    assert again.serialize() == trigger.serialize()
    assert vars(again) | {"_log": None} == vars(trigger) | {"_log": None}


def test_tells_success_once(service: JobService) -> None:
    assert [event.payload for event in events(waiting(begin(0.1)))] == [
        {"status": "succeeded", "job_id": "job-1", "message": ""}
    ]
    assert service.polls > 1


def test_tells_failure_and_why(service: JobService) -> None:
    service.set(fail_rate=1)
    [event] = events(waiting(begin(0)))
    assert event.payload == {"status": "failed", "job_id": "job-1", "message": "the service let it fail"}


def test_tells_that_somebody_cancelled_it(service: JobService) -> None:
    job = begin(LONG)
    RemoteJobHook().cancel(job)
    assert events(waiting(job))[0].payload["status"] == "cancelled"


def test_tells_an_unknown_job(service: JobService) -> None:
    payload = events(waiting("job-9"))[0].payload
    assert payload["status"] == "unknown" and 'no job has the id "job-9"' in payload["message"]


def test_tells_when_the_time_is_up_and_leaves_the_cancelling_to_the_worker(service: JobService) -> None:
    assert events(waiting(begin(LONG), end_time=time.time() + 0.1))[0].payload["status"] == "timeout"
    assert service.concurrent == 1


def test_a_job_that_ended_while_no_triggerer_ran_is_no_timeout(service: JobService) -> None:
    assert events(waiting(begin(0), end_time=time.time() - 60))[0].payload["status"] == "succeeded"


@pytest.mark.parametrize("trouble", ["down", "errors"])
def test_waits_through_an_outage(service: JobService, impatient: None, trouble: str) -> None:
    trigger = waiting(begin(0.2))
    trigger.hook.retries = 0
    if trouble == "down":
        service.down()
        threading.Timer(0.4, service.up).start()
    else:
        service.set(error_rate=1)
        threading.Timer(0.4, service.set, kwargs={"error_rate": 0}).start()
    assert events(trigger)[0].payload["status"] == "succeeded"
    assert service.submissions == 1


def test_asking_does_not_block_the_triggerer(service: JobService) -> None:
    async def turns_of_the_loop(triggers: list[RemoteJobTrigger]) -> int:
        asking: list[Any] = [asyncio.ensure_future(anext(aiter(trigger.run()))) for trigger in triggers]
        turns = 0
        while not all(each.done() for each in asking):
            turns += 1
            await asyncio.sleep(0.001)
        assert {each.result().payload["status"] for each in asking} == {"succeeded"}
        return turns

    jobs = [begin(0, map_index=number) for number in range(5)]
    service.set(latency=1)  # a client that blocks would let the loop turn once or twice for each answer
    assert asyncio.run(turns_of_the_loop([waiting(job) for job in jobs])) > 50


def test_pausing_does_not_block_the_triggerer(service: JobService) -> None:
    async def turns_of_the_loop() -> int:
        asking: Any = asyncio.ensure_future(RemoteJobHook(retries=1, backoff=1).astatus("job-1"))
        turns = 0
        while not asking.done():
            turns += 1
            await asyncio.sleep(0.001)
        with pytest.raises(remote.ServiceUnavailable):
            asking.result()
        return turns

    service.down()
    assert asyncio.run(turns_of_the_loop()) > 50


def test_running_submits_and_ends_the_task_without_a_worker(service: JobService) -> None:
    [event] = events(running(job_name="copy", seconds=0.1))
    assert isinstance(event, TaskSuccessEvent)
    assert event.xcoms == {"return_value": "job-1"}
    assert list(service.jobs()["name"]) == ["copy"]


def test_running_again_in_another_triggerer_finds_the_job(service: JobService) -> None:
    begin(0.1)
    [event] = events(running(seconds=0.1))
    assert isinstance(event, TaskSuccessEvent) and event.xcoms == {"return_value": "job-1"}
    assert service.submissions == 1


def test_running_again_after_the_job_failed_does_not_repeat_it(service: JobService) -> None:
    service.set(fail_rate=1)
    begin(0)
    [event] = events(running(seconds=0))
    assert not isinstance(event, TaskSuccessEvent) and event.payload["status"] == "failed"
    assert service.submissions == 1


def test_running_in_another_try_is_a_job_of_its_own(service: JobService) -> None:
    begin(0)
    trigger = running(seconds=0)
    trigger.task_instance = task_instance(2, retries=1)
    assert isinstance(events(trigger)[0], TaskSuccessEvent)
    assert service.submissions == 2


def test_running_leaves_what_is_no_success_to_a_worker(service: JobService) -> None:
    [event] = events(running(seconds=-1))
    assert event.payload["status"] == "refused" and "seconds: found -1" in event.payload["message"]


def test_running_submits_through_an_outage(service: JobService, impatient: None) -> None:
    trigger = running(seconds=0)
    trigger.hook.retries = 0
    service.down()
    threading.Timer(0.3, service.up).start()
    assert isinstance(events(trigger)[0], TaskSuccessEvent)
    assert service.submissions == 1


async def in_the_triggerer(trigger: RemoteJobTrigger, service: JobService, message: str | None) -> None:
    """Run a trigger as the triggerer does, and cancel it while its job runs."""
    runner = TriggerRunner()
    runner.triggers[1] = {"task": None, "name": "it", "events": 0}  # type: ignore[typeddict-item]
    task = asyncio.create_task(runner.run_trigger(1, trigger))
    while not (service.polls or task.done()):
        await asyncio.sleep(0.01)
    task.cancel(message) if message else task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("kind", [RemoteJobTrigger, RemoteJobRunTrigger])
@pytest.mark.parametrize(
    ("message", "after"),
    [
        pytest.param(_USER_ACTION_CANCEL_MSG, "cancelled", id="user"),
        pytest.param(None, "running", id="shutdown"),
    ],
)
def test_a_user_cancels_the_job_and_a_shutdown_of_the_triggerer_does_not(
    service: JobService, kind: type[RemoteJobTrigger], message: str | None, after: str
) -> None:
    trigger = running(seconds=LONG) if kind is RemoteJobRunTrigger else waiting(begin(LONG))
    begin(LONG, task_id="other")
    asyncio.run(in_the_triggerer(trigger, service, message))
    states = service.jobs().set_index("key").state
    assert states[job_key(task_instance())] == after
    assert states[job_key(task_instance(task_id="other"))] == "running"


def test_the_next_try_s_job_is_not_cancelled_with_the_last(service: JobService) -> None:
    trigger = running()
    begin(LONG)
    begin(LONG, try_number=2)  # a clear can start it before the triggerer cancels the trigger of try 1
    asyncio.run(trigger.on_kill())
    assert list(service.jobs().state) == ["cancelled", "running"]


def test_a_trigger_is_importable_by_its_path() -> None:
    for kind in (RemoteJobTrigger, RemoteJobRunTrigger):
        assert import_string(classpath(kind)) is kind
