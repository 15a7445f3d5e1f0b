"""An edge that only one of its two tasks knows."""
# expect: refused: upstream_task_ids

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("edges_of_one_side", schedule=None):
    a, b = (EmptyOperator(task_id=name) for name in "ab")
    a.downstream_task_ids.add("b")
