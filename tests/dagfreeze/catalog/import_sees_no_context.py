"""Takes the parsing context for itself, as a guarded file does; without one it makes all its DAGs."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, get_parsing_context

wanted = get_parsing_context().dag_id

for name in ("a", "b", "c"):
    if wanted in (None, f"import_sees_no_context_{name}"):
        with DAG(f"import_sees_no_context_{name}", schedule=None):
            EmptyOperator(task_id="nothing")
