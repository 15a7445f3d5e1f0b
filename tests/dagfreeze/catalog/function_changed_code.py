"""A function whose code was exchanged after it was made: its source says something else than it does."""
# expect: refused: a constant is 3

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def says_one():
    return 1


def says_two():
    return 2


says_one.__code__ = says_one.__code__.replace(co_consts=(None, 3))

with DAG("function_changed_code", schedule=None):
    PythonOperator(task_id="what", python_callable=says_one)
    PythonOperator(task_id="two", python_callable=says_two)
