"""The remote job service as an operator and a notebook use it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest

from workbook.services import JobService, ServiceError, job_service

MINUTE = 60


@pytest.fixture
def service() -> Iterator[JobService]:
    with job_service() as service:
        yield service


@pytest.fixture
def client(service: JobService) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, verify=False, trust_env=False) as client:
        yield client


def submit(client: httpx.Client, key: str, **more: object) -> dict:
    answer = client.post("/jobs", json={"key": key, **more})
    assert answer.is_success, answer.text
    return answer.json()


def state(client: httpx.Client, job: dict) -> str:
    return client.get(f"/jobs/{job['id']}").json()["state"]


def ended(client: httpx.Client, job: dict) -> str:
    while (now := state(client, job)) == "running":
        time.sleep(0.01)
    return now


def test_a_job_runs_as_long_as_it_asks_and_succeeds(service: JobService, client: httpx.Client) -> None:
    begin = time.monotonic()
    job = submit(client, "a", seconds=0.3, name="copy")
    assert job == {"id": "job-1", "key": "a", "name": "copy", "state": "running", "seconds": 0.3}
    assert ended(client, job) == "succeeded"
    assert time.monotonic() - begin >= 0.3
    row = service.jobs().iloc[0]
    assert (row.ended - row.started).total_seconds() == pytest.approx(0.3, abs=0.001)
    assert row.polls == service.polls >= 1


def test_the_same_key_is_the_same_job(service: JobService, client: httpx.Client) -> None:
    first = client.post("/jobs", json={"key": "a", "seconds": MINUTE})
    again = client.post("/jobs", json={"key": "a", "seconds": MINUTE})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (service.submits, service.submissions) == (2, 1)


def test_a_key_cannot_mean_two_jobs(service: JobService, client: httpx.Client) -> None:
    submit(client, "a", name="copy", seconds=1)
    answer = client.post("/jobs", json={"key": "a", "name": "load", "seconds": 1})
    assert answer.status_code == 409
    assert 'key "a" belongs to another job: "copy"' in answer.json()["error"]
    assert service.submissions == 1


def test_an_answer_that_is_lost_leaves_the_job_running(service: JobService, client: httpx.Client) -> None:
    service.set(error_rate=1)
    assert client.post("/jobs", json={"key": "a"}).status_code == 500
    service.set(error_rate=0)
    assert submit(client, "a")["id"] == "job-1"
    assert service.submissions == 1 and service.errors == 1


def test_a_client_that_dies_waiting_leaves_the_job_running(service: JobService, client: httpx.Client) -> None:
    service.set(latency=MINUTE)
    with pytest.raises(httpx.ReadTimeout):
        client.post("/jobs", json={"key": "a", "seconds": MINUTE}, timeout=0.2)
    service.wait(submissions=1, idle=False)
    assert service.submissions == 1 and service.concurrent == 1


def test_cancel_ends_a_job_once(service: JobService, client: httpx.Client) -> None:
    job = submit(client, "a", seconds=MINUTE)
    assert [client.post(f"/jobs/{job['id']}/cancel").json()["state"] for _ in range(2)] == ["cancelled"] * 2
    assert state(client, job) == "cancelled"
    assert service.cancels == 1 and service.concurrent == 0


def test_cancel_does_not_touch_a_job_that_has_ended(service: JobService, client: httpx.Client) -> None:
    job = submit(client, "a", seconds=0)
    assert client.post(f"/jobs/{job['id']}/cancel").json()["state"] == "succeeded"
    assert service.cancels == 0


def test_the_share_that_fails_is_exact_and_says_why(service: JobService, client: httpx.Client) -> None:
    service.set(fail_rate=0.5)
    jobs = [submit(client, str(number), seconds=0) for number in range(4)]
    assert [state(client, job) for job in jobs] == ["succeeded", "failed"] * 2
    assert client.get("/jobs/job-2").json()["reason"] == "the service let it fail"


def test_a_job_that_does_not_say_takes_what_the_knob_says(service: JobService, client: httpx.Client) -> None:
    service.set(seconds=42)
    assert submit(client, "a")["seconds"] == 42
    service.set(seconds=43)
    assert submit(client, "b")["seconds"] == 43


def test_repeating_a_submission_after_the_knob_was_turned_is_still_the_same_job(
    service: JobService, client: httpx.Client
) -> None:
    first = submit(client, "a")
    service.set(seconds=43)
    assert submit(client, "a") == first


def test_finishing_ends_what_runs_as_it_would_have_ended(service: JobService, client: httpx.Client) -> None:
    ended_job = submit(client, "done", seconds=0)
    service.set(fail_rate=0.5)
    good, bad = submit(client, "bad", seconds=MINUTE), submit(client, "good", seconds=MINUTE)
    jobs = service.jobs()
    service.finish()
    assert {state(client, job) for job in (good, bad)} == {"succeeded", "failed"}
    assert service.jobs().ended[0] == jobs.ended[0], "what had ended already stays"
    assert submit(client, "good", seconds=MINUTE)["id"] == bad["id"], "and its key is still its own"
    assert state(client, ended_job) == "succeeded" and service.concurrent == 0


def test_lists_the_jobs_whose_keys_begin_alike(client: httpx.Client) -> None:
    jobs = [submit(client, key, seconds=MINUTE) for key in ("a/1", "b/1", "b/2")]
    assert client.get("/jobs").json() == {"jobs": jobs}
    assert client.get("/jobs", params={"prefix": "b/"}).json() == {"jobs": jobs[1:]}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "the body is not JSON"),
        (b"[]", "the body is a list, need a JSON object"),
        (b"{}", "key: found None, need a text of 1 to 1000 characters that you choose"),
        (b'{"key": ""}', "key: found ''"),
        (b'{"key": "a", "sekonds": 1}', "sekonds: unknown; a job has key, name, seconds"),
        (b'{"key": "a", "seconds": "x", "name": 3}', "name: found 3, need a text; seconds: found 'x'"),
        (b'{"key": "a", "seconds": -1}', "seconds: found -1, need a number from 0 to 86400"),
    ],
)
def test_says_what_is_wrong_with_a_submission(
    service: JobService, client: httpx.Client, body: bytes, says: str
) -> None:
    answer = client.post("/jobs", content=body)
    assert answer.status_code == 400
    assert says in answer.json()["error"]
    assert service.submissions == 0


@pytest.mark.parametrize(("method", "path"), [("GET", "/jobs/job-9"), ("POST", "/jobs/job-9/cancel")])
def test_an_unknown_job_is_a_404(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 404
    assert 'no job has the id "job-9"' in answer.json()["error"]


def test_counts_how_many_run_at_once(service: JobService, client: httpx.Client) -> None:
    long = submit(client, "long", seconds=MINUTE)
    ended(client, submit(client, "short", seconds=0.1))
    submit(client, "next", seconds=MINUTE)
    assert (service.concurrent, service.most_concurrent) == (2, 2)
    client.post(f"/jobs/{long['id']}/cancel")
    assert list(service.timeline().running) == [1, 2, 1, 2, 1]
    assert service.timeline()["at"].is_monotonic_increasing


def test_jobs_go_on_during_an_outage(service: JobService, client: httpx.Client) -> None:
    job = submit(client, "a", seconds=0.1)
    service.down()
    service.wait(submissions=1)
    service.up()
    assert state(client, job) == "succeeded"


def test_waiting_ends_with_what_was_missing(service: JobService, client: httpx.Client) -> None:
    submit(client, "a", seconds=MINUTE)
    service.wait(submissions=1, idle=False)
    with pytest.raises(ServiceError, match=r"has started 1 of 2 jobs and is running 1 after 0\.1 s"):
        service.wait(seconds=0.1, submissions=2)
