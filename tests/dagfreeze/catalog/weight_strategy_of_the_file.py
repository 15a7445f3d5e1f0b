"""A weight strategy that is a class of the file: no plugin registers it, so Airflow cannot store it."""
# expect: refused: weight

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG
from airflow.task.priority_strategy import PriorityWeightStrategy


class Heavy(PriorityWeightStrategy):
    def get_weight(self, ti):
        return 100


with DAG("weight_strategy_of_the_file", schedule=None):
    EmptyOperator(task_id="heavy", weight_rule=Heavy())
