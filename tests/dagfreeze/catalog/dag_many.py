"""Seventy small DAGs in one file: more than a shard holds."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

for number in range(70):
    with DAG(
        f"dag_many_{number:02}",
        schedule="@daily" if number % 2 else None,
        tags=["many", f"tens {number // 10}"],
    ):
        BashOperator(task_id="one", bash_command=f"echo {number}") >> BashOperator(
            task_id="two", bash_command="true"
        )
