"""Poke: submitting takes a moment, but the sensor holds its slot until the job has finished."""

from airflow.sdk import BaseOperator

from pipelines.remote import RemoteJobOperator, RemoteJobSensor
from pipelines.waiting import Work, waiting_dags

WORK = Work.next_to(__file__)


def step(number: int) -> BaseOperator:
    submit = RemoteJobOperator(
        task_id=f"submit_{number}",
        job_name=f"step {number}",
        seconds=WORK.seconds,
        wait_for_completion=False,
    )
    return RemoteJobSensor(
        task_id=f"step_{number}",
        job_id=submit.output,
        mode="poke",
        poke_interval=WORK.poll_interval,
        timeout=WORK.timeout,
    )


globals().update(waiting_dags("poke", WORK, step))
