"""Measures ways to wait for remote jobs on a whole Airflow: makespans, slots held, a crash, many deferred tasks.

Each function takes a real Airflow, with LocalExecutor and SQLite, that is connected to a job service.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime

import psutil

from workbook import stack
from workbook.models.calibration import CALIBRATION, HELD_OUT, compare, fit
from workbook.models.real_runs import measure
from workbook.models.waiting import Case
from workbook.progress import progress
from workbook.services import JobService, job_service
from workbook.stack.runs import (
    SETTINGS,
    SLOTS,
    Run,
    connect,
    end,
    finish,
    storm,
    task_instances,
    wait_for_states,
    waiting_folder,
)
from workbook.workspace import lesson_folder

Figures = dict[str, float]

SMALL = {case.mode: case for case in CALIBRATION if case.jobs == 16 and case.mode != "from_trigger"}
LARGE = {mode: Case(mode, jobs=64, seconds=10, slots=SLOTS) for mode in ("blocking", "deferrable")}
ENDLESS = 3600.0
"""Seconds of a job that ends when the measurement lets it."""
REPORTS = 5
"""Of so many reports of the slots held, about a second apart, the highest counts."""
RATE_SECONDS = 10.0


def waiting_costs() -> Figures:
    """Every figure of this module, on an Airflow and a job service of its own, which are gone afterwards.

    Returns:
        What `makespan_figures`, `hold_and_crash` and `many_deferred` return.
    """
    try:
        airflow = stack.start({**SETTINGS, "scheduler.pool_metrics_interval": 1})
        with job_service() as service:
            connect(airflow, service)
            figures = hold_and_crash(airflow, service) | many_deferred(airflow, service)
            measured = makespans(airflow, service, [*CALIBRATION, *HELD_OUT, *LARGE.values()])
        return makespan_figures(measured) | figures
    finally:
        stack.stop()


def makespans(airflow: stack.Airflow, service: JobService, cases: Collection[Case]) -> dict[Case, float]:
    """Run cases one after the other; seconds from the request for each run until its end.

    Raises:
        RuntimeError: when a run fails or has not submitted as many jobs as it should.
    """
    measured = {}
    for number, case in enumerate(cases, 1):
        title = f"{number} of {len(cases)}: {case.jobs} jobs of {case.seconds:g} s on {case.slots} slots"
        with progress(f"{title}, {case.mode}"):
            before = service.submissions
            measured[case] = measure(airflow, case)
            submitted = service.submissions - before
            if submitted != case.jobs:
                raise RuntimeError(f"{case}: {submitted} jobs were submitted")
    return measured


def makespan_figures(measured: Mapping[Case, float]) -> Figures:
    """What the makespans of `CALIBRATION`, `HELD_OUT` and `LARGE` say.

    Returns:
        ``blocking_s``, ``deferrable_s`` and ``ratio`` of the large cases, ``least_s`` that the blocking one must take;
        ``small_ratio`` of 16 jobs; ``overhead_s``, what this machine needs for the two starts of a deferred task, as
        the simulation knows from `CALIBRATION`, and ``limit_s``, twice a large job and that overhead for each;
        ``error`` and ``error_worst`` of the simulation, relative to the measured makespans that it has not seen.
    """
    blocking, deferrable = (measured[LARGE[mode]] for mode in ("blocking", "deferrable"))
    with progress("Calibrating the simulation"):
        overheads = fit({case: measured[case] for case in CALIBRATION})
    unseen = {case: seconds for case, seconds in measured.items() if case not in CALIBRATION}
    errors = compare(unseen, overheads).error.abs()
    large = LARGE["deferrable"]
    overhead = 2 * overheads.leg / large.cores
    return {
        "blocking_s": blocking,
        "least_s": LARGE["blocking"].least_seconds,
        "deferrable_s": deferrable,
        "ratio": blocking / deferrable,
        "small_ratio": measured[SMALL["blocking"]] / measured[SMALL["deferrable"]],
        "overhead_s": overhead,
        "limit_s": 2 * large.seconds + large.jobs * overhead,
        "error": float(errors.median()),
        "error_worst": float(errors.max()),
    }


def hold_and_crash(airflow: stack.Airflow, service: JobService, jobs: int = 16) -> Figures:
    """Count the slots that are held while jobs run, blocking and deferred; then kill the triggerer of the deferred.

    Args:
        airflow: connected to ``service``.
        service: where the jobs run.
        jobs: of each run, more than there are slots.

    Returns:
        ``held_*``, the worker slots that Airflow's executor reports, and ``running_*``, the jobs that run meanwhile;
        ``crash_jobs`` that ran when the triggerer was killed, ``crash_submitted`` until all had ended, ``crash_lost``,
        those whose task did not end well.
    """
    _publish(airflow, ("blocking", "deferrable", "from_trigger"), jobs=jobs, poll_interval=1)
    with progress(f"{jobs} blocking tasks wait"):
        runs = storm(airflow, ["blocking_full"])
        service.wait(submissions=service.submissions + SLOTS, idle=False)
        held, running = _held_slots(airflow), service.concurrent
        end(airflow, runs)
        service.wait()
    before, wanted = service.submissions, 2 * jobs
    with progress(f"{wanted} deferred tasks wait, and their triggerer is killed"):
        runs = storm(airflow, ["deferrable_full", "from_trigger_full"])
        _wait_deferred(airflow, service, runs, wanted)
        figures: Figures = {
            "held_blocking": held,
            "running_blocking": running,
            "held_deferrable": _held_slots(airflow),
            "running_deferrable": service.concurrent,
            "crash_jobs": wanted,
        }
        _kill(airflow.pid("triggerer"))
        service.finish()  # every job ends, and nobody watches
        airflow.restart("triggerer")
        finish(airflow, runs)
    return figures | {
        "crash_submitted": service.submissions - before,
        "crash_lost": wanted - _succeeded(airflow, runs),
    }


def many_deferred(
    airflow: stack.Airflow, service: JobService, jobs: int = 16, runs: int = 32, poll_interval: float = 5
) -> Figures:
    """Let many tasks wait at once on the one triggerer.

    Args:
        airflow: connected to ``service``.
        service: where the jobs run.
        jobs: tasks of one run; a trigger that starts its task brings the whole DAG along, so that many runs of a
            small DAG take less memory than one run of a DAG of so many tasks.
        runs: of that DAG.
        poll_interval: seconds between two polls of a job.

    Returns:
        ``deferred``, tasks that were deferred at once, each with a running job; ``completed`` of them;
        ``triggerer_mb``, the memory of the triggerer's processes meanwhile; ``polls_per_second``, what it asks.
    """
    _publish(airflow, ("from_trigger",), jobs=jobs, poll_interval=poll_interval)
    wanted = jobs * runs
    with progress(f"{wanted:,} tasks wait on one triggerer"):
        begun = storm(airflow, ["from_trigger_full"], runs)
        _wait_deferred(airflow, service, begun, wanted)
        deferred = min(service.concurrent, _in_state(airflow, begun, "deferred"))
        polls, since = service.polls, time.monotonic()
        time.sleep(RATE_SECONDS)
        rate = (service.polls - polls) / (time.monotonic() - since)
        memory = _memory(airflow.pid("triggerer"))
        service.finish()
        finish(airflow, begun)
    return {
        "deferred": deferred,
        "completed": _succeeded(airflow, begun),
        "triggerer_mb": memory,
        "polls_per_second": rate,
    }


def _publish(airflow: stack.Airflow, modes: Sequence[str], *, jobs: int, poll_interval: float) -> None:
    folder = lesson_folder("bench-waiting")
    waiting_folder(
        folder, jobs=jobs, seconds=ENDLESS, poll_interval=poll_interval, timeout=2 * ENDLESS, modes=modes
    )
    airflow.publish("waiting", folder)


def _wait_deferred(airflow: stack.Airflow, service: JobService, runs: Sequence[Run], count: int) -> None:
    """Wait until so many tasks of runs are deferred and have their jobs at the service."""
    wait_for_states(airflow, runs, "deferred", count, seconds=300)
    deadline = time.monotonic() + 120
    while service.concurrent < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{count} jobs were to run; there are {service.concurrent}")
        time.sleep(0.5)


def _held_slots(airflow: stack.Airflow) -> float:
    """The most worker slots in some reports of the pool, which count the tasks that run.

    The executor's own report, ``executor.running_tasks``, is of no use: with the LocalExecutor of Airflow 3.3 it is
    always 0, because that executor never notes what it has begun.
    """
    begin = datetime.now(UTC)
    while len(held := _reports(airflow, since=begin)) < REPORTS:
        time.sleep(0.5)
    return max(held)


def _reports(airflow: stack.Airflow, since: datetime) -> list[float]:
    metrics = airflow.metrics()
    found = metrics[(metrics["name"] == "pool.running_slots") & (metrics["time"] > since)]
    return [float(value) for value in found.value]


def _kill(pid: int) -> None:
    """Kill a part of Airflow and what it started, as a crash of the machine would."""
    leader = psutil.Process(pid)
    for process in [*leader.children(recursive=True), leader]:
        process.kill()


def _memory(pid: int) -> float:
    """Megabytes of a process and its children; what several share counts once (on macOS: what is their own)."""
    leader = psutil.Process(pid)
    found = [process.memory_full_info() for process in [leader, *leader.children(recursive=True)]]
    return float(sum(getattr(info, "pss", info.uss) for info in found)) / 2**20


def _in_state(airflow: stack.Airflow, runs: Iterable[Run], state: str) -> int:
    return int((task_instances(airflow, runs).state == state).sum())


def _succeeded(airflow: stack.Airflow, runs: Iterable[Run]) -> int:
    return _in_state(airflow, runs, "success")
