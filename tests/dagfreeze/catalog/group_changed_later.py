"""Groups opened again, edges between groups and lists in both ways, a group's task used outside."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup

with DAG("group_changed_later", schedule=None) as dag:
    left, right = TaskGroup("left", tooltip="l"), TaskGroup("right", parent_group=None)
    with left:
        one = EmptyOperator(task_id="one")
        middle = TaskGroup("middle")
    inside = EmptyOperator(task_id="inside", task_group=middle)
    alone = EmptyOperator(task_id="alone")
    left >> right
    with right:
        EmptyOperator(task_id="later") >> EmptyOperator(task_id="latest")
    right << alone
    [one, inside] >> alone
    right >> EmptyOperator(task_id="right.end")
    left.tooltip = "changed"
