"""The remote job service: takes jobs, runs them for as long as they ask, and reports their states."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workbook.services.http import Knobs, happens, json_object, refusal, wait

LIMITS = {
    "seconds": (0.0, 86_400.0),
    "fail_rate": (0.0, 1.0),
    "latency": (0.0, 60.0),
    "error_rate": (0.0, 1.0),
}
FIELDS = {"key", "name", "seconds"}
KEY_LENGTH = 1000


@dataclass
class Job:
    """A job that the service runs; its state follows from the clock, so that nothing has to be run for it."""

    id: str
    key: str
    name: str
    seconds: float
    fails: bool
    started: float = field(default_factory=time.time)
    cancelled: float | None = None
    finished: float | None = None
    polls: int = 0

    @property
    def ended(self) -> float | None:
        """When it ended (seconds since 1970), or None while it runs."""
        if self.cancelled is not None:
            return self.cancelled
        end = self.started + self.seconds if self.finished is None else self.finished
        return end if time.time() >= end else None

    @property
    def state(self) -> str:
        """``running``, ``succeeded``, ``failed`` or ``cancelled``."""
        if self.cancelled is not None:
            return "cancelled"
        if self.ended is None:
            return "running"
        return "failed" if self.fails else "succeeded"

    def public(self) -> dict[str, Any]:
        """What a client is told about it."""
        answer = {"id": self.id, "key": self.key, "name": self.name, "state": self.state}
        return (
            answer | {"seconds": self.seconds} | ({"reason": "the service let it fail"} if self.fails else {})
        )

    def record(self) -> dict[str, Any]:
        """All that the workbook may know about it."""
        return asdict(self) | {"state": self.state, "ended": self.ended}


class Jobs:
    """Serves submit, status, cancel and list.

    A job is known by the key that its client chose: the same key gives the same job, however often it is
    submitted. An answer that the knobs turn into an error gets lost *after* the service acted on the request,
    which is the nasty half of what happens in a network.

    Args:
        knobs: ``seconds`` a job takes that does not say, ``fail_rate`` (share of the jobs that fail),
            ``latency`` (seconds per answer), ``error_rate`` (share of the answers that are a 500).
    """

    def __init__(self, knobs: Mapping[str, object]) -> None:
        self.knobs = Knobs(LIMITS, {"seconds": 10, "fail_rate": 0, "latency": 0, "error_rate": 0, **knobs})
        self._jobs: dict[str, Job] = {}
        self._by_key: dict[str, Job] = {}
        self.reset()

    def reset(self) -> None:
        self._counts = dict.fromkeys(("requests", "submits", "submissions", "polls", "cancels", "errors"), 0)

    def finish(self) -> None:
        """End every job that runs as it would have ended later."""
        for job in self._jobs.values():
            if job.ended is None:
                job.finished = time.time()

    def actions(self) -> Mapping[str, Callable[[], None]]:
        return {"reset": self.reset, "finish": self.finish}

    def counters(self) -> dict[str, int]:
        running = sum(job.state == "running" for job in self._jobs.values())
        return {**self._counts, "running": running}

    def records(self) -> list[dict[str, Any]]:
        return [job.record() for job in self._jobs.values()]

    def routes(self) -> Sequence[Route]:
        return [
            Route("/jobs", self.submit, methods=["POST"]),
            Route("/jobs", self.list),
            Route("/jobs/{id}", self.status),
            Route("/jobs/{id}/cancel", self.cancel, methods=["POST"]),
        ]

    async def submit(self, request: Request) -> Response:
        self._counts["submits"] += 1
        try:
            submission = _submission(await json_object(request))
        except ValueError as problem:
            return refusal(400, str(problem))
        existing = self._by_key.get(submission["key"])
        if existing and not submission.items() <= existing.record().items():
            return refusal(
                409, f'key "{existing.key}" belongs to another job: "{existing.name}", {existing.seconds} s'
            )
        job = existing or self._start(**{"seconds": self.knobs["seconds"], **submission})
        return await self._answer(job.public(), 200 if existing else 201)

    def _start(self, key: str, name: str, seconds: float) -> Job:
        self._counts["submissions"] += 1
        number = len(self._jobs) + 1
        fails = happens(number, self.knobs["fail_rate"])
        job = Job(f"job-{number}", key, name, seconds, fails)
        self._jobs[job.id] = self._by_key[key] = job
        return job

    async def list(self, request: Request) -> Response:
        prefix = request.query_params.get("prefix", "")
        jobs = [job.public() for job in self._jobs.values() if job.key.startswith(prefix)]
        return await self._answer({"jobs": jobs})

    async def status(self, request: Request) -> Response:
        self._counts["polls"] += 1
        job = self._jobs.get(request.path_params["id"])
        if job is None:
            return _unknown(request)
        job.polls += 1
        return await self._answer(job.public)

    async def cancel(self, request: Request) -> Response:
        job = self._jobs.get(request.path_params["id"])
        if job is None:
            return _unknown(request)
        if job.ended is None:
            job.cancelled = time.time()
            self._counts["cancels"] += 1
        return await self._answer(job.public)

    async def _answer(self, body: Any, status: int = 200) -> Response:
        """The answer, late or lost as the knobs ask; ``body`` may be what is asked for it once it goes out."""
        self._counts["requests"] += 1
        lost = happens(self._counts["requests"], self.knobs["error_rate"])
        self._counts["errors"] += lost
        await wait(self.knobs["latency"])
        if lost:
            return refusal(500, "the job service failed, as its error_rate asks")
        return JSONResponse(body() if callable(body) else body, status_code=status)


def _unknown(request: Request) -> Response:
    return refusal(404, f'no job has the id "{request.path_params["id"]}"; GET /jobs lists those that exist')


def _submission(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a submission asks for.

    Raises:
        ValueError: naming every field that is missing, unknown or wrong.
    """
    fields = {name: value for name, value in body.items() if value is not None}
    problems = [f"{name}: unknown; a job has key, name, seconds" for name in fields.keys() - FIELDS]
    key, name, seconds = fields.get("key"), fields.setdefault("name", ""), fields.get("seconds", 0)
    low, high = LIMITS["seconds"]
    if not isinstance(key, str) or not 0 < len(key) <= KEY_LENGTH:
        problems.append(f"key: found {key!r}, need a text of 1 to {KEY_LENGTH} characters that you choose")
    if not isinstance(name, str):
        problems.append(f"name: found {name!r}, need a text")
    if not isinstance(seconds, int | float) or not low <= seconds <= high:
        problems.append(f"seconds: found {seconds!r}, need a number from {low:g} to {high:g}")
    if problems:
        raise ValueError("; ".join(problems))
    return fields
