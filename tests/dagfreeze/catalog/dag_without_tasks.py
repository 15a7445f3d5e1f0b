"""DAGs without tasks: one with a docstring only, one with an empty task group."""
# expect: frozen

from airflow.sdk import DAG, TaskGroup

empty = DAG("dag_without_tasks", schedule="@once", doc_md="Nothing to do.")

with DAG("dag_without_tasks_but_a_group", schedule=None):
    TaskGroup("nothing_inside", tooltip="really")
