"""One file defines a DAG id twice, with other tasks: Airflow takes either."""
# expect: import error

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("dag_id_twice", schedule=None):
    EmptyOperator(task_id="one")

with DAG("dag_id_twice", schedule=None):
    EmptyOperator(task_id="two")
