"""Measures ways to wait for remote jobs on a complete Airflow: makespans, slots held, a crash, many deferred tasks.

The functions that measure take a real Airflow, with LocalExecutor and SQLite, that is connected to a job service.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence

import psutil

from workbook import stack
from workbook.bench.figures import Figure, Figures, Measured
from workbook.measure.waiting_dags import SETTINGS, connect, waiting_folder
from workbook.models.calibration import CALIBRATION, HELD_OUT, compare, fit, measure
from workbook.models.waiting import Case
from workbook.progress import progress
from workbook.services import JobService, job_service
from workbook.stack.place import SLOTS
from workbook.stack.runs import Runs
from workbook.waits import wait_until

SMALL = {case.mode: case for case in CALIBRATION if case.jobs == 16 and case.mode != "from_trigger"}
LARGE = {mode: Case(mode, jobs=64, seconds=10, slots=SLOTS) for mode in ("blocking", "deferrable")}
ENDLESS = 3600.0
"""Seconds of a job that ends when the measurement lets it."""
REPORTS = 5
"""Of so many reports of the slots held, about a second apart, the highest counts."""
RATE_SECONDS = 10.0


def waiting() -> Measured:
    """Jobs that run elsewhere, on a complete Airflow: makespans, slots held, a killed triggerer, 512 deferred tasks."""
    try:
        airflow = stack.start({**SETTINGS, "scheduler.pool_metrics_interval": 1})
        with job_service() as service:
            connect(airflow, service)
            figures = hold_and_crash(airflow, service) | many_deferred(airflow, service)
            measured = makespans(airflow, service, [*CALIBRATION, *HELD_OUT, *LARGE.values()])
    finally:
        stack.stop()
    return makespan_figures(measured) | figures, {}


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

    The simulation is fitted to those of `CALIBRATION`; its errors are relative to those that it has not seen.
    """
    blocking, deferrable = (measured[LARGE[mode]] for mode in ("blocking", "deferrable"))
    with progress("Calibrating the simulation"):
        overheads = fit({case: measured[case] for case in CALIBRATION})
    unseen = {case: seconds for case, seconds in measured.items() if case not in CALIBRATION}
    errors = 100 * compare(unseen, overheads).error.abs()
    large, small = LARGE["blocking"], SMALL["blocking"]
    overhead = 2 * overheads.leg / large.cores
    jobs = f"{large.jobs} jobs of {large.seconds:g} s on {large.slots} worker slots"
    error = "error of the simulation in notebook 07, for run times that it was not fitted to"
    return {
        "makespan_jobs": Figure(large.jobs, "jobs", jobs, measured=False),
        "makespan_job_seconds": Figure(large.seconds, "s", jobs, measured=False),
        "makespan_slots": Figure(large.slots, "slots", jobs, measured=False),
        "makespan_blocking": Figure(
            blocking, "s", f"{jobs}, blocking ({large.least_seconds:.0f} s is the least possible)"
        ),
        "makespan_deferrable": Figure(deferrable, "s", "the same jobs, deferrable"),
        "makespan_blocking_over_deferrable": Figure(
            blocking / deferrable, "times", "the same jobs: blocking compared with deferrable"
        ),
        "makespan_overhead": Figure(
            overhead, "s", "what this machine needs for the two starts of a deferred task"
        ),
        "makespan_limit": Figure(
            2 * large.seconds + large.jobs * overhead,
            "s",
            f"upper limit for deferrable: the length of two jobs, plus the two starts for each of {large.jobs} tasks",
        ),
        "makespan_small_ratio": Figure(
            measured[small] / measured[SMALL["deferrable"]],
            "times",
            f"{small.jobs} jobs of {small.seconds:g} s on {small.slots} slots: blocking compared with deferrable",
        ),
        "simulation_error": Figure(float(errors.median()), "%", f"median {error}"),
        "simulation_error_worst": Figure(float(errors.max()), "%", f"worst {error}"),
    }


def hold_and_crash(airflow: stack.Airflow, service: JobService, jobs: int = 16) -> Figures:
    """Count the slots that are held while jobs run, blocking and deferred; then kill the triggerer of the deferred.

    Args:
        airflow: connected to ``service``.
        service: where the jobs run.
        jobs: of each run, more than there are slots.
    """
    _publish(airflow, ("blocking", "deferrable", "from_trigger"), jobs=jobs, poll_interval=1)
    how = f"worker slots held, of {SLOTS}, while jobs run elsewhere"
    with progress(f"{jobs} blocking tasks wait"):
        blocking = airflow.run("blocking_full")
        service.wait(submissions=service.submissions + SLOTS, idle=False)
        slots_blocking = Figure(
            _held_slots(airflow), "slots", f"{how}: blocking, {service.concurrent} jobs at the same time"
        )
        blocking.stop()
        service.wait()
    before, total = service.submissions, 2 * jobs
    with progress(f"{total} deferred tasks wait, and their triggerer is killed"):
        runs = airflow.run("deferrable_full", "from_trigger_full")
        _wait_deferred(service, runs, total)
        slots_deferred = Figure(
            _held_slots(airflow), "slots", f"{how}: deferred, {service.concurrent} jobs at the same time"
        )
        airflow.kill("triggerer")
        service.finish()  # every job ends, and nobody watches
        airflow.restart("triggerer")
        runs.wait()
    submitted, lost = service.submissions - before, total - _in_state(runs, "success")
    crash = f"{total} tasks wait while the triggerer is killed and restarted"
    return {
        "slots_held_blocking": slots_blocking,
        "slots_held_deferrable": slots_deferred,
        "crash_jobs": Figure(total, "jobs", crash, measured=False),
        "crash_submitted": Figure(submitted, "jobs", f"{crash}: jobs submitted in total"),
        "crash_lost": Figure(lost, "jobs", f"{crash}: jobs lost"),
    }


def many_deferred(
    airflow: stack.Airflow, service: JobService, jobs: int = 16, runs: int = 32, poll_interval: float = 5
) -> Figures:
    """Let many tasks wait at the same time on the one triggerer.

    Args:
        airflow: connected to ``service``.
        service: where the jobs run.
        jobs: tasks of one run; a trigger that starts its task brings the whole DAG along, so that many runs of a
            small DAG take less memory than one run of a DAG of so many tasks.
        runs: of that DAG.
        poll_interval: seconds between two polls of a job.
    """
    _publish(airflow, ("from_trigger",), jobs=jobs, poll_interval=poll_interval)
    total = jobs * runs
    with progress(f"{total:,} tasks wait on one triggerer"):
        waiting_runs = airflow.run("from_trigger_full", times=runs)
        _wait_deferred(service, waiting_runs, total)
        deferred = min(service.concurrent, _in_state(waiting_runs, "deferred"))
        polls, since = service.polls, time.monotonic()
        time.sleep(RATE_SECONDS)
        rate = (service.polls - polls) / (time.monotonic() - since)
        memory = _memory(airflow.pid("triggerer"))
        service.finish()
        waiting_runs.wait()
    many = f"{deferred} tasks that wait at the same time on one triggerer"
    return {
        "deferred_at_once": Figure(deferred, "tasks", "tasks that wait at the same time on one triggerer"),
        "deferred_completed": Figure(_in_state(waiting_runs, "success"), "tasks", "of these, completed"),
        "triggerer_memory": Figure(
            memory, "MB", "memory of the triggerer's processes meanwhile, with shared memory counted once"
        ),
        "triggerer_polls": Figure(rate, "per second", f"{many}: polls of the service per second"),
    }


def _publish(airflow: stack.Airflow, modes: Sequence[str], *, jobs: int, poll_interval: float) -> None:
    folder = waiting_folder(
        "bench", jobs=jobs, seconds=ENDLESS, poll_interval=poll_interval, timeout=2 * ENDLESS, modes=modes
    )
    airflow.publish("waiting", folder)


def _wait_deferred(service: JobService, runs: Runs, count: int) -> None:
    """Wait until so many tasks of runs are deferred and have their jobs at the service."""
    runs.wait_until("deferred", count)
    if not wait_until(lambda: service.concurrent >= count, 300):
        raise TimeoutError(f"{count} jobs should run; there are {service.concurrent}")


def _held_slots(airflow: stack.Airflow) -> int:
    """The most worker slots in some reports of the pool, which count the tasks that run.

    The executor's own report, ``executor.running_tasks``, is of no use: with the LocalExecutor of Airflow 3.3 it is
    always 0, because that executor never notes what it has begun.
    """
    return max(airflow.gauges("pool.running_slots")[0] for _ in range(REPORTS))


def _memory(pid: int) -> float:
    """Megabytes of a process and its children; what several share counts once (on macOS: what is their own)."""
    leader = psutil.Process(pid)
    infos = [process.memory_full_info() for process in [leader, *leader.children(recursive=True)]]
    return float(sum(getattr(info, "pss", info.uss) for info in infos)) / 2**20


def _in_state(runs: Runs, state: str) -> int:
    return int((runs.tasks().state == state).sum())
