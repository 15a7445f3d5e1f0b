"""Starts a command at import, and makes tasks from what it prints."""
# expect: frozen, names: printf

import subprocess

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

names = subprocess.run(["printf", "one two"], capture_output=True, text=True, check=True).stdout.split()

with DAG("reads_by_a_command", schedule=None):
    for name in names:
        EmptyOperator(task_id=name)
