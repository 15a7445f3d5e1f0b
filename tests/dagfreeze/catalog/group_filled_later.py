"""Groups without `with`: made first and given to the tasks, which are joined outside of them."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup

with DAG("group_filled_later", schedule=None):
    load = TaskGroup("load")
    check = TaskGroup("check")
    nobody = TaskGroup("nobody")
    first = EmptyOperator(task_id="first", task_group=load)
    second = EmptyOperator(task_id="second", task_group=load)
    first >> second
    last = EmptyOperator(task_id="last", task_group=check)
    load >> last
    with check:
        more = EmptyOperator(task_id="more")
        last >> more
    end = EmptyOperator(task_id="end")
    check >> end
