"""Ends without a newline, in a comment, after a line that goes on."""
# expect: frozen

from airflow.sdk import DAG, task

with DAG("file_without_end", schedule=None):
    task(task_id="one")(lambda: \
        1)()  # the end