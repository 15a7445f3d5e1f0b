"""Functions that a function of the DAG file makes for each task, and others that it makes once for several tasks."""
# expect: frozen

import functools
import os

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

FOLDERS = {"raw": "in"}


def make_step(name, rows, folders=FOLDERS, *, retries=3):
    """A step of a pipeline."""

    def step(**context):
        return name, rows, os.path.join(folders["raw"], context["ds"]), retries

    return step


def notifier(channel):
    return lambda context: print(channel, context["ti"])


def timed(function):
    @functools.wraps(function)
    def inner(*args):
        return function(*args)

    return inner


def counted(rows):
    made.append(rows)  # more than making a function

    def step():
        return rows

    return step


made = []

for country in ("de", "fr"):
    with DAG(f"function_made_for_each_task_{country}", schedule=None):
        for number in range(2):
            PythonOperator(
                task_id=f"step_{number}",
                python_callable=make_step(f"{country}{number}", number * 10),
                on_failure_callback=notifier(f"#{country}"),
            )
        shared = make_step(country, 5, retries=4)
        PythonOperator(task_id="one", python_callable=shared)
        PythonOperator(task_id="other", python_callable=shared)
        PythonOperator(task_id="timed", python_callable=timed(make_step("timed", 1, {"raw": country})))
        PythonOperator(task_id="counted", python_callable=counted(len(country)))
