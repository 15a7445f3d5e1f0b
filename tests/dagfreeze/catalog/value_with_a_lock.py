"""A lock, a thread-local and an open file as globals of a task's function."""
# expect: frozen or refused: lock

import threading

from airflow.sdk import DAG, task

LOCK = threading.Lock()

with DAG("value_with_a_lock", schedule=None):

    @task
    def alone():
        with LOCK:
            return 1

    alone()
