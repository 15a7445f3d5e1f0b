"""The drills, on a real Airflow: what is killed, cleared or unreachable loses no job and submits none twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from workbook import stack
from workbook.measure.silence import longest_silence
from workbook.measure.waiting_dags import MODES, connect, waiting_folder
from workbook.services import JobService, job_service
from workbook.stack import handle
from workbook.stack.place import processes_of, sweep
from workbook.stack.runs import Runs
from workbook.waits import wait_until

pytestmark = pytest.mark.airflow

JOBS = 4
SLOTS = 4
LONG = 600
BLOCKED = 6.0
"""Seconds that a trigger blocks the triggerer."""
SETTINGS = {
    "core.parallelism": SLOTS,
    # A task process that has ended is noticed after so many seconds at the latest, and its slot is free.
    "workers.min_heartbeat_interval": 1,
    # After so many seconds without a sign of life Airflow takes something for dead: by default 300 for a task.
    "scheduler.scheduler_heartbeat_sec": 1,
    "scheduler.scheduler_health_check_threshold": 15,
    "scheduler.orphaned_tasks_check_interval": 5,
    "scheduler.task_instance_heartbeat_timeout": 10,
    "scheduler.task_instance_heartbeat_timeout_detection_interval": 2,
    "triggerer.triggerer_health_check_threshold": 10,
}


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stack.Airflow]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_AIRFLOW", str(tmp_path_factory.mktemp("drills") / "airflow"))
        yield stack.start(SETTINGS)
        stack.stop()
        assert processes_of(handle.folder()) == []
        sweep(handle.folder())


@pytest.fixture
def service(airflow: stack.Airflow) -> Iterator[JobService]:
    with job_service() as service:
        connect(airflow, service)
        yield service


SLEEPING = f"""
import time

from pipelines.remote import RemoteJobTrigger


class Sleeping(RemoteJobTrigger):
    async def run(self):
        time.sleep({BLOCKED})
        async for event in super().run():
            yield event
"""

BESIDE = """
from pipelines.remote import RemoteJobTrigger


class Beside(RemoteJobTrigger):
    pass
"""

CARELESS = f"""
from airflow.sdk import DAG
from careless.beside import Beside
from pipelines.remote import RemoteJobOperator, RemoteJobTrigger
from sleeping import Sleeping


class Inside(RemoteJobTrigger):
    pass


class Careless(RemoteJobOperator):
    def defer(self, *, trigger, **more):
        super().defer(trigger=self.kind(**trigger.serialize()[1]), **more)


for kind in (Sleeping, Beside, Inside):
    with DAG(kind.__name__.lower(), schedule=None):
        type(f"Careless{{kind.__name__}}", (Careless,), {{"kind": kind}})(
            task_id="step", seconds={LONG}, deferrable=True, retries=0
        )
"""
"""Three deferrable tasks: two of their triggers are where the triggerer cannot import them, and one blocks it."""


@pytest.fixture(scope="module")
def careless(airflow: stack.Airflow, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("careless")
    for file, text in {"careless.py": CARELESS, "beside.py": BESIDE}.items():
        (folder / file).write_text(text)
    (airflow.folder / "plugins" / "sleeping.py").write_text(SLEEPING)
    airflow.publish("careless", folder)


Begin = Callable[..., Runs]
_published: dict[str, Any] = {}


@pytest.fixture
def begin(airflow: stack.Airflow) -> Iterator[Begin]:
    """Start runs of some ways to wait; what is published already is not published again."""
    all_runs: list[Runs] = []

    def begin(*modes: str, jobs: int = JOBS, seconds: float = LONG, runs: int = 1, **work: Any) -> Runs:
        settings = {"jobs": jobs, "seconds": seconds, **work}
        if _published != {**settings, "airflow": airflow.url}:
            airflow.publish("waiting", waiting_folder("drills", **settings))
            _published.clear()
            _published.update({**settings, "airflow": airflow.url})
        all_runs.append(airflow.run(*(f"{mode}_full" for mode in modes), times=runs))
        return all_runs[-1]

    yield begin
    for started in all_runs:
        started.stop()


def until(condition: Callable[[], bool], what: str, seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not after {seconds} s"
        time.sleep(0.1)


def kill_workers(airflow: stack.Airflow) -> None:
    """Kill the worker processes that run a task, and the tasks."""
    for worker in psutil.Process(airflow.pid("scheduler")).children():
        tasks = worker.children(recursive=True)
        for process in [*tasks, worker] if tasks else []:
            process.kill()


def states(service: JobService) -> dict[Any, int]:
    return service.jobs().state.value_counts().to_dict()


def test_a_killed_triggerer_loses_no_job(airflow: stack.Airflow, service: JobService, begin: Begin) -> None:
    runs = begin("deferrable", "from_trigger")
    runs.wait_until("deferred", 2 * JOBS)
    service.wait(submissions=2 * JOBS, idle=False)
    airflow.kill("triggerer")
    service.finish()  # every job ends, and nobody watches
    airflow.restart("triggerer")
    assert set(runs.wait().state) == {"success"}
    assert states(service) == {"succeeded": 2 * JOBS}


def test_a_killed_worker_submits_nothing_twice(
    airflow: stack.Airflow, service: JobService, begin: Begin
) -> None:
    service.set(latency=5)  # the worst moment: the service has begun the job, the worker does not know yet
    runs = begin("blocking", "deferrable")
    until(lambda: service.submissions >= SLOTS, "submitted")
    kill_workers(airflow)
    service.set(latency=0)
    until(lambda: killed_and_back(runs) == SLOTS, "tried again")
    service.wait(submissions=SLOTS, idle=False)
    end_jobs_until(service, runs)
    assert states(service) == {"succeeded": 2 * JOBS}


def killed_and_back(runs: Runs) -> int:
    """How many tasks are in their second try."""
    tasks = runs.tasks()
    return int(((tasks.try_number == 2) & tasks.state.isin(["running", "deferred"])).sum())


def end_jobs_until(service: JobService, runs: Runs) -> None:
    """End the jobs as they come, until the runs have ended well."""
    jobs = len(runs) * JOBS
    service.wait(submissions=min(jobs, SLOTS), idle=False)
    while service.submissions < jobs or service.concurrent:
        service.finish()
        time.sleep(0.5)
    assert set(runs.wait().state) == {"success"}


def test_a_killed_scheduler_submits_nothing_twice(
    airflow: stack.Airflow, service: JobService, begin: Begin
) -> None:
    service.set(latency=5)
    runs = begin("deferrable")
    until(lambda: service.submissions >= JOBS, "submitted")
    airflow.kill("scheduler")
    service.set(latency=0)
    airflow.restart("scheduler")
    runs.wait_until("deferred", JOBS)
    service.finish()
    assert set(runs.wait().state) == {"success"}
    assert states(service) == {"succeeded": JOBS}


def test_an_outage_of_the_service_delays_and_loses_nothing(
    airflow: stack.Airflow, service: JobService, begin: Begin
) -> None:
    runs = begin("deferrable", "from_trigger")
    runs.wait_until("deferred", 2 * JOBS)
    service.wait(submissions=2 * JOBS, idle=False)
    service.set(error_rate=1)
    until(lambda: service.errors >= 2 * JOBS, "answered with errors")
    service.down()
    service.finish()
    time.sleep(3)
    service.set(error_rate=0)
    service.up()
    assert set(runs.wait().state) == {"success"}
    assert states(service) == {"succeeded": 2 * JOBS}
    assert set(runs.tasks().try_number) == {1}


def test_who_marks_a_run_failed_cancels_its_jobs(
    airflow: stack.Airflow, service: JobService, begin: Begin
) -> None:
    runs = begin("deferrable", "from_trigger")
    runs.wait_until("deferred", 2 * JOBS)
    until(lambda: asked_about(service) == 2 * JOBS, "asked about")
    runs.stop()
    until(lambda: states(service) == {"cancelled": 2 * JOBS}, "cancelled")


def asked_about(service: JobService) -> int:
    """How many jobs a trigger follows: one that has not begun when its task is stopped is not told of it."""
    return int((service.jobs().polls > 0).sum())


def test_who_clears_a_run_cancels_its_jobs_and_begins_anew(
    airflow: stack.Airflow, service: JobService, begin: Begin
) -> None:
    from airflow_client.client import DagRunApi, DAGRunClearBody

    runs = begin("deferrable", "from_trigger")
    runs.wait_until("deferred", 2 * JOBS)
    until(lambda: asked_about(service) == 2 * JOBS, "asked about")
    for run in runs:
        DagRunApi(airflow.client).clear_dag_run(*run, DAGRunClearBody(dry_run=False))
    until(lambda: states(service) == {"cancelled": 2 * JOBS, "running": 2 * JOBS}, "cancelled and begun anew")
    runs.wait_until("deferred", 2 * JOBS)
    service.finish()
    assert set(runs.wait().state) == {"success"}
    assert states(service) == {"cancelled": 2 * JOBS, "succeeded": 2 * JOBS}


def test_a_run_that_is_made_again_under_its_id_begins_its_jobs_again(
    airflow: stack.Airflow, service: JobService, begin: Begin
) -> None:
    from airflow_client.client import DagRunApi, TriggerDAGRunPostBody

    runs = begin("blocking", "deferrable", "from_trigger", jobs=1, seconds=1)
    assert set(runs.wait().state) == {"success"}
    assert states(service) == {"succeeded": 3}
    for run in runs:
        DagRunApi(airflow.client).delete_dag_run(*run)
        DagRunApi(airflow.client).trigger_dag_run(run.dag_id, TriggerDAGRunPostBody(dag_run_id=run.run_id))
    assert set(runs.wait().state) == {"success"}
    assert states(service) == {"succeeded": 6}


def test_every_way_to_wait_does_the_work(airflow: stack.Airflow, service: JobService, begin: Begin) -> None:
    runs = begin(*MODES)
    end_jobs_until(service, runs)
    assert states(service) == {"succeeded": len(MODES) * JOBS}


def test_a_job_that_takes_too_long_fails_its_task_and_is_cancelled(
    airflow: stack.Airflow, service: JobService, begin: Begin
) -> None:
    runs = begin("blocking", "deferrable", "from_trigger", jobs=2, timeout=6, retries=0)
    assert set(runs.wait().state) == {"failed"}
    assert states(service) == {"cancelled": 6}


def test_a_job_that_fails_fails_its_task_and_is_tried_again(
    airflow: stack.Airflow, service: JobService, begin: Begin
) -> None:
    service.set(fail_rate=1)
    runs = begin("deferrable", "from_trigger", jobs=2, seconds=5, retries=1)
    assert set(runs.wait().state) == {"failed"}
    assert states(service) == {"failed": 8}


def test_a_trigger_that_blocks_keeps_all_others_from_asking_and_airflow_says_so(
    airflow: stack.Airflow, careless: None, service: JobService, begin: Begin
) -> None:
    runs = begin("from_trigger")
    service.wait(submissions=JOBS, idle=False)
    log_length = len(airflow.log("triggerer"))
    sleeping = airflow.run("sleeping")

    def woke_up() -> bool:
        sleeping_is_polled = service.submissions > JOBS and service.jobs().polls.iloc[-1] > 0
        return sleeping_is_polled and "async thread was blocked for" in airflow.log("triggerer")[log_length:]

    silence = longest_silence(service, until=woke_up)
    assert silence > BLOCKED - 1
    service.finish()
    assert {*runs.wait().state, *sleeping.wait().state} == {"success"}
    assert states(service) == {"succeeded": JOBS + 1}


def test_a_trigger_that_the_triggerer_cannot_import_fails_its_task_and_ends_its_job(
    airflow: stack.Airflow, careless: None, service: JobService
) -> None:
    log_length = len(airflow.log("triggerer"))
    runs = [airflow.run(dag_id) for dag_id in ("beside", "inside")]
    assert [run.wait().state[0] for run in runs] == ["failed", "failed"]
    assert wait_until(lambda: airflow.log("triggerer")[log_length:].count("Trigger failed to load code") == 2)
    missing = "ModuleNotFoundError: No module named"
    assert wait_until(lambda: all(missing in run.log("step") for run in runs))
    assert states(service) == {"cancelled": 2}
    # Airflow 3.3 goes on taking them for running; SQLite gives their ids to the next triggers, which then never start.
    airflow.restart("triggerer")


def test_five_hundred_tasks_wait_on_one_triggerer(
    airflow: stack.Airflow, service: JobService, begin: Begin
) -> None:
    jobs, runs = 50, 10
    started = begin("from_trigger", jobs=jobs, runs=runs, poll_interval=5)
    service.wait(submissions=jobs * runs, idle=False)
    assert service.concurrent == jobs * runs
    service.finish()
    assert set(started.wait().state) == {"success"}
    assert states(service) == {"succeeded": jobs * runs}
