"""A global is the module of the file itself, from which a function gets others by computed names."""
# expect: refused: looks names up in the module of its own file

import sys

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

THIS = sys.modules[__name__]


def load_orders():
    return "orders"


def run(table):
    return getattr(THIS, f"load_{table}")()


with DAG("function_looks_at_its_module_by_a_global", schedule=None):
    PythonOperator(task_id="run", python_callable=run, op_args=["orders"])
