"""Decorators that put an attribute on a function and return it."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def step(order):
    def mark(function):
        function.order = order
        return function

    return mark


@step(1)
def load():
    return load.order


with DAG("function_marked_by_decorators", schedule=None):
    PythonOperator(task_id="load", python_callable=load)
