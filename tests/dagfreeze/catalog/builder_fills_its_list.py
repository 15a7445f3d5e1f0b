"""A builder whose list grows after its constructor: no call of the constructor makes it again."""
# expect: refused: Pipeline(…) gives tasks another value

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


class Pipeline:
    def __init__(self, name):
        self.name = name
        self.tasks = []

    def run(self):
        return self.name

    def build(self):
        with DAG(f"fills_{self.name}", schedule=None) as dag:
            self.tasks.append(PythonOperator(task_id="run", python_callable=self.run))
        return dag


for name in ["a", "b"]:
    globals()[name] = Pipeline(name).build()
