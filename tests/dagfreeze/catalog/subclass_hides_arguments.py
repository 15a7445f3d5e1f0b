"""A subclass makes its base's arguments from nothing: the call said only a task_id."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def greet(name: str) -> None:
    print(f"Good morning, {name}")


class Greeting(PythonOperator):
    def __init__(self, task_id, **kwargs):
        super().__init__(
            task_id=task_id, python_callable=greet, op_kwargs={"name": task_id.title()}, **kwargs
        )


with DAG("subclass_hides_arguments", schedule=None):
    Greeting(task_id="ada") >> Greeting(task_id="grace", retries=2)
