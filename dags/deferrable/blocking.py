"""Blocking: a task holds its worker slot for as long as its job runs elsewhere."""

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
        deferrable=False,
    )


globals().update(waiting_dags("blocking", WORK, step))
