"""Deferrable: a task submits its job, then waits in the triggerer, and holds no worker slot while it waits."""

from airflow.sdk import BaseOperator

from pipelines.remote import RemoteJobOperator
from pipelines.waiting import Work, waiting_dags

WORK = Work.next_to(__file__)


def step(number: int) -> BaseOperator:
    return RemoteJobOperator(
        task_id=f"step_{number}",
        job_name=f"step {number}",
        seconds=WORK.seconds,
        poll_interval=WORK.poll_interval,
        timeout=WORK.timeout,
        deferrable=True,
    )


globals().update(waiting_dags("deferrable", WORK, step))
