"""Three tasks in a circle."""
# expect: import error

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("dag_with_a_cycle", schedule=None):
    a, b, c = (EmptyOperator(task_id=name) for name in "abc")
    a >> b >> c >> a
