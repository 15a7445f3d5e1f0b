"""Handlers that run when the process ends: one prints, one fails, one ends it with another status."""
# expect: frozen

import atexit
import os

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

atexit.register(os._exit, 7)
atexit.register(print, "the end")
atexit.register(lambda: 1 / 0)

with DAG("import_registers_exit", schedule=None):
    EmptyOperator(task_id="nothing")
