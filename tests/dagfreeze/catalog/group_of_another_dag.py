"""A task of one DAG, in the task group of another."""
# expect: refused: lent

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup

with DAG("group_of_another_dag_owner", schedule=None), TaskGroup("lent") as lent:
    EmptyOperator(task_id="own")

with DAG("group_of_another_dag", schedule=None):
    EmptyOperator(task_id="guest", task_group=lent)
