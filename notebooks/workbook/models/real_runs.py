"""A case of the simulation on the real Airflow: what the simulation is fitted to, and held against."""

from __future__ import annotations

from workbook.models.waiting import Case
from workbook.stack import Airflow
from workbook.stack.runs import finish, makespan, storm, waiting_folder
from workbook.workspace import lesson_folder


def measure(airflow: Airflow, case: Case) -> float:
    """Run a case of the simulation on the real Airflow, connected to a job service, and return its makespan.

    Raises:
        RuntimeError: when the run failed.
    """
    folder = waiting_folder(
        lesson_folder("waiting-case"),
        jobs=case.jobs,
        seconds=case.seconds,
        poll_interval=case.poll_interval,
        modes=[case.mode],
    )
    airflow.publish("waiting", folder)
    kind = "incremental" if case.series else "full"
    finished = finish(airflow, storm(airflow, [f"{case.mode}_{kind}"]))
    if set(finished.state) != {"success"}:
        raise RuntimeError(f"{case}: the run ended as {', '.join(finished.state)}; see its logs in Airflow")
    return makespan(finished)
