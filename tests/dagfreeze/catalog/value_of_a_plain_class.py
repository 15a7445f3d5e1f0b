"""Arguments that are objects of a class of the file: nothing tells how they were made."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


class Place:
    def __init__(self, name):
        self.name = name


def use(place, **more):
    return place.name


with DAG("value_of_a_plain_class", schedule=None):
    PythonOperator(
        task_id="use",
        python_callable=use,
        op_args=[Place("here")],
        op_kwargs={"deep": [{"x": Place("there")}]},
    )
