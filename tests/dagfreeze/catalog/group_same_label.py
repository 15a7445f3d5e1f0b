"""Groups and tasks of one label: Airflow adds a number where it is asked to."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup, task, task_group

with DAG("group_same_label", schedule=None):

    @task
    def work():
        return 1

    @task_group
    def part():
        return work()

    for _ in range(3):
        part()
        work()

    for _ in range(2):
        with TaskGroup("suffixed", add_suffix_on_collision=True):
            EmptyOperator(task_id="same")
