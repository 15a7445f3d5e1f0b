"""Methods bound to plain values and to a logger, and a class method of a builtin."""
# expect: frozen

import logging

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

with DAG("callable_bound_to_values", schedule=None):
    PythonOperator(task_id="seven", python_callable=logging.getLogger("seven").info, op_args=["hello"])
    PythonOperator(task_id="eight", python_callable="{} {}".format, op_args=[1, 2])
    PythonOperator(task_id="nine", python_callable=dict.fromkeys, op_args=["ab"])
