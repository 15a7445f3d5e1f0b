"""A factory that leaves out what is not wanted: the frozen files do so, too."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, get_parsing_context

for name in ("a", "b"):
    dag_id = f"parsing_context_asked_{name}"
    if get_parsing_context().dag_id in (None, dag_id):
        with DAG(dag_id, schedule=None):
            EmptyOperator(task_id="a")
