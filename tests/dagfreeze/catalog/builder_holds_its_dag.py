"""A builder whose task asks the DAG that the builder holds: another object would hold another DAG."""
# expect: refused: is its DAG itself

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


class Pipe:
    def __init__(self, name):
        self.name = name
        self.dag = DAG(f"own_{name}", schedule=None)

    def run(self):
        return self.name, self.dag.task_ids

    def build(self):
        PythonOperator(task_id="t", python_callable=self.run, dag=self.dag)
        return self.dag


for letter in "ab":
    globals()[letter] = Pipe(letter).build()
