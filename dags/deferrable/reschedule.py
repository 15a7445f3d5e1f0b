"""Reschedule: a sensor takes a slot for each poll and none in between, and each poll is a new process."""

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
        mode="reschedule",
        # Each poll is a new process. Airflow 3.3 also fails a task that returns within a second or two of leaving
        # its slot: the executor's late report that the task has left then finds it queued again.
        poke_interval=max(5, WORK.poll_interval),
        timeout=WORK.timeout,
    )


globals().update(waiting_dags("reschedule", WORK, step))
