"""The hook: requests to the job service, from workers, which may block, and from the triggerer, which must not."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Generator, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import httpx
from airflow.sdk import BaseHook

from pipelines.remote.jobs import Job, JobRecord, RemoteJobError, ServiceUnavailable, job_key, keep
from pipelines.remote.service import Service, read, shared_client

CONNECTION = "remote_job_default"
LONGEST_PAUSE = 10.0

T = TypeVar("T")


class Request(NamedTuple):
    """One request to the service."""

    method: str
    path: str
    json: dict[str, Any] | None = None
    params: dict[str, str] | None = None


# What is to be said to the service, and what follows from its answers, written once for workers, which block, and
# for the triggerer, which must not: the hook sends what this yields, one way or the other.
Exchange = Generator[Request, Any, T]


def _submit(key: str, name: str, seconds: float | None) -> Exchange[Job]:
    return Job.read((yield Request("POST", "/jobs", {"key": key, "name": name, "seconds": seconds})))


def _find(key: str) -> Exchange[Job | None]:
    answer = yield Request("GET", "/jobs", params={"prefix": key})
    if not isinstance(answer, Mapping) or not isinstance(answer.get("jobs"), list):
        raise RemoteJobError(f"the service answered {str(answer)[:200]!r}, need a list of jobs")
    return next((job for job in map(Job.read, answer["jobs"]) if job.key == key), None)


def _status(job_id: str) -> Exchange[Job]:
    return Job.read((yield Request("GET", f"/jobs/{job_id}")))


def _cancel(job_id: str) -> Exchange[Job]:
    return Job.read((yield Request("POST", f"/jobs/{job_id}/cancel")))


def _cancel_key(key: str) -> Exchange[Job | None]:
    job = yield from _find(key)
    return job if job is None or job.ended else (yield from _cancel(job.id))


class RemoteJobHook(BaseHook):
    """Talks to the remote job service, blocking or, with the methods that begin with ``a``, in an event loop.

    Every request can be repeated without harm, so what may pass is tried again, with growing pauses: no
    connection, no answer in time, and answers 408, 425, 429 and 500 to 599.

    Args:
        conn_id: an HTTP connection; its password, if it has one, is sent as a bearer token.
        retries: how often a request is repeated.
        backoff: seconds until the first repetition; the pause doubles each time, up to ten seconds.
        request_timeout: seconds that the service may take for an answer.
    """

    conn_name_attr = "remote_job_conn_id"
    default_conn_name = CONNECTION
    conn_type = "http"
    hook_name = "Remote job service"

    def __init__(
        self,
        conn_id: str = CONNECTION,
        *,
        retries: int = 4,
        backoff: float = 0.5,
        request_timeout: float = 10.0,
    ) -> None:
        super().__init__()
        self.conn_id = conn_id
        self.retries = retries
        self.backoff = backoff
        # The triggers of one loop share some connections and may wait for one of them.
        self.request_timeout = httpx.Timeout(request_timeout, pool=None)
        self._service: Service | None = None
        self.key = ""
        """Under which `submit_once` submits."""

    def get_conn(self) -> httpx.Client:
        """A client for the service, for requests that the hook has no method for."""
        return httpx.Client(**self._located().options(), timeout=self.request_timeout)

    def locate(self) -> None:
        """Read the connection now, so that a signal handler can use this hook: it must not ask Airflow itself."""
        self._located()

    def submit_once(self, context: Any, name: str = "", seconds: float | None = None) -> Job:
        """Begin a job for a task, unless an earlier try has begun one that runs or has succeeded.

        Airflow keeps the key of the job (``task_state_store``) before the job begins. So the next try finds it,
        whatever happens to this one; a run that is deleted and made again does not. After a clear the work is done
        again, and a job from before is cancelled if it still runs.

        Args:
            context: of the task.
            name: for people to read.
            seconds: how long it is to take; without it, the service decides.

        Returns:
            The job, new or found.
        """
        record = JobRecord.of(context)
        if record:
            self.key = record.key
            job = self.find(record.key) if record.is_current else self.cancel_key(record.key)
            if record.is_current and (job is None or not job.failed):
                return job or self.submit(record.key, name, seconds)
        self.key = job_key(context["ti"])
        keep(context, self.key)
        return self.submit(self.key, name, seconds)

    def submit(self, key: str, name: str = "", seconds: float | None = None) -> Job:
        """Begin a job, unless there is one with this key.

        Args:
            key: of the job.
            name: for people to read.
            seconds: how long it is to take; without it, the service decides.

        Returns:
            The job, new or found.
        """
        return self._say(_submit(key, name, seconds))

    def find(self, key: str) -> Job | None:
        """The job with a key; None if there is none."""
        return self._say(_find(key))

    def status(self, job_id: str) -> Job:
        """The state of a job.

        Raises:
            UnknownJob: when the service does not know it.
        """
        return self._say(_status(job_id))

    def cancel(self, job_id: str) -> Job:
        """Cancel a job; one that has ended stays as it is."""
        return self._say(_cancel(job_id))

    def cancel_key(self, key: str) -> Job | None:
        """Cancel the job with a key, if it runs; return it as it is then, or None if there is none."""
        return self._say(_cancel_key(key))

    async def asubmit(self, key: str, name: str = "", seconds: float | None = None) -> Job:
        """`submit` in an event loop."""
        return await self._asay(_submit(key, name, seconds))

    async def astatus(self, job_id: str) -> Job:
        """`status` in an event loop."""
        return await self._asay(_status(job_id))

    async def acancel(self, job_id: str) -> Job:
        """`cancel` in an event loop."""
        return await self._asay(_cancel(job_id))

    async def acancel_key(self, key: str) -> Job | None:
        """`cancel_key` in an event loop."""
        return await self._asay(_cancel_key(key))

    def _say(self, exchange: Exchange[T]) -> T:
        answer = None
        with self.get_conn() as client:
            while True:
                try:
                    request = exchange.send(answer)
                except StopIteration as end:
                    return end.value
                answer = self._ask(client, request)

    async def _asay(self, exchange: Exchange[T]) -> T:
        if self._service is None:
            self._service = Service.of(await self.aget_connection(self.conn_id))
        client, answer = shared_client(self._service), None
        while True:
            try:
                request = exchange.send(answer)
            except StopIteration as end:
                return end.value
            answer = await self._aask(client, request)

    def _ask(self, client: httpx.Client, request: Request) -> Any:
        for pause in self._pauses():
            try:
                return read(client.request(*request[:2], json=request.json, params=request.params))
            except (httpx.TransportError, ServiceUnavailable) as problem:
                self._repeat_or_raise(request, problem, pause)
                time.sleep(pause or 0)

    async def _aask(self, client: httpx.AsyncClient, request: Request) -> Any:
        for pause in self._pauses():
            try:
                return read(
                    await client.request(
                        *request[:2], json=request.json, params=request.params, timeout=self.request_timeout
                    )
                )
            except (httpx.TransportError, ServiceUnavailable) as problem:
                self._repeat_or_raise(request, problem, pause)
                await asyncio.sleep(pause or 0)

    def _pauses(self) -> Iterator[float | None]:
        """Seconds to wait after each attempt that failed; None after the last."""
        for number in range(self.retries):
            # a random part, so that many clients of a service that comes back do not return at the same moment
            yield min(LONGEST_PAUSE, self.backoff * 2**number) * random.uniform(0.5, 1.0)
        yield None

    def _repeat_or_raise(self, request: Request, problem: Exception, pause: float | None) -> None:
        what = (
            f"{request.method} {self._located().url}{request.path}: {str(problem) or type(problem).__name__}"
        )
        if pause is None:
            raise ServiceUnavailable(f"{what} (tried {self.retries + 1} times)") from problem
        self.log.warning("%s; trying again in %.1f s", what, pause)

    def _located(self) -> Service:
        if self._service is None:
            self._service = Service.of(self.get_connection(self.conn_id))
        return self._service
