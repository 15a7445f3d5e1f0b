"""A mark for "not set" that is a default value and a global, its assignment with an annotation."""
# expect: frozen

from typing import Final
from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator

class Unset:
    pass

UNSET: Final = Unset()

def run(limit=UNSET):
    return "no limit" if limit is UNSET else f"limit {limit}"

with DAG("identity_of_a_default"):
    PythonOperator(task_id="t", python_callable=run)
