"""A function evaluates text that names a helper of the file."""
# expect: refused: eval

from airflow.sdk import DAG, task


def rate():
    return 1.1


with DAG("function_evaluates_text", schedule=None):

    @task
    def price(formula: str = "3 * rate()"):
        return eval(formula)

    price()
