"""A cached property whose list was filled while the file was imported."""
# expect: refused: in its cached property steps

from functools import cached_property
from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator

class Pipeline:
    def __init__(self, name):
        self.name = name
    @cached_property
    def steps(self):
        return []
    def step(self, f):
        self.steps.append(f.__name__)
        return f
    def run(self):
        return list(self.steps)

p = Pipeline("g")
@p.step
def clean(): ...

with DAG("filled_cached_property"):
    PythonOperator(task_id="t", python_callable=p.run)
