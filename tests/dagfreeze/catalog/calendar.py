"""Has the name of a module of the standard library; it must not hide that one (Airflow puts the bundle last)."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("file_named_calendar", schedule=None, doc_md="""x
second line"""):

    @task
    def work(text="x"):
        """x"""
        return "x", lambda: 1

    work() >> BashOperator(task_id="say", bash_command="echo x")
