"""A global that is a part of another global."""
# expect: frozen

from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator

STATE = {"counts": {}}
COUNTS = STATE["counts"]

def add():
    COUNTS["rows"] = 5
    return STATE["counts"]["rows"]

with DAG("identity_of_an_alias"):
    PythonOperator(task_id="t", python_callable=add)
