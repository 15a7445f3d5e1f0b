"""A cached function whose dictionary was filled while the file was imported."""
# expect: refused: in its cache

from functools import cache
from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator

@cache
def registry():
    return {}

def register(name):
    def deco(f):
        registry()[name] = f.__name__
        return f
    return deco

@register("orders")
def load_orders():
    return 1

def dispatch(name):
    return registry()[name]

with DAG("filled_cache_of_a_function"):
    PythonOperator(task_id="t", python_callable=dispatch, op_args=["orders"])
