"""A function asks the DAG in which folder its file is."""
# expect: refused: dag.folder

from pathlib import Path

from airflow.sdk import DAG, task

with DAG("function_asks_dag_for_its_place", schedule=None):

    @task
    def read(dag=None):
        return (Path(dag.folder) / "data.txt").read_text()

    read()
