"""Functions that use the file's DAG, tasks and task functions as globals; the second DAG takes the same names."""
# expect: frozen or refused: dag

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task


def build(number):
    with DAG(f"function_uses_its_dag_{number}", schedule=None, tags=[f"n{number}"]) as dag:
        first = BashOperator(task_id="first", bash_command=f"echo {number}")

        @task
        def look():
            return dag.dag_id, sorted(dag.tags), first.task_id, first.bash_command

        @task
        def call():
            return look.function()

        first >> look() >> call()


build(1)
build(2)
