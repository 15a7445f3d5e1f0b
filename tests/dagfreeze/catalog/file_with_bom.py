"""Begins with a byte order mark."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("file_with_bom", schedule=None, doc_md="""Größe €
second line"""):

    @task
    def work(text="Größe €"):
        """Größe €"""
        return "Größe €", lambda: 1

    work() >> BashOperator(task_id="say", bash_command="echo Größe €")
