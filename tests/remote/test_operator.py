"""The operator: the same job and the same end, whether the task blocks, defers or starts in the triggerer."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

import pytest
from airflow.models.trigger import Trigger
from airflow.sdk import DAG
from airflow.sdk.exceptions import TaskDeferralError, TaskDeferralTimeout, TaskDeferred
from airflow.serialization.decoders import smart_decode_trigger_kwargs
from airflow.serialization.serialized_objects import DagSerialization
from remote.conftest import LONG

from pipelines import remote
from pipelines.remote import (
    JobFailed,
    JobTimeout,
    RemoteJobOperator,
    RemoteJobRunTrigger,
    RemoteJobTrigger,
    UnknownJob,
)
from pipelines.remote.operator import GRACE_SECONDS
from workbook.services import JobService

SOON = {"poll_interval": 0.02}


def operator(**arguments: Any) -> RemoteJobOperator:
    return RemoteJobOperator(**{"task_id": "step", **SOON, **arguments})


def deferred(task: RemoteJobOperator, context: Any) -> TaskDeferred:
    with pytest.raises(TaskDeferred) as deferral:
        task.execute(context)
    return deferral.value


def state(service: JobService) -> list[str]:
    return list(service.jobs().state)


def test_blocking_waits_and_returns_the_job(service: JobService, context: Any) -> None:
    begin = time.monotonic()
    assert operator(seconds=0.3, job_name="copy").execute(context()) == "job-1"
    assert time.monotonic() - begin >= 0.3
    assert service.jobs().iloc[0]["name"] == "copy"


def test_blocking_reports_a_failed_job_with_the_service_s_words(service: JobService, context: Any) -> None:
    service.set(fail_rate=1)
    with pytest.raises(JobFailed, match=r"job job-1: failed\. the service let it fail"):
        operator().execute(context())


def test_blocking_reports_a_job_that_somebody_cancelled(service: JobService, context: Any) -> None:
    task = operator(seconds=LONG)
    threading.Timer(0.2, lambda: task.hook.cancel("job-1")).start()
    with pytest.raises(JobFailed, match="job job-1: cancelled"):
        task.execute(context())


def test_blocking_cancels_what_takes_too_long(service: JobService, context: Any) -> None:
    with pytest.raises(JobTimeout, match=r"job job-1 took longer than 0\.1 s"):
        operator(seconds=LONG, timeout=0.1).execute(context())
    assert state(service) == ["cancelled"]


def test_blocking_waits_through_an_outage(service: JobService, impatient: None, context: Any) -> None:
    task = operator(seconds=0.2)
    task.hook.retries = 0
    threading.Timer(0.1, service.down).start()
    threading.Timer(0.5, service.up).start()
    assert task.execute(context()) == "job-1"
    assert service.submissions == 1


def test_without_waiting_only_submits(service: JobService, context: Any) -> None:
    assert operator(seconds=LONG, wait_for_completion=False, deferrable=True).execute(context()) == "job-1"
    assert service.polls == 0


def test_deferring_hands_the_job_to_the_trigger(service: JobService, context: Any) -> None:
    before = time.time()
    deferral = deferred(operator(seconds=LONG, deferrable=True, timeout=100), context())
    trigger = deferral.trigger
    assert isinstance(trigger, RemoteJobTrigger)
    assert (trigger.job_id, trigger.poll_interval) == ("job-1", 0.02)
    assert trigger.end_time is not None and before + 100 <= trigger.end_time <= time.time() + 100
    assert deferral.method_name == "execute_complete"
    assert deferral.timeout.total_seconds() == 100 + GRACE_SECONDS
    assert service.polls == 0


def test_does_not_defer_for_a_job_that_has_ended(service: JobService, context: Any) -> None:
    operator(seconds=0, wait_for_completion=False).execute(context(retries=1))
    assert (
        operator(seconds=0, deferrable=True, retries=1).execute(context(retries=1, try_number=2)) == "job-1"
    )
    assert service.submissions == 1


def test_a_retry_after_a_crash_defers_for_the_same_job(service: JobService, context: Any) -> None:
    task = operator(seconds=LONG, deferrable=True, retries=1)
    assert deferred(task, context(retries=1)).trigger.job_id == "job-1"
    assert deferred(task, context(retries=1, try_number=2)).trigger.job_id == "job-1"
    assert service.submissions == 1


@pytest.mark.parametrize(
    ("event", "error", "says"),
    [
        ({"status": "failed", "message": "disk full"}, JobFailed, "job job-1: failed. disk full"),
        ({"status": "cancelled", "message": ""}, JobFailed, "job job-1: cancelled$"),
        ({"status": "unknown", "message": "404"}, JobFailed, "job job-1: unknown. 404"),
        ({"status": "refused", "message": "403"}, JobFailed, "job job-1: refused. 403"),
        ({"status": "timeout", "message": ""}, JobTimeout, "job job-1 took longer than 3600 s"),
    ],
)
def test_resumes_as_the_event_says(
    service: JobService, event: dict[str, str], error: type[Exception], says: str, context: Any
) -> None:
    with pytest.raises(error, match=says):
        operator().resume_execution("execute_complete", {"event": {**event, "job_id": "job-1"}}, context())


def test_resumes_after_success_with_the_job(service: JobService, context: Any) -> None:
    event = {"status": "succeeded", "job_id": "job-1", "message": ""}
    assert operator().resume_execution("execute_complete", {"event": event}, context()) == "job-1"


def test_a_timeout_that_the_trigger_tells_cancels_the_job(service: JobService, context: Any) -> None:
    task = operator(seconds=LONG, deferrable=True)
    deferred(task, context())
    with pytest.raises(JobTimeout):
        task.execute_complete(context(), {"status": "timeout", "job_id": "job-1", "message": ""})
    assert state(service) == ["cancelled"]


def test_a_timeout_that_airflow_found_cancels_the_job(service: JobService, context: Any) -> None:
    task = operator(seconds=LONG, deferrable=True, retries=1)
    deferred(task, context(retries=1))
    with pytest.raises(TaskDeferralTimeout):
        task.resume_execution("__fail__", {"error": "Trigger timeout"}, context(retries=1))
    assert state(service) == ["cancelled"]


def test_a_broken_trigger_leaves_the_job_to_the_next_try(service: JobService, context: Any) -> None:
    task = operator(seconds=LONG, deferrable=True, retries=1)
    deferred(task, context(retries=1))
    with pytest.raises(TaskDeferralError):
        task.resume_execution("__fail__", {"error": "Trigger failure"}, context(retries=1))
    assert state(service) == ["running"]


def test_a_broken_trigger_in_the_last_try_cancels_the_job(service: JobService, context: Any) -> None:
    task = operator(seconds=LONG, deferrable=True)
    deferred(task, context())
    with pytest.raises(TaskDeferralError):
        task.resume_execution("__fail__", {"error": "Trigger failure"}, context())
    assert state(service) == ["cancelled"]


def test_on_kill_cancels_what_this_task_runs(service: JobService, context: Any) -> None:
    task = operator(seconds=LONG, wait_for_completion=False)
    task.on_kill()
    assert service.cancels == 0, "nothing was submitted yet"
    task.execute(context())
    task.on_kill()
    task.on_kill()
    assert state(service) == ["cancelled"] and service.cancels == 1


def test_a_kill_by_signal_cancels_the_job_and_ends_the_wait(service: JobService, context: Any) -> None:
    task = operator(seconds=LONG)
    before = signal.signal(signal.SIGTERM, lambda *_: task.on_kill())  # as Airflow's task runner does it
    try:
        threading.Timer(0.3, signal.raise_signal, [signal.SIGTERM]).start()
        with pytest.raises(JobFailed, match="cancelled"):
            task.execute(context())
    finally:
        signal.signal(signal.SIGTERM, before)
    assert state(service) == ["cancelled"]


def test_a_kill_while_submitting_cancels_the_job(
    service: JobService, monkeypatch: pytest.MonkeyPatch, context: Any
) -> None:
    task = operator(seconds=LONG)
    submit = task.hook.submit

    def killed_before_the_answer(*arguments: Any) -> remote.Job:
        task.on_kill()  # nothing is there to cancel yet
        return submit(*arguments)

    monkeypatch.setattr(task.hook, "submit", killed_before_the_answer)
    with pytest.raises(JobFailed, match="cancelled"):
        task.execute(context())
    assert state(service) == ["cancelled"]


def test_on_kill_during_an_outage_does_not_raise(service: JobService, impatient: None, context: Any) -> None:
    task = operator(seconds=LONG, wait_for_completion=False)
    task.execute(context())
    service.down()
    task.on_kill()


def test_on_kill_asks_airflow_nothing(
    service: JobService, monkeypatch: pytest.MonkeyPatch, context: Any
) -> None:
    task = operator(seconds=LONG)

    def killed_at_once(*arguments: Any) -> remote.Job:
        # it runs in a signal handler, perhaps in the middle of a conversation with Airflow
        monkeypatch.setattr(remote.RemoteJobHook, "get_connection", lambda *_: pytest.fail("asked Airflow"))
        task.on_kill()
        raise KeyboardInterrupt

    monkeypatch.setattr(task.hook, "submit", killed_at_once)
    with pytest.raises(KeyboardInterrupt):
        task.execute(context())


def test_no_text_of_a_configuration_is_rendered() -> None:
    assert RemoteJobOperator.template_fields == ()


def test_waits_as_airflow_s_configuration_says_unless_told() -> None:
    assert operator().deferrable is False
    assert operator(deferrable=True).deferrable is True


def test_starting_from_the_trigger_survives_the_serialization_of_the_dag() -> None:
    with DAG("loads", schedule=None) as dag:
        operator(job_name="copy", seconds=3, deferrable=True, start_from_trigger=True, timeout=100)
    task = DagSerialization.from_dict(DagSerialization.to_dict(dag)).get_task("step")
    assert task.start_from_trigger is True
    arguments: Any = task.start_trigger_args
    assert arguments.trigger_cls == "pipelines.remote.triggers.RemoteJobRunTrigger"
    assert (arguments.next_method, arguments.timeout.total_seconds()) == ("execute_complete", 100)
    row = Trigger(classpath=arguments.trigger_cls, kwargs=arguments.trigger_kwargs)
    trigger = RemoteJobRunTrigger(**smart_decode_trigger_kwargs(row.kwargs))
    assert (trigger.job_name, trigger.seconds, trigger.poll_interval) == ("copy", 3, 0.02)


def test_starting_from_the_trigger_needs_deferring() -> None:
    assert operator(start_from_trigger=True, deferrable=False).start_from_trigger is False


def test_two_tasks_that_start_from_the_trigger_do_not_share_arguments() -> None:
    one, two = (operator(job_name=name, deferrable=True, start_from_trigger=True) for name in "ab")
    assert one.start_trigger_args and two.start_trigger_args
    assert one.start_trigger_args.trigger_kwargs != two.start_trigger_args.trigger_kwargs
    assert RemoteJobOperator.start_trigger_args is None


def test_the_sensor_pokes_until_the_job_has_ended(service: JobService, context: Any) -> None:
    job = operator(seconds=0.2, wait_for_completion=False).execute(context())
    sensor = remote.RemoteJobSensor(task_id="wait", job_id=job, poke_interval=0.02)
    assert sensor.poke(context()) is False
    sensor.execute(context())
    assert sensor.poke(context()) is True


def test_the_sensor_fails_with_the_job(service: JobService, context: Any) -> None:
    service.set(fail_rate=1)
    job = operator(seconds=0, wait_for_completion=False).execute(context())
    with pytest.raises(JobFailed, match=r"job job-1: failed\. the service let it fail"):
        remote.RemoteJobSensor(task_id="wait", job_id=job).poke(context())
    with pytest.raises(UnknownJob):
        remote.RemoteJobSensor(task_id="wait", job_id="job-9").poke(context())


def test_the_sensor_waits_through_an_outage(service: JobService, impatient: None, context: Any) -> None:
    job = operator(seconds=0, wait_for_completion=False).execute(context())
    sensor = remote.RemoteJobSensor(task_id="wait", job_id=job)
    service.down()
    assert sensor.poke(context()) is False
    service.up()
    assert sensor.poke(context()) is True
