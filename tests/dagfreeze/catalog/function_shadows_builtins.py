"""Globals of the file that have a builtin's name, and a global that is gone again."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

max = min
id = "not the builtin"
gone = "soon"


def list(*things):
    return [*things, max(1, 2), id]


def late():
    return gone


del gone

with DAG("function_shadows_builtins", schedule=None) as dict:
    PythonOperator(task_id="list", python_callable=list)
    PythonOperator(task_id="late", python_callable=late)
