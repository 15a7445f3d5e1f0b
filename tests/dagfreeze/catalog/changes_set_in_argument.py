"""Sets in arguments: their order changes, their contents do not. Nothing here has changed."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

WORDS = {"alpha", "beta", "gamma", "delta", "epsilon"}

with DAG("changes_set_in_argument", schedule=None, tags=WORDS):
    PythonOperator(
        task_id="say", python_callable=print, op_kwargs={"words": frozenset(WORDS)}, op_args=[WORDS]
    )
