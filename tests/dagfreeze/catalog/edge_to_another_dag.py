"""An edge to a task that only another DAG has, put in by hand."""
# expect: refused: upstream_task_ids

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("edge_to_another_dag_source", schedule=None):
    made = BashOperator(task_id="made", bash_command="echo 1")

with DAG("edge_to_another_dag", schedule=None):
    take = BashOperator(task_id="take", bash_command="echo")
    take.upstream_task_ids.add(made.task_id)
