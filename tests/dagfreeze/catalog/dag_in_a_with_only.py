"""`with DAG` without a name, in a function: it is registered by the block itself."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG


def build(number: int) -> None:
    with DAG(f"dag_in_a_with_only_{number}", schedule=None):
        EmptyOperator(task_id="start") >> EmptyOperator(task_id="end")


for number in range(3):
    build(number)

with DAG("dag_in_a_with_only_unseen", schedule=None, auto_register=False):
    EmptyOperator(task_id="nobody_sees_this")
