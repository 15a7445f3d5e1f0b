"""Two methods of one object: what the task notes in it, its callback reads."""
# expect: frozen

from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator

class Pipeline:
    def __init__(self, name):
        self.name = name
        self.rows = 0
    def run(self):
        self.rows = 42
        return self.rows
    def done(self, context):
        print("ROWS", self.rows)
    def build(self):
        with DAG(self.name) as dag:
            PythonOperator(task_id="t", python_callable=self.run, on_success_callback=self.done)
        return dag

for n in ("x", "y"):
    globals()[n] = Pipeline(f"identity_of_a_bound_object_{n}").build()
