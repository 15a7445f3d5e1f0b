"""Has form feeds between its parts, and other characters that some take for line ends."""
# expect: frozen


from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("file_with_form_feeds", schedule=None, doc_md="""abcd ef
second line"""):

    @task
    def work(text="abcd ef"):
        """abcd ef"""
        return "abcd ef", lambda: 1

    work() >> BashOperator(task_id="say", bash_command="echo abcd ef")
