"""A group class whose constructor keeps something that its tasks may ask for."""
# expect: refused: which has no team

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup


class Team(TaskGroup):
    def __init__(self, team, **kwargs):
        super().__init__(f"of_{team}", **kwargs)
        self.team = team


with DAG("group_class_with_an_attribute", schedule=None):
    with Team("blue"):
        EmptyOperator(task_id="a")
