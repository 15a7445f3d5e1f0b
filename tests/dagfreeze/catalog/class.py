"""Has a keyword as its name: nobody can import it by name, Airflow can."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("file_named_class", schedule=None, doc_md="""x
second line"""):

    @task
    def work(text="x"):
        """x"""
        return "x", lambda: 1

    work() >> BashOperator(task_id="say", bash_command="echo x")
