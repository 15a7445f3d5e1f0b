"""A name that annotations look up, and that means something else later: the last is all that a copy can have."""
# expect: refused: annotation of share

from airflow.sdk import DAG, task

Number = float


class Row:
    share: Number


Number = int

with DAG("annotations_of_a_name_that_changes", schedule=None):

    @task
    def convert():
        return Row.__annotations__["share"]("0.5")

    convert()
