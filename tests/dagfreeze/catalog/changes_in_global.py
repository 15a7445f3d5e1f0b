"""A global that a function uses is the time of the import; Airflow does not store it."""
# expect: frozen, names: STARTED

import time

from airflow.sdk import DAG, task

STARTED = time.time_ns()

with DAG("changes_in_global", schedule=None):

    @task
    def age():
        return time.time_ns() - STARTED

    age()
