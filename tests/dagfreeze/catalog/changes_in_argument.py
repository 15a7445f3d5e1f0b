"""An argument with a new UUID at each import, one with the process id, one with the host's name."""
# expect: frozen, names: op_kwargs

import os
import platform
import uuid

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

with DAG("changes_in_argument", schedule=None):
    PythonOperator(task_id="fresh", python_callable=print, op_kwargs={"sep": str(uuid.uuid4())})
    PythonOperator(task_id="pid", python_callable=print, op_args=[os.getpid()])
    PythonOperator(task_id="host", python_callable=print, op_args=[platform.node()])
