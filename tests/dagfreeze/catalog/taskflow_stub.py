"""A task whose work another language does."""
# expect: frozen

from airflow.sdk import DAG, task

with DAG("taskflow_stub", schedule=None):

    @task.stub(queue="golang")
    def extract(): ...

    @task
    def load(rows):
        return rows

    load(extract())
