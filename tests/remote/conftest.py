"""The real job service, and what a task instance looks like to operator and trigger."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from workbook.services import JobService, job_service

LONG = 600


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[JobService]:
    """A job service of its own for each test, and the connection to it."""
    with job_service(seconds=0.2) as service:
        monkeypatch.setenv("AIRFLOW_CONN_REMOTE_JOB_DEFAULT", service.url)
        yield service


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between repetitions that a test can wait for."""
    monkeypatch.setattr("pipelines.remote.LONGEST_PAUSE", 0.01)


def task_instance(try_number: int = 1, retries: int = 0, cleared_after: int = 0, **more: Any) -> Any:
    """A task instance in one of its tries, cleared for the last time after ``cleared_after`` of them."""
    identity = {"dag_id": "loads", "run_id": "manual__1", "task_id": "step", "map_index": -1}
    unused = {"id": uuid4(), "context_carrier": None}
    return SimpleNamespace(
        **{**identity, **unused, "try_number": try_number, "max_tries": cleared_after + retries, **more}
    )
