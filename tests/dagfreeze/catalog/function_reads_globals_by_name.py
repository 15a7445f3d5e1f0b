"""A function finds its helper by name, in globals(): nothing in it says so that a reader of code could see."""
# expect: refused: globals

from airflow.sdk import DAG, task


def step_one():
    return 1


def step_two():
    return 2


with DAG("function_reads_globals_by_name", schedule=None):

    @task
    def run(name: str = "one"):
        return globals()[f"step_{name}"]()

    run() >> run("two")
