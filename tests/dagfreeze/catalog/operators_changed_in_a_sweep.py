"""After the DAG is made, a loop goes over its tasks and groups and changes what it finds."""
# expect: frozen

from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, TaskGroup, task

with DAG("operators_changed_in_a_sweep", schedule=None, default_args={"retries": 1}) as dag:
    with TaskGroup("group") as group:
        BashOperator(task_id="one", bash_command="echo 1") >> BashOperator(
            task_id="two", bash_command="echo 2"
        )

    @task
    def three(n):
        return n

    three(3) >> group

for each in dag.tasks:
    each.retries += len(each.upstream_task_ids)
    each.execution_timeout = timedelta(minutes=each.retries)
    each.doc_md = f"`{each.task_id}` by {type(each).__name__}"
    if hasattr(each, "bash_command"):
        each.bash_command = f"nice {each.bash_command}"
group.tooltip = "set later"
dag.get_task("three").op_args = [4]
dag.get_task("group.two").template_fields = ("env",)
