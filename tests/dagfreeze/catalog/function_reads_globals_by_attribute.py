"""A function finds its helper in the globals of another function, which it asks for by a text."""
# expect: refused: __globals__

from airflow.sdk import DAG, task


def step():
    return 1


def other():
    return 2


with DAG("function_reads_globals_by_attribute", schedule=None):

    @task
    def run():
        return getattr(step, "__globals__")["other"]()

    run()
