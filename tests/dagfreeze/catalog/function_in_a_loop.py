# expect: frozen
"""A loop defines the functions of each DAG again: some are the same each time, some keep a value of the loop."""

from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, task

LIMIT = 5
TABLES = ["a", "b"]


def load(limit=LIMIT, *, tables=TABLES, since=datetime(2026, 1, 1)):
    return limit, tables, since


for name in ("a", "b", "c"):
    with DAG(f"function_in_a_loop_{name}", schedule=None):

        def count(limit=LIMIT):
            return limit

        def told(name=name, limit=LIMIT):
            return name, limit

        @task(retries=3)
        def double(x, by=2):
            return x * by

        @task(task_id=f"say_{name}")
        def say(x):
            return x

        PythonOperator(task_id="load", python_callable=load)
        PythonOperator(task_id="count", python_callable=count)
        PythonOperator(task_id="told", python_callable=told)
        say(double(LIMIT))
