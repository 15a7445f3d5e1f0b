"""A function that text was made into: there is no source to copy."""
# expect: refused: source

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

names: dict = {}
exec("def made(n=3):\n    return n + 1\n", names)

with DAG("function_made_by_exec", schedule=None):
    PythonOperator(task_id="made", python_callable=names["made"])
