"""Has bidirectional marks in its comments and texts, so that it reads otherwise than it runs."""
# expect: frozen
# ‮⁦ comment ⁩⁦

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("file_with_bidi_marks", schedule=None, doc_md="""‮abc⁦def⁩
second line"""):

    @task
    def work(text="‮abc⁦def⁩"):
        """‮abc⁦def⁩"""
        return "‮abc⁦def⁩", lambda: 1

    work() >> BashOperator(task_id="say", bash_command="echo ‮abc⁦def⁩")
