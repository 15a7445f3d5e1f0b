"""A dictionary that is a default value of one function and a global of another, its assignment with an annotation."""
# expect: frozen

from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator

CACHE: dict = {}

def remember(key, cache=CACHE):
    cache[key] = key.upper()

def work():
    remember("a")
    return CACHE["a"]

with DAG("identity_of_a_cache"):
    PythonOperator(task_id="t", python_callable=work)
