"""A class of the file builds DAGs with names of Airflow from where they were before Airflow 3."""
# expect: frozen

from airflow import DAG
from airflow.providers.standard.operators.python import PythonOperator


class Job:
    def __init__(self, number):
        self.number = number

    def run(self):
        return self.number

    def build(self):
        with DAG(f"class_builds_dags_by_old_imports_{self.number}", schedule=None) as dag:
            PythonOperator(task_id="run", python_callable=self.run)
        return dag


for number in range(2):
    globals()[f"job_{number}"] = Job(number).build()
