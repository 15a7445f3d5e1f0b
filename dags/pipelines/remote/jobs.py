"""A job of the remote service, the key under which a task submits it, and the errors that it may end with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

ENDS = frozenset({"succeeded", "failed", "cancelled"})
"""States in which nothing more happens to a job; one in any other, such as "queued", is waited for."""

RECORD = "remote_job"
"""The name under which Airflow keeps the key of a task's job."""


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


class JobRecord(NamedTuple):
    """What Airflow keeps about the job of a task instance from try to try.

    A *clear* means "do it again": it raises ``clear_number``. Tries since then are Airflow's own repetitions, after a
    crash for example: a job that one of them began and that did not fail is the one to wait for.

    Attributes:
        key: under which the task has submitted.
        is_current: whether the task has not been cleared since.
    """

    key: str
    is_current: bool

    @classmethod
    def of(cls, context: Any) -> JobRecord | None:
        """The record of the task of a context; None before its first submission."""
        entry = context["task_state_store"].get(RECORD)
        return cls(entry["key"], entry["clear"] == _clear(context)) if entry else None


def keep(context: Any, key: str) -> None:
    """Let Airflow keep the key under which a task submits."""
    context["task_state_store"].set(RECORD, {"key": key, "clear": _clear(context)})


def _clear(context: Any) -> list[int]:
    # a clear that leaves the state of the run alone raises max_tries only
    return [context["dag_run"].clear_number, context["ti"].max_tries]


def timed_out(job_id: str) -> dict[str, str]:
    """The message about a job that takes longer than the task allows."""
    return {"status": "timeout", "job_id": job_id, "message": ""}


def lost(job_id: str, problem: UnknownJob | JobRefused) -> dict[str, str]:
    """The message about a job that the service does not know, or refuses."""
    status = "unknown" if isinstance(problem, UnknownJob) else "refused"
    return {"status": status, "job_id": job_id, "message": str(problem)}
