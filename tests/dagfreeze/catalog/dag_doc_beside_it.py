"""doc_md names a file: Airflow reads it when the DAG is made."""
# expect: frozen, names: dag_doc_beside_it.md

from pathlib import Path

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("dag_doc_beside_it", schedule=None, doc_md=str(Path(__file__).with_suffix(".md"))):
    EmptyOperator(task_id="nothing")
