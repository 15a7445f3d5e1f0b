"""One list that an operator has twice, and what its function has as well: the frozen DAG has one, too."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Asset, BaseOperator

ROWS = []
COPIES = [1]
RAW = Asset("raw", extra={"rows": 1})


class Collect(BaseOperator):
    def __init__(self, source, target, **kwargs):
        super().__init__(**kwargs)
        self.source, self.target = source, target

    def execute(self, context):
        self.source.append(1)
        return self.target


def load(rows):
    return RAW.uri, ROWS


with DAG("identity_of_arguments", schedule=None):
    Collect(task_id="collect", source=COPIES, target=COPIES)
    PythonOperator(task_id="load", python_callable=load, op_kwargs={"rows": ROWS}, outlets=[RAW])
