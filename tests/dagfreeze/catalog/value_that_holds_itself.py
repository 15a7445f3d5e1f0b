"""A list that contains itself, as a global of a function."""
# expect: refused: ring

from airflow.sdk import DAG, task

ring: list = [1]
ring.append(ring)

with DAG("value_that_holds_itself", schedule=None):

    @task
    def look():
        return len(ring[1][1])

    look()
