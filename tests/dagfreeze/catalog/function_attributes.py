"""Functions that carry attributes, another name, another docstring, a signature of their own."""
# expect: frozen or refused: attribute

import inspect

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def count():
    count.calls += 1
    return count.calls


count.calls = 41


def renamed(**kwargs):
    return sorted(kwargs)


renamed.__name__ = 'import os; os.system("true")'
renamed.__doc__ = "Said later"
renamed.__signature__ = inspect.Signature([inspect.Parameter("a", inspect.Parameter.POSITIONAL_OR_KEYWORD)])

with DAG("function_attributes", schedule=None):
    PythonOperator(task_id="count", python_callable=count)
    PythonOperator(task_id="renamed", python_callable=renamed, op_kwargs={"a": 1})
