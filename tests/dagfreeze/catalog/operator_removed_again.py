"""A task that the file makes and takes out of the DAG again."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("operator_removed_again", schedule=None) as dag:
    stay = EmptyOperator(task_id="stay")
    go = EmptyOperator(task_id="go")
    dag.task_dict.pop("go")
    dag.task_group.children.pop("go")
