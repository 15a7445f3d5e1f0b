"""A class that gives each object a number: the same calls in another order would give other numbers."""
# expect: refused: its class, attribute numbers

from itertools import count

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG


class Numbered(BashOperator):
    numbers = count(1)

    def __init__(self, **kwargs):
        self.number = next(self.numbers)
        super().__init__(bash_command=f"echo number {self.number}", **kwargs)


for dag_id in ("operator_constructor_counts_a", "operator_constructor_counts_b"):
    with DAG(dag_id, schedule=None):
        Numbered(task_id="one") >> Numbered(task_id="two")
