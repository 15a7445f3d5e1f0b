"""Functions that each DAG of a loop or of a `with` block defines by one name, each another one."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, task
from helpers.loading import timed

for name in ("a", "b"):
    with DAG(f"function_of_each_dag_{name}", schedule=None):

        @task
        def extract():
            return [1, 2, 3]

        @task
        def load(rows, target=name):
            return target, rows

        @task(retries=2)
        @timed
        def count(rows):
            return len(rows)

        def check(limit=name):
            return limit

        count(load(extract()))
        PythonOperator(task_id="check", python_callable=check)

with DAG("function_of_each_dag_c", schedule=None):

    @task
    def report():
        return 1

    report()

with DAG("function_of_each_dag_d", schedule=None):

    @task
    def report():
        return 2

    report()


def used():
    return helped()


for name in ("e", "f"):
    with DAG(f"function_of_each_dag_{name}", schedule=None):

        def helped(by=name):
            return by

        PythonOperator(task_id="helped", python_callable=helped)
        PythonOperator(task_id="used", python_callable=used)
