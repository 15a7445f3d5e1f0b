"""Annotations that a task evaluates, beside a function of Airflow whose own annotations are texts."""
# expect: frozen

from airflow.sdk import DAG, task


class Row:
    number: int
    share: float


with DAG("annotations_evaluated", schedule=None):

    @task.run_if(lambda context: True)
    @task
    def first():
        return 1

    @task
    def convert():
        raw = {"number": "3", "share": "0.5"}
        return {name: kind(raw[name]) for name, kind in Row.__annotations__.items()}

    first() >> convert()
