"""What the simulation of waiting is fitted to, measured on a real Airflow, and how far it can be trusted."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.measure.waiting_dags import waiting_folder
from workbook.models.waiting import Case, Overheads, simulate

if TYPE_CHECKING:
    import pandas as pd

    from workbook.stack import Airflow

CALIBRATION = (
    Case("blocking", jobs=4, seconds=2),
    Case("blocking", jobs=16, seconds=6),
    Case("deferrable", jobs=16, seconds=6),
    Case("deferrable", jobs=48, seconds=6),
    Case("from_trigger", jobs=16, seconds=6),
)
"""What to measure for `fit`: together they tell the overheads apart.

The short case is for ``run``: next to 24 seconds of jobs, what a run costs by itself is lost in the noise.
"""

HELD_OUT = (
    Case("blocking", jobs=12, seconds=10),
    Case("blocking", jobs=24, seconds=4),
    Case("deferrable", jobs=24, seconds=12),
    Case("from_trigger", jobs=40, seconds=10),
    Case("poke", jobs=8, seconds=8),
    Case("reschedule", jobs=8, seconds=10, poll_interval=5),
)
"""What to measure to see how far the simulation can be trusted; `fit` must not see it.

The rescheduled jobs end half-way between two polls. Where a job ends at the moment of a poll, a tenth of a
second decides whether it is found then or a whole interval later, in Airflow as in the simulation.
"""


def measure(airflow: Airflow, case: Case) -> float:
    """Run a case on a real Airflow that is connected to a job service, and return its makespan in seconds.

    Raises:
        RuntimeError: when the run failed.
    """
    folder = waiting_folder(
        "case", jobs=case.jobs, seconds=case.seconds, poll_interval=case.poll_interval, modes=[case.mode]
    )
    airflow.publish("waiting", folder)
    run = airflow.run(f"{case.mode}_{'incremental' if case.series else 'full'}")
    state = run.wait().state[0]
    if state != "success":
        raise RuntimeError(f"{case}: the run ended as {state}; see its logs in Airflow")
    return run.makespan()


def fit(measured: Mapping[Case, float], begin: Overheads | None = None) -> Overheads:
    """Find the overheads with which the simulation comes closest to measured makespans.

    Args:
        measured: makespans in seconds, of the cases of `CALIBRATION` for example.
        begin: where the search begins.

    Returns:
        The overheads with the least mean squared relative error.

    Raises:
        ValueError: when nothing was measured, or something that is faster than its jobs.
    """
    if not measured:
        raise ValueError("nothing was measured")
    for case, seconds in measured.items():
        if seconds < case.least_seconds:
            raise ValueError(
                f"{seconds:.2f} s were measured, but {case} takes at least {case.least_seconds:g} s"
            )

    def loss(overheads: Overheads) -> float:
        errors = [simulate(case, overheads).makespan / seconds - 1 for case, seconds in measured.items()]
        return sum(error * error for error in errors) / len(errors)

    return _descend(loss, begin or Overheads())


def compare(measured: Mapping[Case, float], overheads: Overheads) -> pd.DataFrame:
    """Simulation next to measurement.

    The columns are ``mode``, ``jobs``, ``seconds``, ``slots``, ``measured``, ``simulated`` and ``error``, which is
    relative to what was measured: 0.1 says that the simulation is 10 % too long.
    """
    import pandas as pd

    rows = []
    for case, seconds in measured.items():
        simulated = simulate(case, overheads).makespan
        rows.append(
            (case.mode, case.jobs, case.seconds, case.slots, seconds, simulated, simulated / seconds - 1)
        )
    columns = ["mode", "jobs", "seconds", "slots", "measured", "simulated", "error"]
    return pd.DataFrame(rows, columns=columns)


def _descend(loss: Callable[[Overheads], float], point: Overheads) -> Overheads:
    """Walk along one overhead at a time in steps that get smaller: four numbers need no more."""
    best, step = loss(point), 2.0
    while step > 1.005:
        before = best
        for name in ("run", "leg", "handover", "trigger"):
            for factor in (step, 1 / step):
                moved = replace(point, **{name: getattr(point, name) * factor})
                if (error := loss(moved)) < best:
                    best, point = error, moved
        if best >= before:
            step = math.sqrt(step)
    return point
