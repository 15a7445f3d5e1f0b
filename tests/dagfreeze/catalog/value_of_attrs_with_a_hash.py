"""attrs writes a number of its own into the hash of each class, another one in each process."""
# expect: frozen

import attrs
from airflow.sdk import DAG, task


@attrs.frozen
class Point:
    x: int
    y: int = 0


ORIGIN = Point(1)

with DAG("value_of_attrs_with_a_hash", schedule=None):

    @task
    def ask():
        return ORIGIN.x

    ask()
