"""Starts threads that do not end, one of them no daemon, and a timer."""
# expect: frozen

import threading

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

never = threading.Event()
threading.Thread(target=never.wait, daemon=True, name="endless").start()
threading.Thread(target=never.wait, args=(600,), name="stays").start()
threading.Timer(600, print, ["too late"]).start()

with DAG("import_starts_thread", schedule=None):
    EmptyOperator(task_id="nothing")
