"""The real job service, and what a task instance looks like to operator and trigger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

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
    monkeypatch.setattr("pipelines.remote.hook.LONGEST_PAUSE", 0.01)


def task_instance(try_number: int = 1, retries: int = 0, **more: Any) -> Any:
    """A task instance in one of its tries, each of which has an id of its own."""
    names = {"dag_id": "loads", "run_id": "manual__1", "task_id": "step", "map_index": -1}
    attributes = {**names, "try_number": try_number, "max_tries": retries, **more}
    identity = uuid5(NAMESPACE_OID, str(attributes))
    return SimpleNamespace(**{"id": identity, "context_carrier": None, **attributes})


class StateStore:
    """What Airflow keeps of a task from try to try, as it gives it to a task."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def get(self, key: str) -> Any:
        return json.loads(self._values.get(key, "null"))

    def set(self, key: str, value: Any) -> None:
        self._values[key] = json.dumps(value)


@pytest.fixture
def context() -> Callable[..., Any]:
    """Make the context of one try of a task; tries of one test are of one run until ``remade`` is given."""
    runs: dict[Any, dict[str, str]] = {}

    def make(cleared: int = 0, remade: int = 0, **instance: Any) -> Any:
        ti = task_instance(**{"id": uuid4()} | instance)
        values = runs.setdefault((remade, ti.run_id, ti.task_id, ti.map_index), {})
        run = SimpleNamespace(clear_number=cleared)
        return {"ti": ti, "dag_run": run, "task_state_store": StateStore(values)}

    return make
