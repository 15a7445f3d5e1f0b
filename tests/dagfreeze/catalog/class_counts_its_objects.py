"""A class of the file keeps a list of its objects, which each of them lengthens."""
# expect: refused: attribute made

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


class Job:
    made = []

    def __init__(self, name):
        self.name = name
        Job.made.append(name)

    def run(self):
        return list(Job.made)


for name in ("a", "b"):
    with DAG(f"class_counts_its_objects_{name}", schedule=None):
        PythonOperator(task_id="run", python_callable=Job(name).run)
