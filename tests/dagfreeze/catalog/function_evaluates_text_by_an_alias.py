"""A function evaluates text by another name."""
# expect: refused: eval

from airflow.sdk import DAG, task

FACTOR = 3
calculate = eval

with DAG("function_evaluates_text_by_an_alias", schedule=None):

    @task
    def price():
        return calculate("FACTOR * 2")

    price()
