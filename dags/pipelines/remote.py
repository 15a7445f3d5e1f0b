"""Jobs on a remote service: a hook, an operator that waits with or without a worker slot, a sensor, the triggers.

A job is submitted under a key that Airflow keeps for the task, and the service takes a key once. So a worker, a
scheduler or a triggerer may crash at any moment, and Airflow may try again as often as it likes: each finds the job
that is there already.
"""

from __future__ import annotations

import asyncio
import functools
import random
import ssl
import time
import weakref
from collections.abc import AsyncIterator, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

import httpx
from airflow.sdk import BaseHook, BaseOperator, BaseSensorOperator, XComArg
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import TaskDeferralError, TaskDeferralTimeout
from airflow.triggers.base import BaseTrigger, StartTriggerArgs, TaskSuccessEvent, TriggerEvent

CONNECTION = "remote_job_default"
KEPT = "remote_job"
"""Under which name Airflow keeps the key of a task's job."""

POLL_INTERVAL = 5.0
TIMEOUT = 3600.0
LONGEST_PAUSE = 10.0
MAY_PASS = frozenset({408, 425, 429})
"""Answers below 500 that say "not now"."""

CONNECTIONS = 50
"""At most so many connections to the service does one event loop open, however many triggers share them."""

# Airflow ends a deferral this many seconds after the trigger should have done it itself: the trigger may be late.
GRACE_SECONDS = 60.0

ENDS = frozenset({"succeeded", "failed", "cancelled"})
"""States in which nothing more happens to a job; one in any other, such as "queued", is waited for."""

T = TypeVar("T")


class RemoteJobError(RuntimeError):
    """Something went wrong with a remote job."""


class ServiceUnavailable(RemoteJobError):
    """The service cannot be reached, or answered that it has a problem; asking later may help."""


class UnknownJob(RemoteJobError):
    """The service does not know the job."""


class JobRefused(RemoteJobError):
    """The service refuses the request; asking again does not help."""


class JobFailed(RemoteJobError):
    """The job ended without success."""


class JobTimeout(RemoteJobError):
    """The job took longer than the task allows, and was cancelled."""


@dataclass(frozen=True)
class Job:
    """A job as the service describes it."""

    id: str
    key: str
    state: str
    reason: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ENDS

    @property
    def failed(self) -> bool:
        """Whether it has ended without success."""
        return self.ended and self.state != "succeeded"

    @property
    def event(self) -> dict[str, str]:
        """How it ended, as a trigger tells the operator."""
        return {"status": self.state, "job_id": self.id, "message": self.reason}

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> Job:
        """The job that an answer of the service describes; what else it says is ignored.

        Raises:
            RemoteJobError: when it describes none.
        """
        names = ("id", "key", "state")
        if isinstance(answer, Mapping) and all(isinstance(answer.get(name), str) for name in names):
            return cls(answer["id"], answer["key"], answer["state"], str(answer.get("reason", "")))
        raise RemoteJobError(
            f"the service answered {str(answer)[:200]!r}, need a job with {', '.join(names)}"
        )


def job_key(instance: Any) -> str:
    """A key for the job of one try: Airflow gives each try an id that no other try has, in no other Airflow either.

    Args:
        instance: the ``ti`` of a worker's context, or the one that the triggerer gives to a trigger.
    """
    return f"{instance.dag_id}/{instance.run_id}/{instance.task_id}/{instance.map_index}/{instance.id}"


class _Kept(NamedTuple):
    """What Airflow keeps of a task instance from try to try.

    A *clear* means "do it again": it raises ``clear_number``. Tries since then are Airflow's own repetitions, after a
    crash for example: a job that one of them began and that did not fail is the one to wait for.

    Attributes:
        key: under which the task has submitted.
        is_current: whether it was not cleared since.
    """

    key: str
    is_current: bool

    @classmethod
    def of(cls, context: Any) -> _Kept | None:
        kept = context["task_state_store"].get(KEPT)
        return cls(kept["key"], kept["clear"] == _clear(context)) if kept else None


def _keep(context: Any, key: str) -> None:
    context["task_state_store"].set(KEPT, {"key": key, "clear": _clear(context)})


def _clear(context: Any) -> list[int]:
    # a clear that leaves the state of the run alone raises max_tries only
    return [context["dag_run"].clear_number, context["ti"].max_tries]


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
        self._service: _Service | None = None
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
        kept = _Kept.of(context)
        if kept:
            self.key = kept.key
            job = self.find(kept.key) if kept.is_current else self.cancel_key(kept.key)
            if kept.is_current and (job is None or not job.failed):
                return job or self.submit(kept.key, name, seconds)
        self.key = job_key(context["ti"])
        _keep(context, self.key)
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
        """How a job is.

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
            self._service = _Service.of(await self.aget_connection(self.conn_id))
        client, answer = _shared_client(self._service), None
        while True:
            try:
                request = exchange.send(answer)
            except StopIteration as end:
                return end.value
            answer = await self._aask(client, request)

    def _ask(self, client: httpx.Client, request: Request) -> Any:
        for pause in self._pauses():
            try:
                return _read(client.request(*request[:2], json=request.json, params=request.params))
            except (httpx.TransportError, ServiceUnavailable) as problem:
                self._repeat_or_raise(request, problem, pause)
                time.sleep(pause or 0)

    async def _aask(self, client: httpx.AsyncClient, request: Request) -> Any:
        for pause in self._pauses():
            try:
                return _read(
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

    def _located(self) -> _Service:
        if self._service is None:
            self._service = _Service.of(self.get_connection(self.conn_id))
        return self._service


class RemoteJobOperator(BaseOperator):
    """Run a job on the remote service and wait for its end.

    Args:
        job_name: what the job is called at the service.
        seconds: how long it is to take; without it, the service decides.
        remote_job_conn_id: the connection to the service.
        poll_interval: seconds between two questions about the job.
        timeout: seconds that the job may take; then it is cancelled and the task fails.
        deferrable: wait in the triggerer instead of a worker slot.
        start_from_trigger: with ``deferrable``, submit in the triggerer too and end there: a job that succeeds
            needs no worker slot at all. Every try then is a job of its own.
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
                trigger_cls=_path(RemoteJobRunTrigger),
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
        """Submit the job or find it, and wait for it in the way that was asked for."""
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
            # After a failure of the trigger the next try finds the job and waits on.
            last = context["ti"].try_number > context["ti"].max_tries
            if last or isinstance(problem, TaskDeferralTimeout) or self.start_from_trigger:
                self._cancel_own(context)
            raise

    def on_kill(self) -> None:
        """Cancel the job: somebody cleared the task or marked it, or the worker is told to stop."""
        self._killed = True
        if self.hook.key:
            self._cancel(self.hook.key)

    def _cancel_own(self, context: Any) -> None:
        kept = None if self.start_from_trigger else _Kept.of(context)
        self._cancel(kept.key if kept else job_key(context["ti"]))

    def _cancel(self, key: str) -> None:
        try:
            job = self.hook.cancel_key(key)
        except RemoteJobError as problem:
            self.log.error("%s; a job with the key %s may go on, cancel it at the service", problem, key)
        else:
            if job:
                self.log.info("job %s (key %s) is %s", job.id, job.key, job.state)

    def _wait(self, job: Job) -> dict[str, str]:
        end = time.monotonic() + self.timeout
        while not job.ended:
            if time.monotonic() >= end:
                return _timeout(job.id)
            time.sleep(max(0, min(self.poll_interval, end - time.monotonic())))
            try:
                job = self.hook.status(job.id)
            except (UnknownJob, JobRefused) as problem:
                return _lost(job.id, problem)
            except ServiceUnavailable as problem:
                self.log.warning("%s; the job goes on, asking again", problem)
        return job.event

    def _run_trigger(self) -> RemoteJobRunTrigger:
        return RemoteJobRunTrigger(
            job_name=self.job_name,
            seconds=self.seconds,
            remote_job_conn_id=self.remote_job_conn_id,
            poll_interval=self.poll_interval,
        )


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
            self.log.warning("%s; asking again", problem)
            return False
        if job.failed:
            raise JobFailed(f"job {job.id}: {job.state}. {job.reason}".rstrip(". "))
        return job.ended


class RemoteJobTrigger(BaseTrigger):
    """Wait for a job in the triggerer, and fire one event: how it ended, ``timeout``, ``unknown`` or ``refused``.

    A triggerer that stops or crashes leaves the job alone, and the next triggerer waits on. Who clears the task or
    marks it while it waits cancels the job.

    Args:
        job_id: of the job.
        remote_job_conn_id: the connection to the service.
        poll_interval: seconds between two questions about the job, about.
        end_time: when to give up, in seconds since 1970 (a duration would begin anew in the next triggerer).
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
        return _path(type(self)), {
            "job_id": self.job_id,
            "remote_job_conn_id": self.remote_job_conn_id,
            "poll_interval": self.poll_interval,
            "end_time": self.end_time,
        }

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Ask until there is something to tell."""
        yield TriggerEvent(await self._follow(self.job_id))

    async def on_kill(self) -> None:
        """Cancel the job: somebody acted on the task while it waited."""
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
                return _lost(job_id, problem)
            except ServiceUnavailable as problem:
                self.log.warning("%s; the job goes on, asking again", problem)
            if self.end_time is not None and time.time() >= self.end_time:
                return _timeout(job_id)
            await self._pause()

    async def _pause(self) -> None:
        # Not all at the same moment, which they would be after a restart of the triggerer.
        await asyncio.sleep(self.poll_interval * random.uniform(0.8, 1.2))


class RemoteJobRunTrigger(RemoteJobTrigger):
    """Submit a job in the triggerer and wait for it; success ends the task here, all else resumes it in a worker.

    Args:
        job_name: what the job is called at the service.
        seconds: how long it is to take; without it, the service decides.
        remote_job_conn_id: the connection to the service.
        poll_interval: seconds between two questions about the job, about.
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
        return _path(type(self)), {
            "job_name": self.job_name,
            "seconds": self.seconds,
            "remote_job_conn_id": self.remote_job_conn_id,
            "poll_interval": self.poll_interval,
        }

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Submit the job or find it, and ask until it has ended."""
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
                return _lost("", problem)
            except ServiceUnavailable as problem:
                self.log.warning("%s; submitting again", problem)
            await self._pause()


def _timeout(job_id: str) -> dict[str, str]:
    return {"status": "timeout", "job_id": job_id, "message": ""}


def _lost(job_id: str, problem: UnknownJob | JobRefused) -> dict[str, str]:
    status = "unknown" if isinstance(problem, UnknownJob) else "refused"
    return {"status": status, "job_id": job_id, "message": str(problem)}


def _path(trigger: type[BaseTrigger]) -> str:
    return f"{trigger.__module__}.{trigger.__qualname__}"


class _Service(NamedTuple):
    """Where the service is, and what lets one in."""

    url: str
    token: str | None

    @classmethod
    def of(cls, connection: Any) -> _Service:
        """The service of a connection, whose host may be an address with a scheme, a port and a path as well.

        Raises:
            RemoteJobError: when it names no host.
        """
        scheme, _, place = (connection.host or "").rpartition("://")
        scheme = scheme or connection.schema or ("https" if connection.conn_type == "https" else "http")
        host, slash, path = place.partition("/")
        if host.count(":") > 1 and not host.startswith("["):
            host = f"[{host}]"  # of IPv6
        try:
            url = httpx.URL(f"{scheme}://{host}{slash}{path}".rstrip("/"))
            if connection.port and url.port is None:
                url = url.copy_with(port=connection.port)
        except httpx.InvalidURL as problem:
            raise RemoteJobError(f"the host {connection.host!r} is no address: {problem}") from None
        if not url.host:
            raise RemoteJobError(
                f"the connection {connection.conn_id} has no host; give it the service's address"
            )
        return cls(str(url), connection.password)

    def options(self) -> dict[str, Any]:
        return {
            "base_url": self.url,
            "headers": {"Authorization": f"Bearer {self.token}"} if self.token else {},
            "verify": _trusted(),
            # Without a proxy: the service is inside, and looking a proxy up crashes forked processes on macOS.
            "trust_env": False,
        }


@functools.cache
def _trusted() -> ssl.SSLContext:
    # once per process, because reading the certificates takes longer than a request
    return httpx.create_ssl_context()


_clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[_Service, httpx.AsyncClient]]
_clients = weakref.WeakKeyDictionary()


def _shared_client(service: _Service) -> httpx.AsyncClient:
    """The client that all triggers of an event loop share: a thousand triggers would open a thousand connections."""
    clients = _clients.setdefault(asyncio.get_running_loop(), {})
    if service not in clients:
        limits = httpx.Limits(max_connections=CONNECTIONS)
        clients[service] = httpx.AsyncClient(**service.options(), limits=limits)
    return clients[service]


def _read(response: httpx.Response) -> Any:
    if response.is_success:
        try:
            return response.json()
        except ValueError as problem:  # something between here and the service answered in its place
            raise ServiceUnavailable(f"the answer is not JSON: {response.text[:200]}") from problem
    try:
        said = str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        said = response.text[:200]
    message = f"{response.status_code} {response.reason_phrase}: {said}"
    if response.status_code >= 500 or response.status_code in MAY_PASS:
        raise ServiceUnavailable(message)
    raise (UnknownJob if response.status_code == 404 else JobRefused)(message)
