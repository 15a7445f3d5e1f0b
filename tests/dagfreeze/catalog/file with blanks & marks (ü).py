"""Has a name that shells, addresses and imports trip over."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("file_with_an_odd_name", schedule=None, doc_md="""x
second line"""):

    @task
    def work(text="x"):
        """x"""
        return "x", lambda: 1

    work() >> BashOperator(task_id="say", bash_command="echo x")
