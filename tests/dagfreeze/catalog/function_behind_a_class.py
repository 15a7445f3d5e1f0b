"""A decorator that is a class, and notes of which function it is the wrapper."""
# expect: frozen

import functools

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


class Twice:
    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function

    def __call__(self, *args, **kwargs):
        return [self.function(*args, **kwargs) for _ in range(2)]


def make(name):
    @Twice
    def load():
        return name

    return load


with DAG("function_behind_a_class", schedule=None):
    PythonOperator(task_id="load", python_callable=make("orders"))
