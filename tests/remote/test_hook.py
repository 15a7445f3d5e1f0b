"""The hook: one job for each key, whatever happens on the way, in workers and in event loops."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from remote.conftest import LONG, task_instance

from pipelines import remote
from pipelines.remote import JobKey, JobRefused, RemoteJobHook, ServiceUnavailable, UnknownJob
from workbook.services import JobService

Call = Callable[..., Any]


@pytest.fixture(params=["worker", "event loop"])
def call(request: pytest.FixtureRequest, service: JobService, impatient: None) -> Call:
    """Call a method of the hook, blocking or in an event loop: both must do the same."""
    if request.param == "worker":
        return lambda method, *args, **hook: getattr(RemoteJobHook(**hook), method)(*args)
    return lambda method, *args, **hook: asyncio.run(getattr(RemoteJobHook(**hook), f"a{method}")(*args))


KEY = JobKey.of(task_instance(), 0)


def test_a_job_from_submission_to_its_end(service: JobService, call: Call) -> None:
    job = call("submit", KEY, "copy", 0.1)
    assert (job.id, job.key, job.state, job.ended) == ("job-1", "loads/manual__1/step/-1/1", "running", False)
    while not (job := call("status", job.id)).ended:
        time.sleep(0.02)
    assert job.event == {"status": "succeeded", "job_id": "job-1", "message": ""}
    assert service.jobs().iloc[0]["name"] == "copy"


def test_submitting_again_finds_the_job(service: JobService, call: Call) -> None:
    assert call("submit", KEY) == call("submit", KEY)
    assert service.submissions == 1


def test_an_answer_that_was_lost_submits_no_second_job(service: JobService, call: Call) -> None:
    service.set(error_rate=0.5)  # the second answer is lost, after the service has acted
    call("status", call("submit", KEY).id)
    job = call("submit", JobKey.of(task_instance(task_id="other")))
    assert job.id == "job-2"
    assert service.submissions == 2
    assert service.errors >= 1


def test_gives_up_after_its_retries_and_says_where(service: JobService, call: Call) -> None:
    service.set(error_rate=1)
    with pytest.raises(ServiceUnavailable, match=rf"POST {service.url}/jobs: 500 .*\(tried 3 times\)"):
        call("submit", KEY, retries=2)
    assert service.submits == 3 and service.submissions == 1


def test_no_connection_is_tried_again_until_the_service_is_back(service: JobService, call: Call) -> None:
    service.down()
    threading.Timer(0.3, service.up).start()
    assert call("submit", KEY, retries=1000).id == "job-1"


def test_no_connection_at_all_is_an_unavailable_service(service: JobService, call: Call) -> None:
    service.down()
    with pytest.raises(ServiceUnavailable, match="tried 2 times"):
        call("status", "job-1", retries=1)


def test_a_slow_answer_is_given_up_and_found_again(service: JobService, call: Call) -> None:
    service.set(latency=0.5)
    with pytest.raises(ServiceUnavailable, match="tried 2 times"):
        call("submit", KEY, "", LONG, retries=1, request_timeout=0.1)
    service.set(latency=0)
    assert call("submit", KEY, "", LONG).id == "job-1"
    assert service.submissions == 1


@pytest.mark.parametrize("method", ["status", "cancel"])
def test_an_unknown_job_is_said_at_once(service: JobService, call: Call, method: str) -> None:
    with pytest.raises(UnknownJob, match='no job has the id "job-9"'):
        call(method, "job-9")


def test_a_refusal_is_not_repeated(service: JobService, call: Call) -> None:
    with pytest.raises(JobRefused, match="400 Bad Request: seconds: found -1"):
        call("submit", KEY, "", -1)
    assert service.submits == 1


def test_cancels(service: JobService, call: Call) -> None:
    job = call("submit", KEY, "", LONG)
    assert call("cancel", job.id).state == "cancelled"
    assert service.cancels == 1


def test_cancels_the_jobs_of_one_task_instance_only(service: JobService, call: Call) -> None:
    own = call("submit", JobKey.of(task_instance(map_index=1), 0), "", LONG)
    call("submit", JobKey.of(task_instance(map_index=10), 0), "", LONG)
    cancelled = call("cancel_all", JobKey.of(task_instance(map_index=1), 0))
    assert [job.id for job in cancelled] == [own.id]
    assert list(service.jobs().state) == ["cancelled", "running"]
    assert call("cancel_all", JobKey.of(task_instance(map_index=1), 0)) == []


def submit(call: Call, seconds: float, **instance: int) -> str:
    return call("submit", JobKey.of(task_instance(**instance), instance.get("retries", 0)), "", seconds).id


def test_a_retry_takes_over_the_job_that_runs(service: JobService, call: Call) -> None:
    assert submit(call, LONG, retries=2) == "job-1"
    assert submit(call, LONG, retries=2, try_number=2) == "job-1"
    assert submit(call, LONG, retries=2, try_number=3) == "job-1"
    assert service.submissions == 1


def test_a_retry_takes_over_the_job_that_succeeded_unseen(service: JobService, call: Call) -> None:
    assert submit(call, 0, retries=1) == "job-1"
    assert submit(call, 0, retries=1, try_number=2) == "job-1"
    assert service.submissions == 1


def test_a_retry_after_a_failure_submits_a_new_job(service: JobService, call: Call) -> None:
    service.set(fail_rate=1)
    assert submit(call, 0, retries=1) == "job-1"
    assert submit(call, 0, retries=1, try_number=2) == "job-2"
    assert submit(call, 0, retries=1, try_number=2) == "job-2", "and the same try does not repeat it"


def test_after_a_clear_the_work_is_done_again(service: JobService, call: Call) -> None:
    assert submit(call, 0, retries=1) == "job-1"
    assert submit(call, 0, retries=1, cleared_after=1, try_number=2) == "job-2"
    assert submit(call, 0, retries=1, cleared_after=1, try_number=3) == "job-2", "a retry after the clear"
    assert service.submissions == 2


def test_after_a_clear_no_job_from_before_goes_on(service: JobService, call: Call) -> None:
    submit(call, LONG)
    submit(call, LONG, cleared_after=1, try_number=2)
    assert list(service.jobs().state) == ["cancelled", "running"]


@pytest.mark.parametrize(
    ("try_number", "retries", "max_tries", "since"),
    [(1, 0, 0, 1), (1, 3, 3, 1), (4, 3, 3, 1), (2, 0, 1, 2), (2, 3, 4, 2), (5, 3, 4, 2), (6, 3, 8, 6)],
)
def test_what_belongs_to_the_same_clear(try_number: int, retries: int, max_tries: int, since: int) -> None:
    key = JobKey.of(task_instance(try_number, max_tries=max_tries), retries)
    assert (key.since, key.current) == (since, try_number)
    assert [key.owns(f"{key.prefix}{number}") for number in (since - 1, since, try_number + 1)] == [
        False,
        True,
        False,
    ]


def test_without_retries_every_try_is_a_new_beginning() -> None:
    assert JobKey.of(task_instance(3, retries=5))[1:] == (3, 3)


@pytest.mark.parametrize("key", ["loads/manual__1/step/-1/x", "loads/manual__1/step/-1/1/1", "other/1"])
def test_foreign_keys_are_not_its_own(key: str) -> None:
    assert not KEY.owns(key)


def test_a_password_is_sent_as_a_token_and_https_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SECURE", "https://user:secret@jobs.example")
    with RemoteJobHook("secure").get_conn() as client:
        assert str(client.base_url) == "https://jobs.example"
        assert client.headers["Authorization"] == "Bearer secret"


def test_an_answer_that_is_not_json_is_an_unavailable_service(impatient: None) -> None:
    with pytest.raises(ServiceUnavailable, match="not JSON: <html>"):
        remote._read(httpx.Response(200, text="<html>", request=httpx.Request("GET", "http://x")))


def test_the_triggers_of_a_loop_share_their_connections(service: JobService, impatient: None) -> None:
    async def clients() -> set[int]:
        for _ in range(3):
            await RemoteJobHook().asubmit(KEY)
        return {id(each) for each in remote._clients[asyncio.get_running_loop()].values()}

    assert len(asyncio.run(clients())) == 1


@pytest.fixture
def deaf() -> Iterator[str]:
    """An address that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_service_that_never_answers_is_given_up(
    deaf: str, monkeypatch: pytest.MonkeyPatch, impatient: None
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_REMOTE_JOB_DEFAULT", deaf)
    with pytest.raises(ServiceUnavailable, match="timed out"):
        RemoteJobHook(retries=0, request_timeout=0.1).status("job-1")
