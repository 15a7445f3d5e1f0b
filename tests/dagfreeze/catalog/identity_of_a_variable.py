"""Two functions over one variable that one of them sets, in one task: a frozen file would make two variables."""
# expect: refused: one object, written as several

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def counter():
    total = 0

    def run():
        nonlocal total
        total += 1

    def done(context):
        print(total)

    return run, done


run, done = counter()

with DAG("identity_of_a_variable", schedule=None):
    PythonOperator(task_id="t", python_callable=run, on_success_callback=done)
