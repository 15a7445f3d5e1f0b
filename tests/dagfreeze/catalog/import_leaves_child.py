"""Leaves a child process that lives on for a while and holds the streams open."""
# expect: frozen, names: sleep

import subprocess

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

subprocess.Popen(["sleep", "20"])

with DAG("import_leaves_child", schedule=None):
    EmptyOperator(task_id="nothing")
