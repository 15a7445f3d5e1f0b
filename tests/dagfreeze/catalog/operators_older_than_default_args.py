"""A task that is made before its DAG does not get the DAG's default_args; a frozen one would."""
# expect: refused: older than its DAG

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

first = EmptyOperator(task_id="first")
dag = DAG("operators_older_than_default_args", schedule=None, default_args={"retries": 2})
first.dag = dag
