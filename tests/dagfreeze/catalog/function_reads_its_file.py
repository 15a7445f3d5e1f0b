"""A task reads a file beside `__file__`: in another folder it would look elsewhere."""
# expect: refused: __file__

from pathlib import Path

from airflow.sdk import DAG, task

with DAG("function_reads_its_file", schedule=None):

    @task
    def read():
        return (Path(__file__).parent / "dag_doc_beside_it.md").read_text()

    read()
