"""Has the line ends of Windows, in its texts too: Python reads them as newlines."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("file_with_crlf", schedule=None, doc_md="""one two
second line"""):

    @task
    def work(text="one two"):
        """one two"""
        return "one two", lambda: 1

    work() >> BashOperator(task_id="say", bash_command="echo one two")
