"""Has a name that begins with a digit and has a dot and a dash in it."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("file_named_with_a_digit", schedule=None, doc_md="""x
second line"""):

    @task
    def work(text="x"):
        """x"""
        return "x", lambda: 1

    work() >> BashOperator(task_id="say", bash_command="echo x")
