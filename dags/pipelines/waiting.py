"""The DAGs that wait for jobs on a remote service: each file of dags/deferrable waits in its own way."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from airflow.sdk import DAG, BaseOperator, chain

START_DATE = datetime(2026, 1, 1, tzinfo=UTC)


class Work(NamedTuple):
    """How much there is to wait for.

    Attributes:
        jobs: how many jobs a run submits.
        seconds: how long each takes.
        poll_interval: seconds between two polls of a job.
        timeout: seconds that a job may take.
        retries: how often Airflow tries a task again.
    """

    jobs: int = 8
    seconds: float = 10.0
    poll_interval: float = 1.0
    timeout: float = 3600.0
    retries: int = 2

    @classmethod
    def next_to(cls, file: str) -> Work:
        """The settings in ``work.json`` next to a DAG file; others have their defaults.

        Raises:
            ValueError: when it names something else.
        """
        path = Path(file).with_name("work.json")
        if not path.exists():
            return cls()
        settings = json.loads(path.read_text(encoding="utf-8"))
        if unknown := settings.keys() - set(cls._fields):
            raise ValueError(
                f"{path}: unknown {', '.join(sorted(unknown))}; the fields are {', '.join(cls._fields)}"
            )
        return cls(**settings)


def waiting_dags(mode: str, work: Work, step: Callable[[int], BaseOperator]) -> dict[str, DAG]:
    """Build the two DAGs of one way to wait: ``full``, all jobs at the same time; ``incremental``, one after another.

    Args:
        mode: the way to wait; the ids begin with it.
        work: how much there is to wait for.
        step: makes the tasks of one job, given its number, and returns the last of them.

    Returns:
        The DAGs by their ids.
    """
    return {f"{mode}_{kind}": _dag(mode, kind, work, step) for kind in ("full", "incremental")}


def _dag(mode: str, kind: str, work: Work, step: Callable[[int], BaseOperator]) -> DAG:
    with DAG(
        dag_id=f"{mode}_{kind}",
        schedule=None,
        start_date=START_DATE,
        catchup=False,
        # only the worker slots shall limit how many tasks run at the same time
        max_active_tasks=1000,
        max_active_runs=100,
        default_args={"retries": work.retries, "retry_delay": 1},
        tags=["waiting", mode, kind],
    ) as dag:
        steps = [step(number) for number in range(1, work.jobs + 1)]
        if kind == "incremental":
            for earlier, later in itertools.pairwise(steps):
                chain(earlier, _first(later))
    return dag


def _first(last: BaseOperator) -> BaseOperator:
    """The task that a step begins with."""
    return next((task for task in last.upstream_list if isinstance(task, BaseOperator)), last)
