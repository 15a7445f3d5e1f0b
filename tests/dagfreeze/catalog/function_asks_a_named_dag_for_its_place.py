"""A function asks the DAG for its folder by another name."""
# expect: refused: d.folder

from airflow.sdk import DAG, get_current_context, task

with DAG("function_asks_a_named_dag_for_its_place", schedule=None):

    @task
    def read():
        d = get_current_context()["dag"]
        return d.folder

    read()
