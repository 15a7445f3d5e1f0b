"""Reads the environment while it is imported, in each way."""
# expect: frozen, names: CATALOG_STAGE

import os
from os import environ, getenv

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

STAGE = environ.get("CATALOG_STAGE", "test")

if "CATALOG_EXTRA" in os.environ:
    STAGE += os.environ["CATALOG_EXTRA"]

with DAG(f"reads_environment_{STAGE}", schedule=None):
    BashOperator(
        task_id="say", bash_command=f"echo {getenv('CATALOG_WORD', 'hello')}", env=dict(A=os.getenv("HOME"))
    )
