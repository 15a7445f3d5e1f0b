"""A factory that leaves out what is not wanted, and a task that keeps what was wanted."""
# expect: refused: it is another DAG when one of its tasks starts

from airflow.sdk import DAG, get_parsing_context, task

WANTED = get_parsing_context().dag_id

for name in ("a", "b"):
    if WANTED in (None, f"parsing_context_kept_{name}"):
        with DAG(f"parsing_context_kept_{name}", schedule=None):

            @task
            def say():
                return WANTED

            say()
