"""What this file is about, with "quotes" and

two paragraphs; a builder that is copied along gives it to its DAG.
"""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


class Builder:
    def __init__(self, name):
        self.name = name

    def check(self):
        return self.name != ""

    def build(self):
        with DAG(f"function_reads_documentation_{self.name}", schedule=None) as dag:
            dag.doc_md = __doc__
            PythonOperator(task_id="check", python_callable=self.check)
        return dag


for name in ("one", "two"):
    globals()[name] = Builder(name).build()
