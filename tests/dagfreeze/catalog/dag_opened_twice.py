"""Two `with` blocks of the same DAG, and one DAG's block inside another's."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

outer = DAG("dag_opened_twice_outer", schedule=None)
with outer:
    first = EmptyOperator(task_id="first")
    with DAG("dag_opened_twice_inner", schedule=None) as inner:
        EmptyOperator(task_id="first")
    second = EmptyOperator(task_id="second")
with outer:
    first >> second >> EmptyOperator(task_id="third")
