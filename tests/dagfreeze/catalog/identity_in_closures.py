"""Two functions over one dictionary of the function that made them, in one task."""
# expect: frozen

from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator

def instrumented(name):
    seen = {}
    def before(context):
        seen["start"] = name
    def run():
        return seen["start"]
    return before, run

for n in ("x", "y"):
    before, run = instrumented(n)
    with DAG(f"identity_in_closures_{n}"):
        PythonOperator(task_id="t", python_callable=run, pre_execute=before)
