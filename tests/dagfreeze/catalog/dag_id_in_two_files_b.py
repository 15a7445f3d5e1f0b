"""Defines the same DAG id as its neighbour _a: alone it is fine, built together it is refused."""
# expect: frozen
# together with dag_id_in_two_files_a.py: refused: dag_id_in_two_files

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("dag_id_in_two_files", schedule=None):
    EmptyOperator(task_id="from_b")
