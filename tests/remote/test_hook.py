"""The hook: one job for each key, whatever happens on the way, in workers and in event loops."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from remote.conftest import LONG

from pipelines import remote
from pipelines.remote import (
    JobRefused,
    RemoteJobError,
    RemoteJobHook,
    ServiceUnavailable,
    UnknownJob,
    job_key,
)
from pipelines.remote import service as at_the_service
from workbook.services import JobService

Call = Callable[..., Any]


@pytest.fixture(params=["worker", "event loop"])
def call(request: pytest.FixtureRequest, service: JobService, impatient: None) -> Call:
    """Call a method of the hook, blocking or in an event loop: both must do the same."""
    if request.param == "worker":
        return lambda method, *args, **hook: getattr(RemoteJobHook(**hook), method)(*args)
    return lambda method, *args, **hook: asyncio.run(getattr(RemoteJobHook(**hook), f"a{method}")(*args))


KEY = "loads/manual__1/step/-1/1"


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
    job = call("submit", "other")
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


def test_cancels_the_job_with_a_key_only(service: JobService, call: Call) -> None:
    call("submit", "step/1", "", LONG)
    call("submit", "step/10", "", LONG)
    assert call("cancel_key", "step/1").state == "cancelled"
    assert list(service.jobs().state) == ["cancelled", "running"]
    assert call("cancel_key", "step/1").state == "cancelled" and service.cancels == 1
    assert call("cancel_key", "step/2") is None


def submit_once(context: Any, seconds: float = LONG) -> str:
    return RemoteJobHook().submit_once(context, "", seconds).id


def test_a_retry_takes_over_the_job_that_runs(service: JobService, context: Any) -> None:
    assert [submit_once(context(try_number=number)) for number in (1, 2, 3)] == ["job-1"] * 3
    assert service.submissions == 1


def test_a_retry_takes_over_the_job_that_succeeded_unseen(service: JobService, context: Any) -> None:
    assert submit_once(context(), 0) == "job-1"
    assert submit_once(context(try_number=2), 0) == "job-1"
    assert service.submissions == 1


def test_a_retry_takes_over_whatever_the_dag_says_by_now(service: JobService, context: Any) -> None:
    submit_once(context(retries=5))
    assert (
        submit_once(context(try_number=2, max_tries=5), 2 * LONG) == "job-1"
    )  # it says two retries, and longer jobs
    assert service.submissions == 1


def test_a_retry_after_a_failure_submits_a_new_job(service: JobService, context: Any) -> None:
    service.set(fail_rate=1)
    assert submit_once(context(), 0) == "job-1"
    retry = context(try_number=2)
    assert submit_once(retry, 0) == "job-2"
    service.set(fail_rate=0)
    assert submit_once(context(try_number=3), 0) == "job-3"
    assert submit_once(context(try_number=4), 0) == "job-3"


def test_a_retry_submits_what_did_not_arrive(service: JobService, context: Any) -> None:
    service.down()
    with pytest.raises(ServiceUnavailable):
        RemoteJobHook(retries=0).submit_once(first := context())
    service.up()
    assert submit_once(context(try_number=2)) == "job-1"
    assert service.jobs().iloc[0].key == job_key(first["ti"])


@pytest.mark.parametrize("after", [{"cleared": 1}, {"max_tries": 4}, {"cleared": 1, "max_tries": 2}], ids=str)
def test_after_a_clear_the_work_is_done_again(
    service: JobService, context: Any, after: dict[str, int]
) -> None:
    assert submit_once(context(retries=2), 0) == "job-1"
    cleared = {"max_tries": 2, "try_number": 2} | after
    assert submit_once(context(**cleared), 0) == "job-2"
    assert submit_once(context(**cleared | {"try_number": 3}), 0) == "job-2", "a retry after the clear"
    assert service.submissions == 2


def test_after_a_clear_no_job_from_before_goes_on(service: JobService, context: Any) -> None:
    submit_once(context())
    submit_once(context(cleared=1, try_number=2))
    assert list(service.jobs().state) == ["cancelled", "running"]


def test_a_run_that_is_made_again_begins_its_jobs_again(service: JobService, context: Any) -> None:
    assert submit_once(context(), 0) == "job-1"
    assert submit_once(context(remade=1), 0) == "job-2"


def test_two_airflows_never_take_over_each_other_s_jobs(service: JobService, context: Any) -> None:
    submit_once(context())
    submit_once(context(remade=1, try_number=2, cleared=1))  # of another one, with the same names
    assert list(service.jobs().state) == ["running", "running"]


def test_a_password_is_sent_as_a_token_and_https_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SECURE", "https://user:secret@jobs.example")
    with RemoteJobHook("secure").get_conn() as client:
        assert str(client.base_url) == "https://jobs.example"
        assert client.headers["Authorization"] == "Bearer secret"


@pytest.mark.parametrize(
    ("connection", "address"),
    [
        ({"host": "jobs.example"}, "http://jobs.example"),
        ({"host": "jobs.example", "schema": "https", "port": 8443}, "https://jobs.example:8443"),
        ({"host": "https://jobs.example", "port": 8443}, "https://jobs.example:8443"),
        ({"host": "https://jobs.example:8443/v1/"}, "https://jobs.example:8443/v1"),
        ({"host": "http://jobs.example/v1", "port": 81}, "http://jobs.example:81/v1"),
        ({"host": "::1", "port": 81}, "http://[::1]:81"),
        ({"host": "[::1]:81"}, "http://[::1]:81"),
        ({"host": "http://[::1]", "port": 81}, "http://[::1]:81"),
    ],
    ids=str,
)
def test_reaches_the_service_however_its_address_is_given(
    monkeypatch: pytest.MonkeyPatch, connection: dict[str, Any], address: str
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_ANY", json.dumps({"conn_type": "http", **connection}))
    with RemoteJobHook("any").get_conn() as client:
        assert str(client.base_url).rstrip("/") == address


@pytest.mark.parametrize(
    ("host", "says"), [("", "any has no host"), ("http://", "any has no host"), ("a b:c", "is no address")]
)
def test_a_connection_without_an_address_is_said(
    monkeypatch: pytest.MonkeyPatch, host: str, says: str
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_ANY", json.dumps({"conn_type": "http", "host": host}))
    with pytest.raises(RemoteJobError, match=says):
        RemoteJobHook("any").locate()


@pytest.mark.parametrize(
    "answer", [None, [], "ok", {"id": "job-1"}, {"id": 1, "key": "a", "state": "running"}]
)
def test_an_answer_that_describes_no_job_says_what_came(answer: Any) -> None:
    with pytest.raises(RemoteJobError, match=r"the service answered .*need a job with id, key, state"):
        remote.Job.read(answer)


def test_a_state_that_is_not_known_is_no_end() -> None:
    job = remote.Job("job-1", KEY, "queued")
    assert not job.ended and not job.failed


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
def test_what_may_pass_is_no_refusal(status: int) -> None:
    with pytest.raises(ServiceUnavailable, match=f"{status} "):
        at_the_service.read(httpx.Response(status, text="wait", request=httpx.Request("GET", "http://x")))


def test_an_answer_that_is_not_json_is_an_unavailable_service(impatient: None) -> None:
    with pytest.raises(ServiceUnavailable, match="not JSON: <html>"):
        at_the_service.read(httpx.Response(200, text="<html>", request=httpx.Request("GET", "http://x")))


def test_the_triggers_of_a_loop_share_their_connections(service: JobService, impatient: None) -> None:
    async def clients() -> set[int]:
        for _ in range(3):
            await RemoteJobHook().asubmit(KEY)
        return {id(each) for each in at_the_service._clients[asyncio.get_running_loop()].values()}

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
