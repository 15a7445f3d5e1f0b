"""Act 3, a sensor that is rescheduled: a slot for each question, none in between, and a new process every time."""

from airflow.sdk import BaseOperator

from pipelines.remote import RemoteJobOperator, RemoteJobSensor
from pipelines.waiting import Work, waiting_dags

WORK = Work.beside(__file__)


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
        # Every question is a new process. Airflow 3.3 also fails a task that comes back within a second or two of
        # leaving its slot: the executor's late report of the leaving then meets a task that is queued again.
        poke_interval=max(5, WORK.poll_interval),
        timeout=WORK.timeout,
    )


globals().update(waiting_dags("reschedule", WORK, step))
